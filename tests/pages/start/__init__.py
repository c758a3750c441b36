"""Tests of pages/start/."""
