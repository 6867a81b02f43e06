"""Version 2: a staged row holds its values only; their names and the file stand once in its batch."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

_BATCH = """
    CREATE TABLE batch (
      id INTEGER NOT NULL PRIMARY KEY,
      fields TEXT NOT NULL,
      source_sha256 TEXT NOT NULL
    ) STRICT
    """
_ITEM = """
    CREATE TABLE item_new (
      id INTEGER NOT NULL PRIMARY KEY,
      unit TEXT NOT NULL,
      form TEXT NOT NULL,
      form_version TEXT NOT NULL,
      key TEXT NOT NULL,
      person_id TEXT NOT NULL,
      effect_month TEXT NOT NULL,
      row_values TEXT NOT NULL,
      state TEXT NOT NULL,
      declaration TEXT,
      declaration_row INTEGER,
      findings TEXT NOT NULL,
      batch INTEGER NOT NULL,
      source_row INTEGER NOT NULL,
      created_at TEXT NOT NULL,
      updated_at TEXT NOT NULL,
      FOREIGN KEY (unit) REFERENCES unit (unit_number),
      FOREIGN KEY (declaration) REFERENCES declaration (id),
      FOREIGN KEY (batch) REFERENCES batch (id)
    ) STRICT
    """
_VALUES, _SHA256 = 7, 12
"""Places of `row_values` and, before this step, `source_sha256` in a row of `item`."""
_AFTER = (
    "DROP TABLE item",
    "ALTER TABLE item_new RENAME TO item",
    "CREATE UNIQUE INDEX item_open ON item (unit, form, key) WHERE state IN ('pending', 'declared')",
    "CREATE INDEX item_declaration ON item (declaration, declaration_row) WHERE declaration IS NOT NULL",
    "CREATE INDEX item_state ON item (unit, state, form)",
)


def apply(connection: Any) -> None:
    """Rebuild the table of items row by row in the caller's transaction."""
    connection.execute(_BATCH)
    connection.execute(_ITEM)
    marks = ", ".join("?" * 16)
    connection.executemany(f"INSERT INTO item_new VALUES ({marks})", _converted(connection))  # noqa: S608 - marks only
    for statement in _AFTER:
        connection.execute(statement)


def _converted(connection: Any) -> Iterator[tuple[Any, ...]]:
    batches: dict[tuple[str, str], int] = {}
    for row in connection.execute("SELECT * FROM item ORDER BY id"):
        values = json.loads(row[_VALUES])
        batch = (_text(list(values)), row[_SHA256])
        if batch not in batches:
            batches[batch] = len(batches) + 1
            connection.execute("INSERT INTO batch VALUES (?, ?, ?)", (batches[batch], *batch))
        yield (
            *row[:_VALUES],
            _text(list(values.values())),
            *row[_VALUES + 1 : _SHA256],
            batches[batch],
            *row[_SHA256 + 1 :],
        )


def _text(value: list[Any]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
