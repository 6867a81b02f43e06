"""The roster as the centre confirmed it. Only what the centre said changes it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from unitclient.domain.period import Period
from unitclient.domain.roster import Coverage, Person, PersonState
from unitclient.store import jsontext
from unitclient.store.person_notes import Due, due
from unitclient.store.store import Store
from unitclient.store.times import to_text

_COLUMNS = "id_number, id_kind, name, wage_fen, state, coverage, since, wage_since"
_UPSERT = f"""
INSERT INTO person (unit, {_COLUMNS}, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (unit, id_number) DO UPDATE SET
  id_kind = excluded.id_kind, name = excluded.name, wage_fen = excluded.wage_fen, state = excluded.state,
  coverage = excluded.coverage, since = excluded.since, wage_since = excluded.wage_since,
  updated_at = excluded.updated_at
WHERE id_kind IS NOT excluded.id_kind OR name IS NOT excluded.name OR wage_fen IS NOT excluded.wage_fen
  OR state IS NOT excluded.state OR coverage IS NOT excluded.coverage OR since IS NOT excluded.since
  OR wage_since IS NOT excluded.wage_since
"""  # noqa: S608 - only the column names above are put in


@dataclass(frozen=True, slots=True)
class RosterChange:
    """What `replace_roster` did, in persons."""

    written: int
    """Added or changed."""
    removed: int


def upsert_persons(store: Store, unit: str, persons: Iterable[Person]) -> int:
    """Add or change persons of a unit; the number that were new or different."""
    connection = store.must_write()
    now = to_text(store.now())
    before = connection.total_changes
    connection.executemany(_UPSERT, [(unit, *_row(person), now) for person in persons])
    written = int(connection.total_changes - before)
    if written:
        due(store, unit, Due.PERSONS, now)
    return written


def replace_roster(store: Store, unit: str, persons: Iterable[Person]) -> RosterChange:
    """Make the roster of a unit be these persons and no others: what the centre's roster document says."""
    wanted = {person.id_number: person for person in persons}
    connection = store.must_write()
    known = {row[0] for row in connection.execute("SELECT id_number FROM person WHERE unit = ?", (unit,))}
    gone = [(unit, id_number) for id_number in known - wanted.keys()]
    connection.executemany("DELETE FROM person WHERE unit = ? AND id_number = ?", gone)
    if gone:
        due(store, unit, Due.GONE, to_text(store.now()))
    return RosterChange(upsert_persons(store, unit, wanted.values()), len(gone))


def person(store: Store, unit: str, id_number: str) -> Person | None:
    """One person by number, or None."""
    query = f"SELECT {_COLUMNS} FROM person WHERE unit = ? AND id_number = ?"  # noqa: S608 - column names only
    row = store.connection.execute(query, (unit, id_number)).fetchone()
    return None if row is None else person_of(row, {})


def persons(store: Store, unit: str, state: PersonState | None = None) -> list[Person]:
    """Persons of a unit, by number; those in one state, or all."""
    query = f"SELECT {_COLUMNS} FROM person WHERE unit = ?"  # noqa: S608 - column names only
    arguments: tuple[str, ...] = (unit,)
    if state is not None:
        query, arguments = f"{query} AND state = ?", (unit, state.value)
    known: dict[str, Mapping[str, Coverage]] = {}
    return [person_of(row, known) for row in store.connection.execute(f"{query} ORDER BY id_number", arguments)]


def count(store: Store, unit: str, state: PersonState | None = None) -> int:
    """How many persons a unit has, in one state or in all."""
    query, arguments = "SELECT count(*) FROM person WHERE unit = ?", [unit]
    if state is not None:
        query, arguments = f"{query} AND state = ?", [unit, state.value]
    return int(store.connection.execute(query, arguments).fetchone()[0])


def _row(person: Person) -> tuple[str | int | None, ...]:
    return (
        person.id_number,
        person.id_kind,
        person.name,
        person.wage_fen,
        person.state.value,
        jsontext.dump([(name, str(held.since), _text(held.until)) for name, held in person.coverage.items()]),
        _text(person.since),
        _text(person.wage_since),
    )


def person_of(row: tuple[Any, ...], known: dict[str, Mapping[str, Coverage]]) -> Person:
    """`known` keeps coverages already read: a unit's persons share a few hundred of them, and both are immutable."""
    id_number, id_kind, name, wage_fen, state, coverage, since, wage_since = row
    if coverage not in known:
        held = {name: Coverage(Period.parse(a), _period(b)) for name, a, b in jsontext.load(coverage)}
        known[coverage] = MappingProxyType(held)
    return Person(
        id_number=id_number,
        name=name,
        wage_fen=wage_fen,
        id_kind=id_kind,
        state=PersonState(state),
        coverage=known[coverage],
        since=_period(since),
        wage_since=_period(wage_since),
    )


def _text(period: Period | None) -> str | None:
    return None if period is None else str(period)


def _period(text: str | None) -> Period | None:
    return None if text is None else Period.parse(text)
