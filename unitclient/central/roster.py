"""The roster as the centre holds it: one JSON record a person, in the shape the `roster` document has."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from unitclient.domain.period import Period
from unitclient.domain.roster import Coverage, Person, PersonState

Roster = dict[str, Person]
"""Persons by id number."""

_period = cache(Period.parse)


def record_of(person: Person) -> dict[str, Any]:
    """A person as a member of `persons` in the roster document."""
    return {
        "id_number": person.id_number,
        "id_kind": person.id_kind,
        "name": person.name,
        "state": person.state.value,
        "wage_fen": person.wage_fen,
        "since": str(person.since) if person.since else None,
        "wage_since": str(person.wage_since) if person.wage_since else None,
        "insurances": {
            insurance: {"since": str(held.since), "until": str(held.until) if held.until else None}
            for insurance, held in person.coverage.items()
        },
    }


def person_of(record: Mapping[str, Any]) -> Person:
    """The inverse of `record_of`."""
    return Person(
        id_number=record["id_number"],
        name=record["name"],
        wage_fen=record["wage_fen"],
        id_kind=record["id_kind"],
        state=PersonState(record["state"]),
        coverage={
            insurance: Coverage(_period(span["since"]), _period(span["until"]) if span["until"] else None)
            for insurance, span in record["insurances"].items()
        },
        since=_period(record["since"]) if record["since"] else None,
        wage_since=_period(record["wage_since"]) if record["wage_since"] else None,
    )


def load_roster(connection: sqlite3.Connection, unit_number: str) -> Roster:
    """Everybody the unit ever enrolled."""
    return {person.id_number: person for person in map(person_of, records(connection, unit_number))}


def records(connection: sqlite3.Connection, unit_number: str) -> list[dict[str, Any]]:
    """The records of a unit's persons, by id number."""
    rows = connection.execute("SELECT record FROM person WHERE unit_number = ? ORDER BY id_number", (unit_number,))
    return [json.loads(row[0]) for row in rows]


def dump(person: Person) -> str:
    """A person as stored."""
    return json.dumps(record_of(person), ensure_ascii=False, separators=(",", ":"))


def save_persons(tx: sqlite3.Connection, unit_number: str, persons: Iterable[Person]) -> None:
    """Write persons as they are now."""
    tx.executemany(
        "INSERT INTO person VALUES (?, ?, ?)"
        " ON CONFLICT (unit_number, id_number) DO UPDATE SET record = excluded.record",
        ((unit_number, person.id_number, dump(person)) for person in persons),
    )


def remove_persons(tx: sqlite3.Connection, unit_number: str, id_numbers: Iterable[str]) -> None:
    """Take persons off the roster: only for undoing what put them there."""
    tx.executemany(
        "DELETE FROM person WHERE unit_number = ? AND id_number = ?",
        ((unit_number, id_number) for id_number in id_numbers),
    )
