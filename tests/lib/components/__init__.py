"""Tests of lib/components/."""
