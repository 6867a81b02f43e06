"""Tables that came with schema 4: roles of certificates, and codes for a change without the old key."""

from __future__ import annotations

CERTIFICATES = """
CREATE TABLE certificate_role (          -- a certificate without a row is a chief one
    sha256 TEXT PRIMARY KEY REFERENCES certificate,
    role TEXT NOT NULL
) STRICT;

CREATE TABLE change_code (               -- given out by the desk, good once
    code_sha256 TEXT PRIMARY KEY,
    unit_number TEXT NOT NULL REFERENCES unit,
    certificate_sha256 TEXT NOT NULL REFERENCES certificate,
    expires_at TEXT NOT NULL
) STRICT;
"""
