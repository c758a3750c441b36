"""Numbers computed from readings; pure NumPy."""
