"""Attacks that were tried by hand: each is a test, named in docs/security.md."""
