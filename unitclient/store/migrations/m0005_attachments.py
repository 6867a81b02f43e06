"""Version 5: files that go with declarations."""

from __future__ import annotations

from typing import Any

_STATEMENTS = (
    """
    CREATE TABLE attachment (
      unit TEXT NOT NULL,
      name TEXT NOT NULL,
      content BLOB NOT NULL,
      at TEXT NOT NULL,
      PRIMARY KEY (unit, name),
      FOREIGN KEY (unit) REFERENCES unit (unit_number)
    ) STRICT
    """,
    "CREATE TRIGGER attachment_no_update BEFORE UPDATE ON attachment"
    " BEGIN SELECT RAISE(ABORT, 'a kept file never changes'); END",
)


def apply(connection: Any) -> None:
    """Make the table."""
    for statement in _STATEMENTS:
        connection.execute(statement)
