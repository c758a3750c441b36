"""Tests of lib/measures/."""
