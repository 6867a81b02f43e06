"""The registers as the centre holds them: read while a submission is decided, written when it is recorded."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from typing import Any

from unitclient.catalog.registers import Register, insurances_by
from unitclient.central.documents import Publisher
from unitclient.domain.registers import Entry
from unitclient.sync.protocol import DocumentKind, canonical

Changed = Mapping[tuple[str, str], tuple[Entry | None, Entry]]
"""By (register, key): the entry as it was (None: there was none), and as it is now."""


class Registers:
    """A unit's registers while one submission is decided, with changes that are not written yet."""

    def __init__(self, connection: sqlite3.Connection, unit_number: str) -> None:
        self._connection = connection
        self._unit_number = unit_number
        self._known: dict[tuple[str, str], Entry | None] = {}

    def get(self, register: str, key: str) -> Entry | None:
        """The entry, or None."""
        place = (register, key)
        if place not in self._known:
            self._known[place] = find_entry(self._connection, self._unit_number, register, key)
        return self._known[place]

    def insurances(self, kinds: Mapping[str, Register], base: Iterable[str]) -> tuple[str, ...]:
        """The unit's insurances: `base` as the registers with [insured] changed them; what is undone here is."""
        names = [name for name, kind in kinds.items() if kind.insured]
        rows = self._connection.execute(
            "SELECT register, key, state FROM entry WHERE unit_number = ?"
            " AND register IN (SELECT value FROM json_each(?)) ORDER BY key",
            (self._unit_number, json.dumps(names)),
        )
        written = {(row[0], row[1]): Entry(*row) for row in rows}
        here = {place: entry for place, entry in self._known.items() if place[0] in names}
        return insurances_by(kinds, base, [entry for entry in {**written, **here}.values() if entry is not None])

    def put(self, entry: Entry) -> None:
        """The entry is like this now."""
        self._known[entry.register, entry.key] = entry

    def undo(self, submission_id: str) -> None:
        """Take what a submission did out of what is known here."""
        for register, key, before in _befores(self._connection, self._unit_number, submission_id):
            self._known[register, key] = before

    def elsewhere(self, register: str, key: str, state: str) -> Entry | None:
        """Another unit's entry of the same key in that state, or None."""
        row = self._connection.execute(
            "SELECT record FROM entry WHERE unit_number <> ? AND register = ? AND key = ? AND state = ? ORDER BY at",
            (self._unit_number, register, key, state),
        ).fetchone()
        return Entry(register, key, state, json.loads(row[0])) if row else None

    def taken(self, register: str, by: Mapping[str, Any], states: Iterable[str], but: str = "") -> int:
        """How many entries of all units agree with `by` and are in one of the states; changes here count.

        The unit's own entry of the key `but` does not: it gives its place up for the one it asks for.
        """
        wanted = frozenset(states)
        rows = self._connection.execute(
            "SELECT unit_number, key, record FROM entry"
            " WHERE register = ? AND state IN (SELECT value FROM json_each(?))",
            (register, json.dumps(sorted(wanted))),
        )
        own = {key: entry for (name, key), entry in self._known.items() if name == register and entry is not None}
        passed = {*own, but}
        there = [json.loads(record) for unit, key, record in rows if unit != self._unit_number or key not in passed]
        there += [entry.values for key, entry in own.items() if entry.state in wanted and key != but]
        return sum(all(values.get(name) == value for name, value in by.items()) for values in there)


def find_entry(connection: sqlite3.Connection, unit_number: str, register: str, key: str) -> Entry | None:
    """An entry as it is written, or None."""
    row = connection.execute(
        "SELECT state, record FROM entry WHERE unit_number = ? AND register = ? AND key = ?",
        (unit_number, register, key),
    ).fetchone()
    return Entry(register, key, row[0], json.loads(row[1])) if row else None


