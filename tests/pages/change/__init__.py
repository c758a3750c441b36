"""Tests of pages/change/."""
