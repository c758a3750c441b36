"""Tests of pages/use/."""
