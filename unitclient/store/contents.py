"""What a database holds, as counts and hashes per table: how a backup proves that it can be restored."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class TableContent:
    """One table: its rows, and the SHA-256 over all of them in the order of the primary key."""

    rows: int
    sha256: str


def contents(connection: Any) -> dict[str, TableContent]:
    """{table: content} of a database; call it inside one transaction, so that it is of one moment."""
    query = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
    return {name: _content(connection, name) for (name,) in connection.execute(query).fetchall()}


def _content(connection: Any, table: str) -> TableContent:
    columns = connection.execute(f"PRAGMA table_info({table})").fetchall()
    key = ", ".join(column[1] for column in sorted(columns, key=lambda column: column[5]) if column[5])
    digest, rows = hashlib.sha256(), 0
    for row in connection.execute(f"SELECT * FROM {table} ORDER BY {key}"):  # noqa: S608 - names from our own schema
        digest.update(repr(row).encode())  # str, int, bytes and None only: STRICT tables without REAL
        rows += 1
    return TableContent(rows, digest.hexdigest())
