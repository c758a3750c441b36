"""The tests, and the benchmark that runs as ``python -m tests.benchmark``."""
