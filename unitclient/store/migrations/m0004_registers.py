"""Version 4: what the centre's registers hold, and the answers it gave to queries."""

from __future__ import annotations

from typing import Any

_STATEMENTS = (
    """
    CREATE TABLE entry (
      unit TEXT NOT NULL,
      register TEXT NOT NULL,
      key TEXT NOT NULL,
      state TEXT NOT NULL,
      entry_values TEXT NOT NULL,
      at TEXT NOT NULL,
      PRIMARY KEY (unit, register, key),
      FOREIGN KEY (unit) REFERENCES unit (unit_number)
    ) STRICT
    """,
    """
    CREATE TABLE answer (
      id INTEGER NOT NULL PRIMARY KEY,
      unit TEXT NOT NULL,
      query TEXT NOT NULL,
      inputs TEXT NOT NULL,
      answer_rows TEXT NOT NULL,
      source TEXT NOT NULL,
      document TEXT NOT NULL,
      asked_by TEXT NOT NULL,
      at TEXT NOT NULL,
      FOREIGN KEY (unit) REFERENCES unit (unit_number)
    ) STRICT
    """,
    "CREATE INDEX answer_newest ON answer (unit, query, inputs, at)",
)


def apply(connection: Any) -> None:
    """Make the tables."""
    for statement in _STATEMENTS:
        connection.execute(statement)
