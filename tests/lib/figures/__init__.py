"""Tests of lib/figures/."""
