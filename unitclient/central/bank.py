"""A simulated bank: stands in for the one the bureau has a debit agreement with. No money moves anywhere.

It behaves as banks do. It keeps its own book and commits by itself, so that centre and bank can disagree for a while;
it books one key (bill number and attempt) once, however often it is asked; and it may answer "in process" (K11) while
the result is already decided, and tell it only when it is asked again (the reconciliation).
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from unitclient.central.agreements import DebitTerms
from unitclient.central.database import CentreDatabase
from unitclient.central.numbers import instant, next_number

BANK_NAME = "演练银行（模拟）"
DEFAULT_BALANCE_FEN = 10_000_000_000
"""100 million yuan: enough for any rehearsal."""


class Behaviour(StrEnum):
    """What the simulated bank does with a unit's debits."""

    OK = "ok"
    NO_AGREEMENT = "no-agreement"
    INSUFFICIENT = "insufficient"
    FROZEN = "frozen"
    LIMIT = "limit"
    TIMEOUT = "timeout"


_REFUSALS = {
    Behaviour.NO_AGREEMENT: "K06",
    Behaviour.INSUFFICIENT: "K01",
    Behaviour.FROZEN: "K04",
    Behaviour.LIMIT: "K08",
}
SUCCESS = "K00"
IN_PROCESS = "K11"


@dataclass(frozen=True)
class BankAnswer:
    """The bank's word: a code (K00 debited, K11 not known yet, else a refusal) and its serial number."""

    code: str
    serial: str
    booked_at: str


@dataclass(frozen=True)
class BankSettings:
    """How the bank treats one unit. `resolves_to` and `resolve_after_ms` are for `timeout`."""

    behaviour: Behaviour = Behaviour.OK
    balance_fen: int = DEFAULT_BALANCE_FEN
    resolves_to: str = SUCCESS
    resolve_after_ms: int = 2000


class SimulatedBank:
    """The bank's side of the wire."""

    def __init__(self, database: CentreDatabase) -> None:
        self._database = database

    def set_behaviour(self, unit_number: str, settings: BankSettings) -> None:
        """Decide how the next debits of a unit go. What is booked stays booked."""
        with self._database.write() as tx:
            open_account(tx, unit_number, settings)

    def debit(self, key: str, unit_number: str, amount_fen: int, now: datetime, terms: DebitTerms) -> BankAnswer:
        """Take `amount_fen` from the unit's account, once per `key`; the same key again tells what became of it.

        Without an agreement the bank takes nothing (K06), nor more than the agreement says (K08).
        """
        known = self.ask(key, now)
        if known is not None:
            return known
        with self._database.write() as tx:
            self._book(tx, key, unit_number, amount_fen, now, terms)
        answer = self.ask(key, now)
        assert answer is not None, "booked above"
        return answer

    def pay_out(self, key: str, unit_number: str, amount_fen: int, now: datetime, *, to_unit: bool) -> BankAnswer:
        """Pay `amount_fen` out of the bureau's account, once per `key`: to the unit's own account, or to another one.

        An account that is frozen takes nothing (K04); a slow bank tells later. In the book it stands as less than 0.
        """
        known = self.ask(key, now)
        if known is not None:
            return known
        with self._database.write() as tx:
            account = _account(tx, unit_number)
            late = account["behaviour"] == Behaviour.TIMEOUT
            frozen = account["behaviour"] == Behaviour.FROZEN
            code = account["resolves_to"] if late else _REFUSALS[Behaviour.FROZEN] if frozen else SUCCESS
            if code == SUCCESS and to_unit:
                _change_balance(tx, unit_number, amount_fen)
            _write(tx, key, account, -amount_fen, code, now)
        answer = self.ask(key, now)
        assert answer is not None, "booked above"
        return answer

    def ask(self, key: str, now: datetime) -> BankAnswer | None:
        """Reconciliation: what became of `key`; None when the bank never heard of it."""
        row = self._database.read().execute("SELECT * FROM bank_transaction WHERE key = ?", (key,)).fetchone()
        if row is None:
            return None
        code = row["code"] if row["known_from"] <= instant(now) else IN_PROCESS
        return BankAnswer(code, row["serial"], row["booked_at"])

    def _book(
        self, tx: sqlite3.Connection, key: str, unit_number: str, amount_fen: int, now: datetime, terms: DebitTerms
    ) -> None:
        account = _account(tx, unit_number)
        late = account["behaviour"] == Behaviour.TIMEOUT
        code = account["resolves_to"] if late else _REFUSALS.get(account["behaviour"], SUCCESS)
        if not terms.agreed:
            code = _REFUSALS[Behaviour.NO_AGREEMENT]
        elif (terms.limit_fen is not None and amount_fen > terms.limit_fen) or (
            terms.day_limit_fen is not None and _debited_today(tx, unit_number, now) + amount_fen > terms.day_limit_fen
        ):
            code = _REFUSALS[Behaviour.LIMIT]
        if code == SUCCESS and account["balance_fen"] < amount_fen:
            code = _REFUSALS[Behaviour.INSUFFICIENT]
        if code == SUCCESS:
            _change_balance(tx, unit_number, -amount_fen)
        _write(tx, key, account, amount_fen, code, now)


