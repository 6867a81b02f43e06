"""Version 6: the operators of this home."""

from __future__ import annotations

from typing import Any

_STATEMENTS = (
    """
    CREATE TABLE operator (
      name TEXT NOT NULL PRIMARY KEY,
      role TEXT NOT NULL,
      blocked INTEGER NOT NULL,
      must_change INTEGER NOT NULL,
      slot TEXT NOT NULL,
      deputy_role TEXT NOT NULL,
      deputy_for TEXT NOT NULL,
      deputy_until TEXT NOT NULL,
      created_at TEXT NOT NULL
    ) STRICT
    """,
)


def apply(connection: Any) -> None:
    """Make the table."""
    for statement in _STATEMENTS:
        connection.execute(statement)
