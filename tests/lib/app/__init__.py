"""Tests of lib/app/."""
