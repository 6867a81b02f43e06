"""国密 primitives against the standard's own figures and against openssl's command line."""
