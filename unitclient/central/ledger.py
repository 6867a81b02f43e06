"""The unit's account at the centre: what arrived and still stands, by person, insurance and month (domain/ledger.py).

Everything is read from the view `arrived`: debited lines and charges, less what was given back, moved as months were
corrected, under the number that a person has now.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from unitclient.central.decision import Booking, Moved
from unitclient.domain.ledger import Arrived
from unitclient.domain.registers import Entry

FACTS = "facts"
"""What a paper says, as a value of its entry (central/issuing.py)."""


class CentreLedger:
    """Bills and money of one unit while a submission is decided. `but`: a submission whose bookings do not count."""

    def __init__(self, connection: sqlite3.Connection, unit_number: str, but: str | None = None) -> None:
        self._connection = connection
        self._unit_number = unit_number
        self._but = but
        self._booked: list[Booking] = []

    def arrived(self, id_number: str, insurance: str, month: str) -> Arrived:
        """What arrived and stands; what earlier rows of the same submission took or brought counts."""
        row = self._connection.execute(
            "SELECT coalesce(sum(unit_fen), 0), coalesce(sum(person_fen), 0), coalesce(sum(base_fen), 0) FROM arrived"
            " WHERE unit_number = ? AND id_number = ? AND insurance = ? AND period = ? AND submission_id IS NOT ?",
            (self._unit_number, id_number, insurance, month, self._but),
        ).fetchone()
        place = (id_number, insurance, month)
        here = [each for each in self._booked if (each.id_number, each.insurance, each.period) == place]
        return Arrived(
            row[0] + sum(each.unit_fen for each in here),
            row[1] + sum(each.person_fen for each in here),
            row[2] + sum(each.base_fen for each in here),
        )

    def book(self, booking: Booking) -> None:
        """An accepted row moved money; it is not written yet."""
        self._booked.append(booking)

    def is_billed(self, month: str) -> bool:
        """Whether the unit has a bill of that month that was not taken back."""
        row = self._connection.execute(
            "SELECT 1 FROM bill WHERE unit_number = ? AND period = ? AND state <> 'cancelled'",
            (self._unit_number, month),
        ).fetchone()
        return row is not None


def present_number(connection: sqlite3.Connection, unit_number: str, id_number: str) -> str:
    """The number that a person of the unit has now."""
    row = connection.execute(
        "SELECT present FROM number_change WHERE unit_number = ? AND former = ?", (unit_number, id_number)
    ).fetchone()
    return str(row[0]) if row else id_number


def overdrawn_without(connection: sqlite3.Connection, unit_number: str, submission_id: str) -> bool:
    """Whether some month would have less than nothing if a submission's bookings were taken out."""
    row = connection.execute(
        "SELECT 1 FROM arrived WHERE unit_number = ? AND submission_id <> ?"
        " AND (id_number, insurance) IN (SELECT id_number, insurance FROM arrived"
        "  WHERE unit_number = ? AND submission_id = ?)"
        " GROUP BY id_number, insurance, period HAVING sum(unit_fen) < 0 OR sum(person_fen) < 0",
        (unit_number, submission_id, unit_number, submission_id),
    ).fetchone()
    return row is not None


def with_rights(
    tx: sqlite3.Connection, unit_number: str, moved: Moved
) -> dict[tuple[str, str], tuple[Entry | None, Entry]]:
    """What a decision moved, with the money on its new papers as it stands after refunds and corrections."""
    return {
        place: (before, after if before == after or FACTS not in after.values else _with_paid(tx, unit_number, after))
        for place, (before, after) in moved.items()
    }


def _with_paid(tx: sqlite3.Connection, unit_number: str, entry: Entry) -> Entry:
    facts = {**entry.values[FACTS], "paid": paid_by_year(tx, unit_number, entry.values)}
    return replace(entry, values={**entry.values, FACTS: facts})


def paid_by_year(tx: sqlite3.Connection, unit_number: str, values: Mapping[str, Any]) -> list[dict[str, Any]]:
    """[{year, insurance, months, persons, unit_fen, person_fen}] of a paper's person or unit, in its months.

    A month whose money was all given back or moved away is no month any more.
    """
    person = present_number(tx, unit_number, values.get("id_number", ""))
    insurance = values.get("insurance", "")
    rows = tx.execute(
        "SELECT substr(period, 1, 4) AS year, insurance, count(DISTINCT period) AS months,"
        " count(DISTINCT id_number) AS persons, sum(unit_fen) AS unit_fen, sum(person_fen) AS person_fen FROM"
        " (SELECT id_number, insurance, period, sum(unit_fen) AS unit_fen, sum(person_fen) AS person_fen FROM arrived"
        "  WHERE unit_number = ? AND (? = '' OR id_number = ?) AND (? = '' OR insurance = ?) AND period BETWEEN ? AND ?"
        "  GROUP BY id_number, insurance, period HAVING sum(unit_fen) <> 0 OR sum(person_fen) <> 0)"
        " GROUP BY year, insurance ORDER BY 1, 2",
        (unit_number, person, person, insurance, insurance, *_span(values)),
    )
    return [dict(row) for row in rows]


def _span(values: Mapping[str, Any]) -> tuple[str, str]:
    return values.get("from_month") or "0000-00", values.get("to_month") or "9999-99"
