"""The unit's account at the centre, as the checks of forms ask for it (domain/ledger.py)."""

from __future__ import annotations

import sqlite3

from unitclient.domain.ledger import Arrived


class CentreLedger:
    """Bills and debited lines of one unit."""

    def __init__(self, connection: sqlite3.Connection, unit_number: str) -> None:
        self._connection = connection
        self._unit_number = unit_number

    def arrived(self, id_number: str, insurance: str, month: str) -> Arrived:
        """Sum of the lines in effect whose bill the bank debited."""
        row = self._connection.execute(
            "SELECT coalesce(sum(l.unit_fen), 0), coalesce(sum(l.person_fen), 0) FROM line l"
            " JOIN submission s USING (unit_number, submission_id) JOIN bill b USING (unit_number, submission_id)"
            " WHERE l.unit_number = ? AND l.id_number = ? AND l.insurance = ? AND l.period = ?"
            " AND s.effective = 1 AND b.state = 'debited'",
            (self._unit_number, id_number, insurance, month),
        ).fetchone()
        return Arrived(*row)

    def is_billed(self, month: str) -> bool:
        """Whether the unit has a bill of that month that was not taken back."""
        row = self._connection.execute(
            "SELECT 1 FROM bill WHERE unit_number = ? AND period = ? AND state <> 'cancelled'",
            (self._unit_number, month),
        ).fetchone()
        return row is not None
