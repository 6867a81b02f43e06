"""What a unit's agreements say about its debits: the registers that have a [debit] (resources/registers)."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from unitclient.catalog.registers import Register


@dataclass(frozen=True)
class DebitTerms:
    """Whether the bank may debit, up to how much at a time (fen; None: no limit), and which account."""

    agreed: bool = True
    limit_fen: int | None = None
    account: str = ""
    day_limit_fen: int | None = None
    """Up to how much a day."""


def debit_terms(
    connection: sqlite3.Connection, registers: Mapping[str, Register], unit_number: str, today: date
) -> DebitTerms:
    """The terms as they are now: those of the agreement, and the limits set for the account it is about.

    A unit that never registered an agreement is debited as it was opened.
    """
    terms = _agreed(connection, registers, unit_number)
    account = terms.account or _opened_with(connection, unit_number)
    for single, day in _limits(connection, registers, unit_number, account, today):
        terms = replace(terms, limit_fen=_less(terms.limit_fen, single), day_limit_fen=_less(terms.day_limit_fen, day))
    return terms


def _limits(
    connection: sqlite3.Connection, registers: Mapping[str, Register], unit_number: str, account: str, today: date
) -> Iterator[tuple[int | None, int | None]]:
    """Limits a time and a day of the entries about the account that are in force."""
    for register in registers.values():
        rule = register.limits
        if rule is None:
            continue
        for row in connection.execute(
            "SELECT state, record FROM entry WHERE unit_number = ? AND register = ?", (unit_number, register.name)
        ):
            values = json.loads(row["record"])
            about = account.endswith(str(values.get(rule.tail) or "?"))
            if row["state"] in rule.states and about and str(values.get(rule.since) or "9") <= today.isoformat():
                yield values.get(rule.single), values.get(rule.day)


def _less(one: int | None, other: int | None) -> int | None:
    return min((limit for limit in (one, other) if limit is not None), default=None)


def _opened_with(connection: sqlite3.Connection, unit_number: str) -> str:
    row = connection.execute("SELECT account_tail FROM unit WHERE unit_number = ?", (unit_number,)).fetchone()
    return str(row[0])


def _agreed(connection: sqlite3.Connection, registers: Mapping[str, Register], unit_number: str) -> DebitTerms:
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
