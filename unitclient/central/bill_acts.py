"""Rows that ask for something to be done with a bill: debit it again (欠费补缴), take it back (欠费注销), let it be due
later (顺延), take a late fee off it (滞纳金减免).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from typing import Any

from unitclient.catalog.model import BillAct, Form
from unitclient.catalog.registers import Register
from unitclient.central.bank import SUCCESS, BankAnswer
from unitclient.central.billing import LATE_FEE, Billing
from unitclient.central.decision import BillOrder, Decision
from unitclient.central.documents import latest
from unitclient.central.numbers import instant
from unitclient.central.registers import find_entry, publish_entries, put_entry
from unitclient.domain.money import format_fen
from unitclient.domain.registers import Entry
from unitclient.sync.protocol import DocumentKind

BILL_UNKNOWN, BILL_NOT_OPEN, BILL_OF_EARLIER_MONTH = "BILL_UNKNOWN", "BILL_NOT_OPEN", "BILL_OF_EARLIER_MONTH"
BILL_AMOUNT, BILL_NOT_LATER, LATE_FEE_LESS = "BILL_AMOUNT", "BILL_NOT_LATER", "LATE_FEE_LESS"
_FIELD, _AMOUNT, _PAY_BY, _WAIVED = "bill_number", "bill_amount", "pay_by", "waived"


class BillClerk:
    """Judges the rows of one submission."""

    def __init__(self, connection: sqlite3.Connection, sub: sqlite3.Row, form: Form) -> None:
        self._connection = connection
        self._sub = sub
        self._act = form.bill_act

    def refuse(self, index: int, values: Mapping[str, Any], decision: Decision) -> bool:
        """Whether nothing can be done with the bill that a row names."""
        if self._act is None:
            return False
        bill = find_bill(self._connection, self._sub["unit_number"], str(values[_FIELD]))
        if bill is None:
            decision.refuse(index, BILL_UNKNOWN, _FIELD)
        elif bill["state"] != "open" or bill["number"] in decision.bills:
            decision.refuse(index, BILL_NOT_OPEN, _FIELD)
        elif self._act is BillAct.CANCEL and bill["period"] != self._sub["period"]:
            decision.refuse(index, BILL_OF_EARLIER_MONTH, _FIELD, period=str(bill["period"]))
        elif values.get(_AMOUNT) not in (None, bill["total_fen"]):
            decision.refuse(index, BILL_AMOUNT, _AMOUNT, amount=format_fen(bill["total_fen"]))
        else:
            return self._refuse_terms(index, values, bill, decision)
        return True

    def _refuse_terms(self, index: int, values: Mapping[str, Any], bill: sqlite3.Row, decision: Decision) -> bool:
        if self._act is BillAct.DEFER and values[_PAY_BY] <= bill["due"]:
            decision.refuse(index, BILL_NOT_LATER, _PAY_BY, due=str(bill["due"]))
        elif self._act is BillAct.WAIVE and values[_WAIVED] > self._late_fee(bill):
            decision.refuse(index, LATE_FEE_LESS, _WAIVED, fee=format_fen(self._late_fee(bill)))
        else:
            return False
        return True

    def _late_fee(self, bill: sqlite3.Row) -> int:
        told = latest(self._connection, bill["unit_number"], DocumentKind.BILL, bill["submission_id"])
        items = told.content()["items"] if told is not None else ()
        return sum(item["unit_fen"] for item in items if item["pay_kind"] == LATE_FEE)

    def apply(self, values: Mapping[str, Any], decision: Decision) -> None:
        """Note what is to be done when the decision is written down."""
        if self._act in (None, BillAct.NAME):
            return
        due = str(values[_PAY_BY]) if self._act is BillAct.DEFER else ""
        waived = int(values[_WAIVED]) if self._act is BillAct.WAIVE else 0
        decision.bills[str(values[_FIELD])] = BillOrder(self._act, due, waived)


def act_on_bills(tx: sqlite3.Connection, billing: Billing, unit_number: str, bills: Mapping[str, BillOrder]) -> None:
    """Do what was decided, inside the decision's transaction. A bill that is not open any more is left alone."""
    for number, order in bills.items():
        bill = find_bill(tx, unit_number, number)
        if bill is None or bill["state"] != "open":
            continue
        sub = tx.execute(
            "SELECT * FROM submission WHERE unit_number = ? AND submission_id = ?",
            (unit_number, bill["submission_id"]),
        ).fetchone()
        if order.act is BillAct.PAY:
            billing.start_debit(tx, sub)
        else:
            billing.change_bill(tx, sub, order)


def settle_followers(
    tx: sqlite3.Connection, billing: Billing, kinds: Iterable[Register], bill: sqlite3.Row, answer: BankAnswer
) -> None:
    """Move the entries that follow a bill on, now that the bank's word on its debit is known."""
    now = billing.clock.now()
    for kind in kinds:
        follows = kind.follows_bill
        entry = find_entry(tx, bill["unit_number"], kind.name, bill["number"]) if follows else None
        if follows is None or entry is None or entry.state != follows.source:
            continue
        paid = answer.code == SUCCESS
        told = {"bank_code": answer.code, "bank_serial": answer.serial, "paid_on": answer.booked_at[:10]}
        values = {**entry.values, **(told if paid else {"bank_code": answer.code})}
        moved = Entry(kind.name, entry.key, follows.paid if paid else follows.failed, values)
        put_entry(tx, bill["unit_number"], moved, instant(now))
        publish_entries(tx, billing.publisher, bill["unit_number"], [moved], instant(now))


def find_bill(connection: sqlite3.Connection, unit_number: str, number: str) -> sqlite3.Row | None:
    """A unit's bill by its number."""
    row: sqlite3.Row | None = connection.execute(
        "SELECT * FROM bill WHERE unit_number = ? AND number = ?", (unit_number, number)
    ).fetchone()
    return row
