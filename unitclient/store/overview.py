"""What an overview needs to know, in a few queries that leave the big columns (payloads, containers) where they are."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from unitclient.store.declarations import Declaration, find_briefs, find_declarations
from unitclient.store.store import Store
from unitclient.store.times import from_text


@dataclass(frozen=True, slots=True)
class Waiting:
    """Rows of one form that wait for a month's declaration. `newest` is when the last of them was touched."""

    rows: int
    newest: datetime


def briefs(store: Store, unit: str, period: str | None = None) -> list[Declaration]:
    """Declarations of a unit in the order they were prepared, of one period or all; their `payload` is left empty."""
    return find_declarations(store, unit, period=period, payloads=False)


def briefs_since(store: Store, unit: str, since: str, until: str) -> list[Declaration]:
    """Briefs of the months from one to another ("YYYY-MM")."""
    return find_briefs(store, unit, " AND period >= ? AND period <= ?", (since, until))


_PRESSING = """ AND (period = ? OR period IN (
    SELECT period FROM declaration INDEXED BY declaration_brief WHERE unit = ? AND (transport = 'parked'
      OR acceptance = 'returned' OR money IN ('debit-failed', 'refund-failed'))))"""


def pressing_briefs(store: Store, unit: str, period: str) -> list[Declaration]:
    """Briefs of one month, and of every month in which anything was parked, returned or not paid."""
    return find_briefs(store, unit, _PRESSING, (period, unit))


def any_declaration(store: Store, unit: str) -> bool:
    """Whether the unit has prepared anything yet."""
    query = "SELECT 1 FROM declaration INDEXED BY declaration_brief WHERE unit = ? LIMIT 1"
    return store.connection.execute(query, (unit,)).fetchone() is not None


def waiting_rows(store: Store, unit: str, upto: str) -> dict[str, Waiting]:
    """{form: pending rows that go out with the declaration of the month `upto` ("YYYY-MM")}."""
    query = (
        "SELECT form, count(*), max(updated_at) FROM item"
        " WHERE unit = ? AND state = 'pending' AND effect_month <= ? GROUP BY form"
    )
    found = store.connection.execute(query, (unit, upto))
    return {form: Waiting(int(rows), from_text(newest)) for form, rows, newest in found}


def refused_rows(store: Store, unit: str, since: str) -> dict[str, int]:
    """{form: rows refused by the centre that nobody has entered again}, of declarations from the month `since` on."""
    query = """
    SELECT refused.form, count(*) FROM item AS refused JOIN declaration ON declaration.id = refused.declaration
    WHERE refused.unit = ? AND refused.state = 'refused' AND declaration.period >= ? AND NOT EXISTS (
      SELECT 1 FROM item AS later WHERE later.unit = refused.unit AND later.form = refused.form
        AND later.key = refused.key AND later.id > refused.id AND later.state <> 'cancelled')
    GROUP BY refused.form
    """
    return {form: int(rows) for form, rows in store.connection.execute(query, (unit, since))}


def active_persons(store: Store, unit: str) -> int:
    """How many persons the centre has as insured by the unit."""
    query = "SELECT count(*) FROM person WHERE unit = ? AND state = 'active'"
    return int(store.connection.execute(query, (unit,)).fetchone()[0])


def declared_persons(store: Store, declaration_id: str) -> int:
    """How many persons stand in the rows of a declaration whose first column is the person's number."""
    # Counted inside the database: the interpreter is free for the window meanwhile, and nothing is copied.
    query = """
    SELECT count(DISTINCT json_extract(line.value, '$[0]'))
    FROM declaration, json_each(CAST(declaration.payload AS TEXT), '$.rows') AS line WHERE declaration.id = ?
    """
    return int(store.connection.execute(query, (declaration_id,)).fetchone()[0])


def declared_rows(store: Store, declaration_id: str, person_id: str) -> list[tuple[Any, ...]]:
    """The rows of a declaration whose first column is this person's number, found inside the database."""
    query = """
    SELECT line.value FROM declaration, json_each(CAST(declaration.payload AS TEXT), '$.rows') AS line
    WHERE declaration.id = ? AND json_extract(line.value, '$[0]') = ?
    """
    found = store.connection.execute(query, (declaration_id, person_id))
    return [tuple(json.loads(row[0])) for row in found]


def last_act(store: Store, act: str, subject: str | None = None) -> tuple[datetime, str] | None:
    """When the journal last tells of an act (about a subject, when one is given) and who did it; or None."""
    query = "SELECT at, actor FROM journal WHERE act = ? AND (? IS NULL OR subject = ?) ORDER BY seq DESC LIMIT 1"
    row = store.connection.execute(query, (act, subject, subject)).fetchone()
    return None if row is None else (from_text(row[0]), row[1])


_UNFINISHED = """
SELECT EXISTS (SELECT 1 FROM item WHERE unit = :unit AND state = 'pending')
  OR EXISTS (SELECT 1 FROM declaration WHERE unit = :unit AND acceptance IS NULL
             AND transport IN ('draft', 'checked', 'reviewed', 'signed'))
  OR EXISTS (SELECT 1 FROM outbox WHERE unit = :unit AND state IN ('queued', 'sending', 'unknown', 'parked'))
"""


def unfinished(store: Store, unit: str) -> bool:
    """Whether rows wait to be declared here, or something prepared is not signed, or something signed not delivered."""
    return bool(store.connection.execute(_UNFINISHED, {"unit": unit}).fetchone()[0])
