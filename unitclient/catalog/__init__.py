"""The business forms and policy packages as data, checked at load."""
