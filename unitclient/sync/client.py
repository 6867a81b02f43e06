"""The HTTP client of one centre."""