def _account(tx: sqlite3.Connection, unit_number: str) -> sqlite3.Row:
    row: sqlite3.Row = tx.execute("SELECT * FROM bank_account WHERE unit_number = ?", (unit_number,)).fetchone()
    return row


def _change_balance(tx: sqlite3.Connection, unit_number: str, by_fen: int) -> None:
    tx.execute("UPDATE bank_account SET balance_fen = balance_fen + ? WHERE unit_number = ?", (by_fen, unit_number))


def _write(tx: sqlite3.Connection, key: str, account: sqlite3.Row, amount_fen: int, code: str, now: datetime) -> None:
    """Book a key; a slow bank's word is known later."""
    late = account["behaviour"] == Behaviour.TIMEOUT
    known_from = now + timedelta(milliseconds=account["resolve_after_ms"] if late else 0)
    serial = f"SIM{next_number(tx, 'bank-serial'):012d}"
    tx.execute(
        "INSERT INTO bank_transaction VALUES (?, ?, ?, ?, ?, ?, ?)",
        (key, account["unit_number"], amount_fen, code, serial, instant(now), instant(known_from)),
    )


def _debited_today(tx: sqlite3.Connection, unit_number: str, now: datetime) -> int:
    """What was debited on the day of `now`, fen; what is not known yet counts."""
    row = tx.execute(
        "SELECT coalesce(sum(amount_fen), 0) FROM bank_transaction WHERE unit_number = ? AND code = ?"
        " AND substr(booked_at, 1, 10) = ?",
        (unit_number, SUCCESS, instant(now)[:10]),
    ).fetchone()
    return int(row[0])


def balance(connection: sqlite3.Connection, unit_number: str) -> int:
    """What the bank tells of the unit's account under the agreement, fen."""
    row = connection.execute("SELECT balance_fen FROM bank_account WHERE unit_number = ?", (unit_number,)).fetchone()
    return int(row[0])


def open_account(tx: sqlite3.Connection, unit_number: str, settings: BankSettings) -> None:
    """Make or change the unit's account at the simulated bank, inside a transaction."""
    tx.execute(
        "INSERT INTO bank_account VALUES (?, ?, ?, ?, ?) ON CONFLICT (unit_number) DO UPDATE SET"
        " behaviour = excluded.behaviour, balance_fen = excluded.balance_fen,"
        " resolves_to = excluded.resolves_to, resolve_after_ms = excluded.resolve_after_ms",
        (
            unit_number,
            settings.behaviour.value,
            settings.balance_fen,
            settings.resolves_to,
            settings.resolve_after_ms,
        ),
    )
