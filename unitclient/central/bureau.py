"""What the bureau's desk does: decides on submissions that waited for it, and moves entries of the registers on.

Which submissions wait is said by the form (`desk`) and by the unit's standing. A submission that is wrong by rule is
returned before anybody has to look at it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from unitclient.catalog.registers import Register
from unitclient.central.core import Core
from unitclient.central.issuing import issued
from unitclient.central.numbers import instant
from unitclient.central.problems import ProblemError
from unitclient.central.registers import find_entry, publish_entries, put_entry
from unitclient.central.registry import unit_row
from unitclient.central.renumber import number_asked_for, renumber
from unitclient.central.verdicts import WAITING
from unitclient.clock import CHINA
from unitclient.domain.registers import Entry


def waiting(connection: sqlite3.Connection) -> list[dict[str, Any]]:
    """Submissions that wait for the desk, the oldest first."""
    rows = connection.execute(
        "SELECT unit_number, submission_id, form, period, acceptance_number, received_at FROM submission"
        " WHERE step = ? ORDER BY rowid",
        (WAITING,),
    )
    return [dict(row) for row in rows]


def decide(core: Core, submission_id: str, *, returned: bool, note: str, at: datetime) -> None:
    """Take or return a waiting submission; the worker goes on with it. ProblemError not-found when it does not wait."""
    with core.database.write() as tx:
        row = tx.execute(
            "SELECT unit_number, submission_id FROM submission WHERE submission_id = ? AND step = ?",
            (submission_id, WAITING),
        ).fetchone()
        if row is None:
            raise ProblemError("not-found", submission_id=submission_id)
        tx.execute("INSERT INTO verdict VALUES (?, ?, ?, ?, ?)", (*row, int(returned), note, instant(core.clock.now())))
        tx.execute(
            "UPDATE submission SET step = 'accept', due_at = ? WHERE unit_number = ? AND submission_id = ?",
            (instant(at), *row),
        )


def set_standing(core: Core, unit_number: str, *, ordinary: bool) -> None:
    """Say whether the desk looks at what a unit sends, where the form says so."""
    unit_row(core.database.read(), unit_number)
    with core.database.write() as tx:
        tx.execute("DELETE FROM ordinary WHERE unit_number = ?", (unit_number,))
        if ordinary:
            tx.execute("INSERT INTO ordinary VALUES (?)", (unit_number,))


def take_step(
    core: Core, unit_number: str, register: str, key: str, step: str, values: Mapping[str, str]
) -> dict[str, Any]:
    """Move an entry as the desk does, and tell the unit. ProblemError not-found, schema-invalid (not from here)."""
    kind = core.rulebook.catalog.registers.get(register)
    with core.database.write() as tx:
        entry = find_entry(tx, unit_number, register, key)
        if kind is None or entry is None or step not in kind.steps:
            raise ProblemError("not-found", f"{register} {key} {step}")
        _refuse_step(kind, entry, step, values)
        now, today = instant(core.clock.now()), core.clock.now().astimezone(CHINA).date()
        told = {**entry.values, **values, **_trail(kind, entry, step, values, now)}
        after = Entry(register, key, kind.steps[step].target, told)
        moved = issued(tx, unit_number, kind, after, core.clock.now())
        put_entry(tx, unit_number, moved, now)
        publish_entries(tx, core.publisher, unit_number, [moved], now)
        number = number_asked_for(kind, moved, today, core.rulebook.areas)
        if number is not None:
            renumber(tx, core.publisher, core.rulebook.catalog.registers, unit_number, number, now)
    return {"register": register, "key": key, "state": moved.state}


def entries(connection: sqlite3.Connection, unit_number: str, register: str) -> list[dict[str, Any]]:
    """Keys and states of a unit's entries of a register."""
    rows = connection.execute(
        "SELECT key, state FROM entry WHERE unit_number = ? AND register = ? ORDER BY key", (unit_number, register)
    )
    return [dict(row) for row in rows]


def _trail(kind: Register, entry: Entry, step: str, values: Mapping[str, str], now: str) -> dict[str, Any]:
    """The entry's steps so far and this one, where the register keeps them: step, state, at, and what was said."""
    if not kind.trail:
        return {}
    made = {"step": step, "state": kind.steps[step].target, "at": now, "said": dict(values)}
    return {"trail": [*entry.values.get("trail", ()), made]}


def _refuse_step(kind: Register, entry: Entry, step: str, values: Mapping[str, str]) -> None:
    wanted = kind.steps[step]
    if entry.state not in wanted.sources:
        raise ProblemError("schema-invalid", f"{step} is not from {entry.state}")
    if set(values) != set(wanted.asks):
        raise ProblemError("schema-invalid", f"{step} asks {', '.join(wanted.asks) or 'nothing'}")
