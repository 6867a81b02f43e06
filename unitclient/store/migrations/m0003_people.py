"""Version 3: everybody of a unit as a list on the screen: words to find people by, and the department.

`person_note` is derived from `person` and `item` but for the department, which the clerk's sheets bring; what is to
be derived anew stands in `person_note_due`. What people are found by has a narrow table of its own, because a search
reads all of it; words that are no longer true vanish by themselves, and are written anew. Two indexes find the rows
of one person, and rows with findings.
"""

from __future__ import annotations

from typing import Any

_STATEMENTS = (
    """
    CREATE TABLE person_note (
      id INTEGER NOT NULL PRIMARY KEY,
      unit TEXT NOT NULL,
      id_number TEXT NOT NULL,
      name TEXT NOT NULL,
      sort_key TEXT NOT NULL,
      department TEXT NOT NULL,
      state TEXT NOT NULL,
      wage_fen INTEGER,
      since TEXT,
      origin TEXT NOT NULL,
      FOREIGN KEY (unit) REFERENCES unit (unit_number)
    ) STRICT
    """,
    "CREATE UNIQUE INDEX person_note_number ON person_note (unit, id_number)",
    "CREATE INDEX person_note_order ON person_note (unit, id_number, origin)",
    "CREATE INDEX person_note_name ON person_note (unit, sort_key, origin)",
    "CREATE INDEX person_note_wage ON person_note (unit, wage_fen, origin)",
    "CREATE INDEX person_note_department ON person_note (unit, department, origin)",
    "CREATE INDEX person_note_state ON person_note (unit, state, origin)",
    "CREATE INDEX person_note_since ON person_note (unit, since, origin)",
    """
    CREATE TABLE person_words (
      note INTEGER NOT NULL PRIMARY KEY,
      words TEXT NOT NULL,
      FOREIGN KEY (note) REFERENCES person_note (id) ON DELETE CASCADE
    ) STRICT
    """,
    "CREATE TRIGGER person_words_stale AFTER UPDATE OF name, id_number, department ON person_note"
    " WHEN (old.name, old.id_number, old.department) IS NOT (new.name, new.id_number, new.department)"
    " BEGIN DELETE FROM person_words WHERE note = new.id; END",
    """
    CREATE TABLE person_note_due (
      id INTEGER NOT NULL PRIMARY KEY,
      unit TEXT NOT NULL,
      what TEXT NOT NULL,
      form TEXT NOT NULL,
      at TEXT NOT NULL,
      FOREIGN KEY (unit) REFERENCES unit (unit_number)
    ) STRICT
    """,
    "CREATE INDEX item_person ON item (unit, person_id)",
    "CREATE INDEX item_finding ON item (unit, person_id) WHERE findings <> '[]'",
    "INSERT INTO person_note_due (unit, what, form, at) SELECT unit_number, 'all', '', '' FROM unit",
)


def apply(connection: Any) -> None:
    """Make tables and indexes; what was there before is due to be noted."""
    for statement in _STATEMENTS:
        connection.execute(statement)
