"""Notes on persons: who is in a unit's lists, found by what, sorted how, in which department.

Whoever writes persons or rows says that notes are `due`, which costs one short row; `catch_up` derives them when a
list is to be shown. So a large import is as quick as it was, and no list is ever older than what it shows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

from unitclient.pinyin import search_words, sort_key
from unitclient.store.batches import value_of
from unitclient.store.store import Store


class Due(StrEnum):
    """What is to be noted anew."""

    PERSONS = "persons"
    """Confirmed persons written at a time."""
    ITEMS = "items"
    """Open rows of a form written at a time."""
    GONE = "gone"
    """Confirmed persons who are no longer there."""
    WITHDRAWN = "withdrawn"
    """Rows that were taken back: those who were arriving by them are not."""
    ALL = "all"


ARRIVING = "pending"
"""State of somebody whom the centre does not know yet."""


def due(store: Store, unit: str, what: Due, at: str, form: str = "") -> None:
    """Say inside a write that notes about what it wrote are to be derived. `at` is the time its rows were given."""
    store.must_write().execute(
        "INSERT INTO person_note_due (unit, what, form, at) VALUES (?, ?, ?, ?)",
        (unit, what.value, form, at),
    )


def is_due(store: Store, unit: str) -> bool:
    """Whether `catch_up` has something to do."""
    query = "SELECT 1 FROM person_note_due WHERE unit = ? LIMIT 1"
    return store.connection.execute(query, (unit,)).fetchone() is not None


def catch_up(store: Store, unit: str) -> bool:
    """Derive what is due; whether anything was. About 40 microseconds for each person who is new or renamed."""
    if not is_due(store, unit):
        return False
    with store.write("people.note", subject=unit) as act:
        act.unchanged()  # nothing happened that was not journaled where it happened
        connection = _with_functions(store)
        told = connection.execute(
            "SELECT DISTINCT what, form, at FROM person_note_due WHERE unit = ? ORDER BY id", (unit,)
        ).fetchall()
        steps = [(Due.ALL.value, "", "")] if any(what == Due.ALL for what, _, _ in told) else told
        for what, form, at in steps:
            _derive(connection, unit, Due(what), form, at)
        connection.execute(_WORDS, (unit,))
        connection.execute("DELETE FROM person_note_due WHERE unit = ?", (unit,))
    return True


def set_departments(store: Store, unit: str, departments: Mapping[str, str]) -> dict[str, str]:
    """Put persons (by ID number) into departments, inside a write; gives where they were before."""
    connection = _with_functions(store)
    before = {}
    for number in departments:
        row = connection.execute(_DEPARTMENT_OF, (unit, number)).fetchone()
        if row is not None and row[0] != departments[number]:
            before[number] = row[0]
    store.must_write().executemany(_MOVE, [(departments[number], unit, number) for number in before])
    if before:
        connection.execute(_WORDS, (unit,))
    return before


def departments(store: Store, unit: str) -> list[str]:
    """The departments of a unit, as names are sorted."""
    query = "SELECT DISTINCT department FROM person_note WHERE unit = ? AND department <> ''"
    return sorted((row[0] for row in store.connection.execute(query, (unit,))), key=sort_key)


def search_text(name: str, id_number: str, department: str) -> str:
    """What a person is found by: words of the name, the number with its end marked, the department."""
    return f"{search_words(name)} {id_number.casefold()}$ {department.casefold()}"


def conditions(text: str) -> tuple[list[str], list[str]]:
    """SQL conditions on `words`, and their arguments, for what somebody typed: every word must be found.

    Letters begin a syllable of the name (or a word of the department), digits end the number (six and more may stand
    anywhere in it), everything else is part of the name or department.
    """
    parts: list[str] = []
    arguments: list[str] = []
    for word in text.casefold().split():
        wanted = _wanted(word)
        parts.append(f"({' OR '.join('instr(words, ?)' for _ in wanted)})")
        arguments += wanted
    return parts, arguments


def _wanted(word: str) -> list[str]:
    if word.rstrip("x").isdigit() and word.isascii():
        return [f"{word}$", *([word] if len(word) >= 6 else [])]
    return [f" {word}"] if word.isascii() else [word]


def _with_functions(store: Store) -> Any:
    connection = store.connection
    connection.create_function("name_sort_key", 1, sort_key, deterministic=True)
    connection.create_function("person_search", 3, search_text, deterministic=True)
    return connection


def _derive(connection: Any, unit: str, what: Due, form: str, at: str) -> None:
    if what in (Due.PERSONS, Due.ALL):
        for statement in (_KNOWN_ALL,) if what is Due.ALL else (_KNOWN_NEW, _KNOWN_SAME):
            connection.execute(statement, {"unit": unit, "at": at})
    if what in (Due.ITEMS, Due.ALL):
        for statement in (_ARRIVED_ALL, _SORTED_INTO_ALL) if what is Due.ALL else (_ARRIVED, _SORTED_INTO):
            connection.execute(statement, {"unit": unit, "form": form, "at": at})
    if what in (Due.GONE, Due.WITHDRAWN, Due.ALL):
        connection.execute(_WITHDRAWN if what is Due.WITHDRAWN else _GONE, {"unit": unit})


_WORDS = """
    INSERT INTO person_words (note, words)
    SELECT n.id, person_search(n.name, n.id_number, n.department)
    FROM person_note n LEFT JOIN person_words w ON w.note = n.id WHERE n.unit = ? AND w.note IS NULL
    """
_DEPARTMENT_OF = "SELECT department FROM person_note WHERE unit = ? AND id_number = ?"
_MOVE = "UPDATE person_note SET department = ? WHERE unit = ? AND id_number = ?"
_COLUMNS = "unit, id_number, name, sort_key, department, state, wage_fen, since, origin"


def _upsert(select: Iterable[str]) -> str:
    """Insert what a query gives; where the person is noted already, everything but the department is renewed."""
    return f"""
    INSERT INTO person_note ({_COLUMNS}) {" ".join(select)}
    ON CONFLICT (unit, id_number) DO UPDATE SET
      name = excluded.name, sort_key = excluded.sort_key,
      state = excluded.state, wage_fen = excluded.wage_fen, since = excluded.since, origin = excluded.origin
    """


_KNOWN = """
    SELECT p.unit, p.id_number, p.name, name_sort_key(p.name), '', p.state,
      p.wage_fen, p.since, ''
    FROM person p LEFT JOIN person_note n ON n.unit = p.unit AND n.id_number = p.id_number
    WHERE p.unit = :unit
    """
_KNOWN_NEW = _upsert((_KNOWN, "AND p.updated_at = :at AND (n.id IS NULL OR n.name <> p.name)"))
_KNOWN_ALL = _upsert((_KNOWN,))
_KNOWN_SAME = """
    UPDATE person_note SET state = p.state, wage_fen = p.wage_fen, since = p.since, origin = ''
    FROM person p
    WHERE p.unit = :unit AND p.updated_at = :at
      AND person_note.unit = p.unit AND person_note.id_number = p.id_number
      AND (person_note.state, person_note.wage_fen, person_note.since, person_note.origin)
        IS NOT (p.state, p.wage_fen, p.since, '')
    """
_NAME, _WAGE, _DEPARTMENT = (value_of("i", f"'{name}'") for name in ("name", "wage", "department"))
_ARRIVING_ROWS = f"""
    SELECT i.unit, i.person_id, {_NAME}, name_sort_key({_NAME}),
      '', '{ARRIVING}',
      CAST({_WAGE} AS INTEGER), i.effect_month, i.form
    FROM item i
    WHERE i.unit = :unit AND i.state IN ('pending', 'declared', 'refused') AND i.person_id <> ''
      AND {_NAME} IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM person p WHERE p.unit = i.unit AND p.id_number = i.person_id)
    """  # noqa: S608 - the parts are this module's own texts
_JUST_STAGED = "AND i.form = :form AND (i.created_at = :at OR i.updated_at = :at)"
_ARRIVED = _upsert((_ARRIVING_ROWS, _JUST_STAGED))
_ARRIVED_ALL = _upsert((_ARRIVING_ROWS,))
_SORTED_INTO_ALL = f"""
    UPDATE person_note SET
      department = {_DEPARTMENT}
    FROM item i
    WHERE i.unit = :unit AND i.state IN ('pending', 'declared', 'accepted', 'refused') AND i.person_id <> ''
      AND {_DEPARTMENT} <> person_note.department
      AND person_note.unit = i.unit AND person_note.id_number = i.person_id
    """  # noqa: S608 - the parts are this module's own texts
_SORTED_INTO = f"{_SORTED_INTO_ALL} {_JUST_STAGED}"
_GONE = """
    DELETE FROM person_note WHERE unit = :unit
      AND NOT EXISTS (SELECT 1 FROM person p WHERE p.unit = person_note.unit AND p.id_number = person_note.id_number)
      AND NOT EXISTS (
        SELECT 1 FROM item i WHERE i.unit = person_note.unit AND i.person_id = person_note.id_number
          AND (i.state IN ('pending', 'declared') OR (i.state = 'refused' AND i.form = person_note.origin)))
    """
_WITHDRAWN = f"{_GONE} AND person_note.origin <> ''"
