"""Tests of pages/look/."""
