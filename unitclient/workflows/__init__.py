"""One module for each thing a clerk does."""
