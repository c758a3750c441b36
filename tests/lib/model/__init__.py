"""Tests of lib/model/."""
