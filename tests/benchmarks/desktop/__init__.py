"""The desktop's goals, measured: `python -m tests.benchmarks.desktop`."""
