"""What a unit's agreements say about its debits: the registers that have a [debit] (resources/registers)."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass

from unitclient.catalog.registers import Register


@dataclass(frozen=True)
class DebitTerms:
    """Whether the bank may debit, up to how much at a time (fen; None: no limit), and which account."""

    agreed: bool = True
    limit_fen: int | None = None
    account: str = ""


def debit_terms(connection: sqlite3.Connection, registers: Mapping[str, Register], unit_number: str) -> DebitTerms:
    """The terms as they are now. A unit that never registered an agreement is debited as it was opened."""
    for register in registers.values():
        rule = register.debit
        if rule is None:
            continue
        rows = connection.execute(
            "SELECT state, record FROM entry WHERE unit_number = ? AND register = ? ORDER BY at",
            (unit_number, register.name),
        ).fetchall()
        standing = [json.loads(row["record"]) for row in rows if row["state"] in rule.states]
        if rows and not standing:
            return DebitTerms(agreed=False)
        if standing:
            return DebitTerms(True, standing[-1].get(rule.limit), str(standing[-1].get(rule.account) or ""))
    return DebitTerms()
