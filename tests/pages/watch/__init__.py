"""Tests of pages/watch/."""
