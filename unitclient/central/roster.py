"""The roster as the centre holds it: one JSON record a person, in the shape the `roster` document has."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from unitclient.domain.period import Period
from unitclient.domain.roster import Coverage, Person, PersonState

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


class Roster:
    """A unit's roster while one submission is decided: read as far as needed, with changes that are not written yet."""

    def __init__(self, connection: sqlite3.Connection, unit_number: str) -> None:
        self._connection = connection
        self._unit_number = unit_number
        self._known: dict[str, Person | None] = {}
        self._changed = False

    def get(self, id_number: str) -> Person | None:
        """The person, or None when the unit never enrolled them."""
        if id_number not in self._known:
            row = self._connection.execute(
                "SELECT record FROM person WHERE unit_number = ? AND id_number = ?", (self._unit_number, id_number)
            ).fetchone()
            self._known[id_number] = person_of(json.loads(row[0])) if row else None
        return self._known[id_number]

    def put(self, person: Person) -> None:
        """The person is like this now."""
        self._known[person.id_number] = person
        self._changed = True

    def drop(self, id_number: str) -> None:
        """The person is not on the roster now."""
        self._known[id_number] = None
        self._changed = True

    def everybody(self) -> dict[str, Person]:
        """All persons by id number."""
        for record in records(self._connection, self._unit_number):
            if record["id_number"] not in self._known:
                self._known[record["id_number"]] = person_of(record)
        return {id_number: person for id_number, person in self._known.items() if person is not None}

    def active_count(self) -> int:
        """How many are insured with the unit now."""
        if self._changed:
            return sum(person.state is PersonState.ACTIVE for person in self.everybody().values())
        row = self._connection.execute(
            "SELECT count(*) FROM person WHERE unit_number = ? AND state = ?",
            (self._unit_number, PersonState.ACTIVE.value),
        ).fetchone()
        return int(row[0])


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
        "INSERT INTO person VALUES (?, ?, ?, ?) ON CONFLICT (unit_number, id_number)"
        " DO UPDATE SET state = excluded.state, record = excluded.record",
        ((unit_number, person.id_number, person.state.value, dump(person)) for person in persons),
    )


def remove_persons(tx: sqlite3.Connection, unit_number: str, id_numbers: Iterable[str]) -> None:
    """Take persons off the roster: only for undoing what put them there."""
    tx.executemany(
        "DELETE FROM person WHERE unit_number = ? AND id_number = ?",
        ((unit_number, id_number) for id_number in id_numbers),
    )
