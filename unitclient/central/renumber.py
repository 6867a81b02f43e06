"""A person's ID number is changed: the roster, the registers and what a void could undo move to the new number.

Lines, charges and postings stay under the number that signed documents tell of; `number_change` links them to the one
the person has now, and the views of the ledger read them under it. Declarations that still name the former number are
refused (NUMBER_FORMER): nothing is carried over silently, for the unit has signed another number.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from unitclient.catalog.registers import Register
from unitclient.central.documents import Publisher
from unitclient.central.problems import ProblemError
from unitclient.central.registers import publish_entries
from unitclient.central.roster import dump, person_of
from unitclient.domain.areas import AreaTable
from unitclient.domain.identifiers import check_identifier
from unitclient.domain.registers import ABSENT, Entry
from unitclient.sync.protocol import DocumentKind, canonical


def number_asked_for(kind: Register, entry: Entry, today: date, areas: AreaTable) -> tuple[str, str, str] | None:
    """(former number, new number, its kind) when an entry that has come to its state changes a person's number."""
    rule = kind.renumbers
    if rule is None or entry.state != rule.state or entry.values.get(rule.item) != rule.code:
        return None
    found = check_identifier(str(entry.values[rule.after]).upper(), None, today=today, areas=areas)
    return str(entry.values[kind.person]), found.normalized, str(found.kind)


def renumber(
    tx: sqlite3.Connection,
    publisher: Publisher,
    kinds: Mapping[str, Register],
    unit_number: str,
    change: tuple[str, str, str],
    now: str,
) -> None:
    """Move a person to a new number, and tell the unit. ProblemError schema-invalid when somebody has it already."""
    former, present, id_kind = change
    row = tx.execute(
        "SELECT record FROM person WHERE unit_number = ? AND id_number = ?", (unit_number, former)
    ).fetchone()
    if row is None or _on_roster(tx, unit_number, present):
        raise ProblemError("schema-invalid", "the former number is not on the roster, or the new one is")
    person = replace(person_of(json.loads(row["record"])), id_number=present, id_kind=id_kind)
    tx.execute(
        "UPDATE person SET id_number = ?, record = ? WHERE unit_number = ? AND id_number = ?",
        (present, dump(person), unit_number, former),
    )
    _link(tx, unit_number, former, present, now)
    _move_roster_changes(tx, unit_number, change)
    _move_keys(tx, unit_number, former, present)
    moved = _move_entries(tx, kinds, unit_number, former, present, now)
    _move_entry_changes(tx, kinds, unit_number, former, present)
    publish_entries(tx, publisher, unit_number, moved, now)
    members = {"former": former, "present": present, "name": person.name}
    publisher.publish(tx, unit_number, DocumentKind.NUMBER, members)


def former_numbers(connection: sqlite3.Connection, unit_number: str) -> dict[str, str]:
    """{a number that a person of the unit had before: the one they have now}."""
    rows = connection.execute("SELECT former, present FROM number_change WHERE unit_number = ?", (unit_number,))
    return {row["former"]: row["present"] for row in rows}


def _on_roster(tx: sqlite3.Connection, unit_number: str, id_number: str) -> bool:
    query = "SELECT 1 FROM person WHERE unit_number = ? AND id_number = ?"
    return tx.execute(query, (unit_number, id_number)).fetchone() is not None


def _link(tx: sqlite3.Connection, unit_number: str, former: str, present: str, now: str) -> None:
    tx.execute("UPDATE number_change SET present = ? WHERE unit_number = ? AND present = ?",
               (present, unit_number, former))  # fmt: skip
    tx.execute("INSERT OR REPLACE INTO number_change VALUES (?, ?, ?, ?)", (unit_number, former, present, now))
    tx.execute("DELETE FROM number_change WHERE unit_number = ? AND former = present", (unit_number,))


def _move_roster_changes(tx: sqlite3.Connection, unit_number: str, change: tuple[str, str, str]) -> None:
    former, present, id_kind = change
    rows = tx.execute(
        "SELECT submission_id, before, after FROM roster_change WHERE unit_number = ? AND id_number = ?",
        (unit_number, former),
    ).fetchall()
    for row in rows:
        told = [
            text and dump(replace(person_of(json.loads(text)), id_number=present, id_kind=id_kind)) for text in row[1:]
        ]
        tx.execute(
            "UPDATE roster_change SET id_number = ?, before = ?, after = ?"
            " WHERE unit_number = ? AND submission_id = ? AND id_number = ?",
            (present, *told, unit_number, row["submission_id"], former),
        )


def _move_keys(tx: sqlite3.Connection, unit_number: str, former: str, present: str) -> None:
    """What may be declared once stays declared."""
    for row in tx.execute("SELECT form, key FROM once WHERE unit_number = ?", (unit_number,)).fetchall():
        key = _key(row["key"], former, present)
        if key != row["key"]:
            tx.execute("UPDATE OR REPLACE once SET key = ? WHERE unit_number = ? AND form = ? AND key = ?",
                       (key, unit_number, row["form"], row["key"]))  # fmt: skip


def _move_entries(
    tx: sqlite3.Connection, kinds: Mapping[str, Register], unit_number: str, former: str, present: str, now: str
) -> list[Entry]:
    moved = []
    rows = tx.execute("SELECT register, key, state, record FROM entry WHERE unit_number = ?", (unit_number,)).fetchall()
    for row in rows:
        key, values = _key(row["key"], former, present), json.loads(row["record"])
        after = _values(kinds, row["register"], values, former, present)
        if key == row["key"] and after == values:
            continue
        tx.execute(
            "UPDATE OR REPLACE entry SET key = ?, record = ?, at = ?"
            " WHERE unit_number = ? AND register = ? AND key = ?",
            (key, canonical(after).decode(), now, unit_number, row["register"], row["key"]),
        )
        if key != row["key"]:
            moved.append(Entry(row["register"], row["key"], ABSENT))
        moved.append(Entry(row["register"], key, row["state"], after))
    return moved


def _move_entry_changes(
    tx: sqlite3.Connection, kinds: Mapping[str, Register], unit_number: str, former: str, present: str
) -> None:
    for row in tx.execute("SELECT * FROM entry_change WHERE unit_number = ?", (unit_number,)).fetchall():
        told = [
            text and _told(kinds, row["register"], json.loads(text), former, present)
            for text in (row["before"], row["after"])
        ]
        key = _key(row["key"], former, present)
        if [key, *told] != [row["key"], row["before"], row["after"]]:
            tx.execute(
                "UPDATE entry_change SET key = ?, before = ?, after = ?"
                " WHERE unit_number = ? AND submission_id = ? AND register = ? AND key = ?",
                (key, *told, unit_number, row["submission_id"], row["register"], row["key"]),
            )


def _told(kinds: Mapping[str, Register], register: str, entry: list[Any], former: str, present: str) -> str:
    state, values = entry
    return canonical([state, _values(kinds, register, values, former, present)]).decode()


def _key(key: str, former: str, present: str) -> str:
    return "|".join(present if part == former else part for part in key.split("|"))


def _values(
    kinds: Mapping[str, Register], register: str, values: Mapping[str, Any], former: str, present: str
) -> dict[str, Any]:
    """An entry's values; what was entered as "before" stays: it says what was changed."""
    person = kinds[register].person if register in kinds else ""
    return {**values, person: present} if person and values.get(person) == former else dict(values)
