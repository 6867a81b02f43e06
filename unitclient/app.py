"""The composition root: builds store, keys, client and hands them to a front end."""
