"""From the bill to the bank slip. Each function is one step of the worker, inside its transaction.

The bank commits by itself. An attempt is written down before the bank hears of it, and asked about by its key (bill
number and attempt) until its result is known; only a known failure lets another attempt begin.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from unitclient.catalog.model import BillAct, Form
from unitclient.central.bank import BANK_NAME, IN_PROCESS, SUCCESS, BankAnswer
from unitclient.central.decision import BillOrder
from unitclient.central.documents import Publisher, latest, sha256_hex
from unitclient.central.numbers import bill_number, uuid7
from unitclient.central.problems import ProblemError
from unitclient.clock import CHINA, Clock
from unitclient.domain.insurance import ACCOUNT_INSURANCES
from unitclient.domain.roster import ChangeKind
from unitclient.sync.protocol import DOCUMENT_MEMBERS, DocumentKind, Money, canonical

LATE_FEE = "late-fee"
BILL_OPEN, BILL_CANCELLED = "open", "cancelled"
"""What the bill document says of itself; how its debit goes is told by debit documents."""


@dataclass(frozen=True)
class BillTerms:
    """When a bill is due, what it pays (a word of pay kinds), and the account of the agreement ("": the unit's)."""

    due: date
    pay_kind: str
    account: str = ""


@dataclass(frozen=True)
class Billing:
    """Writes bills, debits, postings and slips."""

    publisher: Publisher
    clock: Clock

    def make_bill(
        self, tx: sqlite3.Connection, sub: sqlite3.Row, assessment: Mapping[str, Any], terms: BillTerms
    ) -> None:
        """The settlement statement (结算单) of an assessment: one item an insurance, and the late fee apart."""
        items = [
            {
                "pay_kind": terms.pay_kind,
                "insurance": insurance,
                "unit_fen": total["unit"],
                "person_fen": total["person"],
                "persons": total["persons"],
            }
            for insurance, total in assessment["totals"].items()
        ]
        fee = assessment["late_fee_fen"]
        if fee:
            items.append({"pay_kind": LATE_FEE, "insurance": "", "unit_fen": fee, "person_fen": 0, "persons": 0})
        unit = _unit(tx, sub["unit_number"])
        bill_id, number = uuid7(self.clock.now()), bill_number(tx, sub["unit_number"], sub["period"])
        total_fen = assessment["total_fen"] + fee
        tx.execute(
            "INSERT INTO bill VALUES (?, ?, ?, ?, ?, ?, ?, 'open')",
            (
                bill_id,
                sub["unit_number"],
                sub["submission_id"],
                number,
                sub["period"],
                total_fen,
                terms.due.isoformat(),
            ),
        )
        members = {
            "bill_id": bill_id,
            "number": number,
            "submission_id": sub["submission_id"],
            "period": sub["period"],
            "items": items,
            "total_fen": total_fen,
            "due": terms.due.isoformat(),
            "account_tail": terms.account[-4:] or unit["account_tail"],
            "state": BILL_OPEN,
        }
        self._publish(tx, sub, DocumentKind.BILL, members)
        move(tx, sub, step="debit", money=Money.BILLED)

    def change_bill(self, tx: sqlite3.Connection, sub: sqlite3.Row, order: BillOrder) -> None:
        """Take an open bill back, move its day, or take a late fee off it; the unit is told the bill as it is now."""
        told = latest(tx, sub["unit_number"], DocumentKind.BILL, sub["submission_id"])
        assert told is not None, "a bill is told when it is made"
        content = {"state": BILL_OPEN, **told.content()}
        members = {name: content[name] for name in DOCUMENT_MEMBERS[DocumentKind.BILL]}
        if order.act is BillAct.CANCEL:
            members["state"] = BILL_CANCELLED
        members["due"] = order.due or members["due"]
        members["items"] = _without(members["items"], order.waived_fen)
        members["total_fen"] -= order.waived_fen
        tx.execute(
            "UPDATE bill SET state = ?, due = ?, total_fen = ? WHERE bill_id = ?",
            (members["state"], members["due"], members["total_fen"], members["bill_id"]),
        )
        self._publish(tx, sub, DocumentKind.BILL, members)
        bill = bill_of(tx, sub)
        if order.act is BillAct.CANCEL:
            move(tx, sub, step="", money=Money.CANCELLED)
        elif _last_debit(tx, bill) is not None:
            self._tell_debit(tx, sub, bill)  # the newest word stays that the debit failed

    def start_debit(self, tx: sqlite3.Connection, sub: sqlite3.Row) -> int:
        """Write the next attempt down; its number. ProblemError `debit-not-possible` for a bill that takes none."""
        bill = bill_of(tx, sub)
        if bill["state"] == "debiting":
            return int(_last_debit(tx, bill)["attempt"])
        if bill["state"] != "open":
            raise ProblemError("debit-not-possible", submission_id=sub["submission_id"])
        last = _last_debit(tx, bill)
        attempt = last["attempt"] + 1 if last else 1
        row = (uuid7(self.clock.now()), bill["bill_id"], attempt, Money.DEBITING.value, IN_PROCESS, "")
        tx.execute("INSERT INTO debit VALUES (?, ?, ?, ?, ?, ?, ?)", (*row, self.clock.now().isoformat()))
        tx.execute("UPDATE bill SET state = 'debiting' WHERE bill_id = ?", (bill["bill_id"],))
        self._tell_debit(tx, sub, bill)
        move(tx, sub, step="collect", money=Money.DEBITING)
        return int(attempt)

    def settle_debit(self, tx: sqlite3.Connection, sub: sqlite3.Row, answer: BankAnswer) -> None:
        """Write a known result down."""
        bill = bill_of(tx, sub)
        paid = answer.code == SUCCESS
        state = Money.DEBITED if paid else Money.DEBIT_FAILED
        debit = _last_debit(tx, bill)
        tx.execute(
            "UPDATE debit SET state = ?, code = ?, bank_ref = ? WHERE debit_id = ?",
            (state.value, answer.code, answer.serial, debit["debit_id"]),
        )
        tx.execute("UPDATE bill SET state = ? WHERE bill_id = ?", ("debited" if paid else "open", bill["bill_id"]))
        self._tell_debit(tx, sub, bill)
        move(tx, sub, step="post" if paid else "", money=state)

    def post(self, tx: sqlite3.Connection, sub: sqlite3.Row) -> None:
        """Credit the persons' parts to their accounts (个人账户记账). Only debited money is posted."""
        bill = bill_of(tx, sub)
        tx.execute(
            "INSERT INTO posting SELECT unit_number, ?, id_number, insurance, period, person_fen FROM line"
            " WHERE unit_number = ? AND submission_id = ? AND person_fen > 0"
            " AND insurance IN (SELECT value FROM json_each(?))",
            (bill["bill_id"], sub["unit_number"], sub["submission_id"], json.dumps(sorted(ACCOUNT_INSURANCES))),
        )
        tx.execute(
            "INSERT INTO posting SELECT unit_number, ?, id_number, insurance, period, sum(account_fen) FROM charge"
            " WHERE unit_number = ? AND submission_id = ? AND account_fen > 0 AND id_number <> ''"
            " GROUP BY id_number, insurance, period",
            (bill["bill_id"], sub["unit_number"], sub["submission_id"]),
        )
        lines = posting_lines(tx, sub["unit_number"], bill["bill_id"])
        totals: dict[str, int] = {}
        for _, insurance, _, amount_fen in lines:
            totals[insurance] = totals.get(insurance, 0) + amount_fen
        members = {
            "bill_id": bill["bill_id"],
            "submission_id": sub["submission_id"],
            "period": sub["period"],
            "persons": len({line[0] for line in lines}),
            "totals": totals,
            "lines_sha256": sha256_hex(canonical(lines)),
            "posted_on": self.clock.now().astimezone(CHINA).date().isoformat(),
        }
        self._publish(tx, sub, DocumentKind.POSTING, members)
        move(tx, sub, step="slip", money=Money.POSTED)

    def make_slip(self, tx: sqlite3.Connection, sub: sqlite3.Row, answer: BankAnswer) -> None:
        """The bank slip (电子缴费凭证): proof of the debit."""
        bill = bill_of(tx, sub)
        members = {
            "slip_id": uuid7(self.clock.now()),
            "bill_id": bill["bill_id"],
            "debit_id": _last_debit(tx, bill)["debit_id"],
            "submission_id": sub["submission_id"],
            "bank": BANK_NAME,
            "serial": answer.serial,
            "amount_fen": bill["total_fen"],
            "paid_at": answer.booked_at,
        }
        self._publish(tx, sub, DocumentKind.SLIP, members)
        move(tx, sub, step="", money=Money.RECEIPTED)

    def _tell_debit(self, tx: sqlite3.Connection, sub: sqlite3.Row, bill: sqlite3.Row) -> None:
        debit = _last_debit(tx, bill)
        members = {
            "debit_id": debit["debit_id"],
            "bill_id": bill["bill_id"],
            "submission_id": sub["submission_id"],
            "attempt": debit["attempt"],
            "state": debit["state"],
            "code": debit["code"],
            "amount_fen": bill["total_fen"],
            "bank_ref": debit["bank_ref"],
        }
        self._publish(tx, sub, DocumentKind.DEBIT, members)

    def _publish(self, tx: sqlite3.Connection, sub: sqlite3.Row, kind: DocumentKind, members: dict[str, Any]) -> None:
        self.publisher.publish(tx, sub["unit_number"], kind, members, sub["submission_id"])


def _without(items: list[dict[str, Any]], waived_fen: int) -> list[dict[str, Any]]:
    """Items of a bill with less late fee; the item goes when nothing of it is left."""
    lessened = [
        {**item, "unit_fen": item["unit_fen"] - waived_fen} if item["pay_kind"] == LATE_FEE else item for item in items
    ]
    return [item for item in lessened if item["pay_kind"] != LATE_FEE or item["unit_fen"]]


def pay_kind_of(form: Form) -> str:
    """The word for what a form's bill pays."""
    if form.charge is not None:
        return form.charge.pay_kind
    return "back-payment" if form.effect is ChangeKind.BACK_PAYMENT else "normal"


def move(tx: sqlite3.Connection, sub: sqlite3.Row, *, step: str, money: Money | None = None) -> None:
    """The submission's next step, and its money state when that changed."""
    tx.execute(
        "UPDATE submission SET step = ?, money = coalesce(?, money) WHERE unit_number = ? AND submission_id = ?",
        (step, money.value if money else None, sub["unit_number"], sub["submission_id"]),
    )


def bill_of(connection: sqlite3.Connection, sub: sqlite3.Row) -> sqlite3.Row:
    """The bill of a submission that has one."""
    row: sqlite3.Row | None = connection.execute(
        "SELECT * FROM bill WHERE unit_number = ? AND submission_id = ?", (sub["unit_number"], sub["submission_id"])
    ).fetchone()
    assert row is not None, "only billed submissions come here"
    return row


def debit_key(connection: sqlite3.Connection, sub: sqlite3.Row) -> tuple[str, int]:
    """(key under which the bank knows the newest attempt, amount in fen)."""
    bill = bill_of(connection, sub)
    return f"{bill['number']}/{_last_debit(connection, bill)['attempt']}", int(bill["total_fen"])


def posting_lines(connection: sqlite3.Connection, unit_number: str, bill_id: str) -> list[list[Any]]:
    """[id number, insurance, period, fen] of every credit, sorted. `lines_sha256` is over their canonical form."""
    rows = connection.execute(
        "SELECT id_number, insurance, period, amount_fen FROM posting WHERE unit_number = ? AND bill_id = ?"
        " ORDER BY id_number, insurance, period",
        (unit_number, bill_id),
    )
    return [list(row) for row in rows]


def _last_debit(connection: sqlite3.Connection, bill: sqlite3.Row) -> Any:
    return connection.execute(
        "SELECT * FROM debit WHERE bill_id = ? ORDER BY attempt DESC LIMIT 1", (bill["bill_id"],)
    ).fetchone()


def _unit(connection: sqlite3.Connection, unit_number: str) -> Any:
    return connection.execute("SELECT * FROM unit WHERE unit_number = ?", (unit_number,)).fetchone()
