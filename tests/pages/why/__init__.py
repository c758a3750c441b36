"""Tests of pages/why/."""
