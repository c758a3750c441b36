"""Tests of lib/texts/."""
