"""Particulars of the unit itself: its name and its social credit code, as accepted changes leave them.

What the centre signs from then on says the new ones; documents from before stay as they are. The certificate may have
the old name until it is renewed: the centre goes by the unit number that the certificate is registered for.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import Any

from unitclient.catalog.model import Form, Identity
from unitclient.central.decision import Decision
from unitclient.central.documents import Publisher
from unitclient.central.registry import unit_row
from unitclient.sync.protocol import DocumentKind

USCC_TAKEN = "USCC_TAKEN"
_ITEMS = ("name", "uscc")
"""Items of a change that are columns of the register of units."""


class UnitClerk:
    """Judges the rows of one submission that change the unit's own particulars."""

    def __init__(self, connection: sqlite3.Connection, unit_number: str, form: Form) -> None:
        self._connection = connection
        self._unit_number = unit_number
        self._on = form.identity is Identity.UNIT

    def refuse(self, index: int, row: Mapping[str, Any], decision: Decision) -> bool:
        """Whether another unit has the code that a row asks for."""
        if not self._on or row["item"] != "uscc":
            return False
        taken = self._connection.execute(
            "SELECT 1 FROM unit WHERE uscc = ? AND unit_number <> ?", (row["after"], self._unit_number)
        ).fetchone()
        if taken is not None:
            decision.refuse(index, USCC_TAKEN, "after")
        return taken is not None

    def apply(self, row: Mapping[str, Any], decision: Decision) -> None:
        """Note what is written when the decision is."""
        if self._on and row["item"] in _ITEMS:
            decision.unit_items[row["item"]] = row["after"]


def change_unit(
    tx: sqlite3.Connection, publisher: Publisher, unit_number: str, submission_id: str, items: Mapping[str, str]
) -> None:
    """Write accepted changes, with what was before, and tell the unit."""
    if not items:
        return
    before = unit_row(tx, unit_number)
    tx.executemany(
        "INSERT INTO unit_change VALUES (?, ?, ?, ?, ?)",
        ((unit_number, submission_id, item, before[item], after) for item, after in items.items()),
    )
    _write(tx, publisher, unit_number, items)


def restore_unit(tx: sqlite3.Connection, publisher: Publisher, unit_number: str, submission_id: str) -> None:
    """Take a submission's changes back."""
    key = (unit_number, submission_id)
    rows = tx.execute("SELECT item, before FROM unit_change WHERE unit_number = ? AND submission_id = ?", key)
    items = {row["item"]: row["before"] for row in rows.fetchall()}
    tx.execute("DELETE FROM unit_change WHERE unit_number = ? AND submission_id = ?", key)
    if items:
        _write(tx, publisher, unit_number, items)


def unit_changed_since(connection: sqlite3.Connection, unit_number: str, submission_id: str) -> bool:
    """Whether what a submission made of the unit was changed again afterwards."""
    unit = unit_row(connection, unit_number)
    rows = connection.execute(
        "SELECT item, after FROM unit_change WHERE unit_number = ? AND submission_id = ?", (unit_number, submission_id)
    )
    return any(unit[row["item"]] != row["after"] for row in rows)


def codes_of(connection: sqlite3.Connection, unit: sqlite3.Row) -> list[str]:
    """Social credit codes under which the unit may still be sending: its own, and those it had."""
    rows = connection.execute(
        "SELECT before FROM unit_change WHERE unit_number = ? AND item = 'uscc'", (unit["unit_number"],)
    )
    return [unit["uscc"], *(row[0] for row in rows)]


def _write(tx: sqlite3.Connection, publisher: Publisher, unit_number: str, items: Mapping[str, str]) -> None:
    before = unit_row(tx, unit_number)
    now = {item: items.get(item, before[item]) for item in _ITEMS}
    tx.execute("UPDATE unit SET name = ?, uscc = ? WHERE unit_number = ?", (now["name"], now["uscc"], unit_number))
    members = {**now, "former": {item: before[item] for item in _ITEMS}}
    publisher.publish(tx, unit_number, DocumentKind.UNIT, members)
