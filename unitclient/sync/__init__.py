"""The other end of the wire: messages, HTTP client, engine."""