def save_entries(tx: sqlite3.Connection, unit_number: str, submission_id: str, changed: Changed, at: str) -> None:
    """Write what a submission did, and what was before."""
    for (register, key), (before, after) in changed.items():
        put_entry(tx, unit_number, after, at)
        tx.execute(
            "INSERT INTO entry_change VALUES (?, ?, ?, ?, ?, ?)",
            (unit_number, submission_id, register, key, _dump(before) if before else None, _dump(after)),
        )


def put_entry(tx: sqlite3.Connection, unit_number: str, entry: Entry, at: str) -> None:
    """Write one entry as it is now."""
    tx.execute(
        "INSERT OR REPLACE INTO entry VALUES (?, ?, ?, ?, ?, ?)",
        (unit_number, entry.register, entry.key, entry.state, canonical(dict(entry.values)).decode(), at),
    )


def entries_moved_since(connection: sqlite3.Connection, unit_number: str, submission_id: str) -> bool:
    """Whether an entry that a submission moved was moved again afterwards."""
    rows = connection.execute(
        "SELECT c.after, e.state, e.record FROM entry_change c LEFT JOIN entry e USING (unit_number, register, key)"
        " WHERE c.unit_number = ? AND c.submission_id = ?",
        (unit_number, submission_id),
    )
    return any(state is None or json.loads(after) != [state, json.loads(record)] for after, state, record in rows)


def withdraw_entries(tx: sqlite3.Connection, unit_number: str, submission_id: str, at: str) -> Changed:
    """Undo what a submission did; the entries as they are again (state "" where there is none any more)."""
    undone: dict[tuple[str, str], tuple[Entry | None, Entry]] = {}
    for register, key, before in list(_befores(tx, unit_number, submission_id)):
        if before is None:
            tx.execute(
                "DELETE FROM entry WHERE unit_number = ? AND register = ? AND key = ?", (unit_number, register, key)
            )
        else:
            put_entry(tx, unit_number, before, at)
        undone[register, key] = (None, before or Entry(register, key, ""))
    tx.execute("DELETE FROM entry_change WHERE unit_number = ? AND submission_id = ?", (unit_number, submission_id))
    return undone


def publish_entries(
    tx: sqlite3.Connection, publisher: Publisher, unit_number: str, entries: Iterable[Entry], at: str
) -> None:
    """Tell the unit of entries that moved: one document a register."""
    by_register: dict[str, list[Entry]] = {}
    for entry in entries:
        by_register.setdefault(entry.register, []).append(entry)
    for register, moved in by_register.items():
        members = {"register": register, "entries": [entry_wire(entry, at) for entry in moved], "whole": False}
        publisher.publish(tx, unit_number, DocumentKind.REGISTER, members)


def whole_registers(connection: sqlite3.Connection, unit_number: str) -> dict[str, list[dict[str, Any]]]:
    """{register: its entries as documents have them} of a unit, for the snapshot."""
    rows = connection.execute(
        "SELECT register, key, state, record, at FROM entry WHERE unit_number = ? ORDER BY register, key",
        (unit_number,),
    )
    found: dict[str, list[dict[str, Any]]] = {}
    for register, key, state, record, at in rows:
        found.setdefault(register, []).append(entry_wire(Entry(register, key, state, json.loads(record)), at))
    return found


def entry_wire(entry: Entry, at: str) -> dict[str, Any]:
    """An entry as a member of `entries` in the register document."""
    return {"key": entry.key, "state": entry.state, "values": dict(entry.values), "at": at}


def _befores(
    connection: sqlite3.Connection, unit_number: str, submission_id: str
) -> Iterable[tuple[str, str, Entry | None]]:
    rows = connection.execute(
        "SELECT register, key, before FROM entry_change WHERE unit_number = ? AND submission_id = ?",
        (unit_number, submission_id),
    )
    for register, key, before in rows.fetchall():
        yield register, key, None if before is None else Entry(register, key, *json.loads(before))


def _dump(entry: Entry) -> str:
    return canonical([entry.state, dict(entry.values)]).decode()
