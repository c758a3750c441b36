"""Tests of pages/meet/."""
