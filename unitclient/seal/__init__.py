"""Signed containers and signed documents: build, sign, verify. Knows bytes and certificates, no key hardware."""
