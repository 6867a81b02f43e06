"""A person's day with the running program, story by story."""
