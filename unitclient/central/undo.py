"""Taking back what a submission did: for a void, and for the submission that a correction replaces."""

from __future__ import annotations

import json
import sqlite3

from unitclient.central.ledger import overdrawn_without
from unitclient.central.particulars import unit_changed_since
from unitclient.central.refunds import FAILED, orders_of
from unitclient.central.registers import Changed, entries_moved_since, withdraw_entries
from unitclient.central.roster import Roster, person_of, remove_persons, save_persons
from unitclient.sync.protocol import Acceptance


def target_of(connection: sqlite3.Connection, sub: sqlite3.Row) -> sqlite3.Row | None:
    """The submission that `sub` supersedes, of the same unit, or None."""
    row: sqlite3.Row | None = connection.execute(
        "SELECT * FROM submission WHERE unit_number = ? AND submission_id = ?", (sub["unit_number"], sub["supersedes"])
    ).fetchone()
    return row


def void_refusal(connection: sqlite3.Connection, target: sqlite3.Row) -> str:
    """Why the target cannot be voided now, as a finding's code, or ""."""
    if target["acceptance"] in (Acceptance.RETURNED, Acceptance.VOIDED, Acceptance.REPLACED):
        return "NOTHING_TO_VOID"
    if bill_state(connection, target) in ("debiting", "debited") or _pays_out(connection, target):
        return "MONEY_MOVED"
    return changed_since(connection, target)


def correction_refusal(connection: sqlite3.Connection, target: sqlite3.Row, sub: sqlite3.Row) -> str:
    """Why the target cannot be replaced now, as a finding's code, or ""."""
    if (target["form"], target["period"]) != (sub["form"], sub["period"]):
        return "OTHER_BUSINESS"
    if target["acceptance"] in (Acceptance.VOIDED, Acceptance.REPLACED):
        return "NOTHING_TO_VOID"
    if bill_state(connection, target):
        return "ALREADY_BILLED"
    if _pays_out(connection, target):
        return "MONEY_MOVED"
    return changed_since(connection, target)


def bill_state(connection: sqlite3.Connection, sub: sqlite3.Row) -> str:
    """State of a submission's bill, "" when it has none that stands."""
    row = connection.execute(
        "SELECT state FROM bill WHERE unit_number = ? AND submission_id = ? AND state <> 'cancelled'",
        (sub["unit_number"], sub["submission_id"]),
    ).fetchone()
    return str(row[0]) if row else ""


def changed_since(connection: sqlite3.Connection, target: sqlite3.Row) -> str:
    """LATER_CHANGES when the target's effects are built upon: by a later change, or by a month that counted them."""
    key = (target["unit_number"], target["submission_id"])
    moved = connection.execute(
        "SELECT 1 FROM roster_change c LEFT JOIN person p USING (unit_number, id_number)"
        " WHERE c.unit_number = ? AND c.submission_id = ? AND p.record IS NOT c.after LIMIT 1",
        key,
    ).fetchone()
    counted = connection.execute(
        "SELECT 1 FROM submission m WHERE m.unit_number = ? AND m.form = 'monthly' AND m.effective = 1"
        " AND m.period >= ? AND EXISTS (SELECT 1 FROM roster_change WHERE unit_number = ? AND submission_id = ?)",
        (target["unit_number"], target["period"], *key),
    ).fetchone()
    later = (entries_moved_since, overdrawn_without, unit_changed_since)
    built_upon = moved or counted or any(changed(connection, *key) for changed in later)
    return "LATER_CHANGES" if built_upon else ""


def _pays_out(connection: sqlite3.Connection, target: sqlite3.Row) -> bool:
    """Whether money of a refund is on its way, or gone."""
    orders = orders_of(connection, target["unit_number"], target["submission_id"])
    return any(order["state"] != FAILED for order in orders)


def undone_roster(connection: sqlite3.Connection, target: sqlite3.Row, roster: Roster) -> None:
    """Take the target's effects out of a roster in memory."""
    for id_number, before in _befores(connection, target):
        if before is None:
            roster.drop(id_number)
        else:
            roster.put(person_of(json.loads(before)))


def withdraw(tx: sqlite3.Connection, target: sqlite3.Row, word: Acceptance, now: str) -> Changed:
    """The target is voided or replaced: it is not in effect any more, and nothing further happens to it.

    Gives the register entries as they are again.
    """
    key = (target["unit_number"], target["submission_id"])
    befores = list(_befores(tx, target))
    remove_persons(tx, key[0], (id_number for id_number, before in befores if before is None))
    save_persons(tx, key[0], (person_of(json.loads(before)) for _, before in befores if before is not None))
    tx.execute("DELETE FROM roster_change WHERE unit_number = ? AND submission_id = ?", key)
    tx.execute("DELETE FROM once WHERE unit_number = ? AND submission_id = ?", key)
    tx.execute("UPDATE bill SET state = 'cancelled' WHERE unit_number = ? AND submission_id = ?", key)
    tx.execute(
        "UPDATE submission SET acceptance = ?, effective = 0, step = '' WHERE unit_number = ? AND submission_id = ?",
        (word.value, *key),
    )
    return withdraw_entries(tx, *key, now)


def _befores(connection: sqlite3.Connection, target: sqlite3.Row) -> list[tuple[str, str | None]]:
    rows = connection.execute(
        "SELECT id_number, before FROM roster_change WHERE unit_number = ? AND submission_id = ?",
        (target["unit_number"], target["submission_id"]),
    )
    return [(row[0], row[1]) for row in rows]
