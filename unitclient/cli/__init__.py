"""unitclient on the command line."""
