"""Bills, their items, debits and estimated months as rows of tables."""

from __future__ import annotations

from typing import Any

from unitclient.desktop.models.columns import ColumnSpec, Kind
from unitclient.desktop.models.rows import MARKS
from unitclient.desktop.pages.sign.words import (
    bank_reason,
    insurance_word,
    second,
    titled,
    track_mark,
    track_word,
    until,
)
from unitclient.domain.back_payment import BackPaymentRow
from unitclient.texts import catalogue, say
from unitclient.workflows.bills import Bill, BillItem, DebitStep
from unitclient.workflows.deliveries import papers_word

COLUMNS = (
    ColumnSpec("state", "state", Kind.STATE, 12),
    ColumnSpec("period", "period", Kind.MONTH, 8),
    ColumnSpec("form", "form-title", width=14),
    ColumnSpec("total_fen", "sum", Kind.MONEY, 13),
    ColumnSpec("reason", "d-col-bank", width=18),
    ColumnSpec("due", "d-col-due", Kind.DATE, 16),
    ColumnSpec("papers", "d-col-papers", width=14),
    ColumnSpec("late_fee", "d-col-late-fee", Kind.MONEY, 10),
    ColumnSpec("tries", "d-col-tries", Kind.COUNT, 7),
    ColumnSpec("number", "d-col-bill", width=20),
    ColumnSpec("account", "d-col-account", width=8),
)
ITEM_COLUMNS = (
    ColumnSpec("kind", "d-col-pay-kind", width=12),
    ColumnSpec("insurance", "d-col-insurance", width=14),
    ColumnSpec("persons", "d-col-persons", Kind.COUNT, 7),
    ColumnSpec("unit_fen", "unit-part", Kind.MONEY, 13),
    ColumnSpec("person_fen", "person-part", Kind.MONEY, 13),
    ColumnSpec("total_fen", "sum", Kind.MONEY, 13),
)
DEBIT_COLUMNS = (
    ColumnSpec("at", "d-col-at", Kind.DATE, 19),
    ColumnSpec("attempt", "d-col-attempt", Kind.COUNT, 7),
    ColumnSpec("state", "state", Kind.STATE, 12),
    ColumnSpec("reason", "d-col-bank", width=26),
    ColumnSpec("amount_fen", "sum", Kind.MONEY, 13),
    ColumnSpec("ref", "d-col-bank-ref", width=26),
)
BACK_COLUMNS = (
    ColumnSpec("period", "period", Kind.MONTH, 8),
    ColumnSpec("insurance", "d-col-insurance", width=14),
    ColumnSpec("base", "d-col-base", Kind.MONEY, 12),
    ColumnSpec("unit_fen", "unit-part", Kind.MONEY, 12),
    ColumnSpec("person_fen", "person-part", Kind.MONEY, 12),
    ColumnSpec("formula", "d-col-formula", width=24),
)


def bill_row(bill: Bill) -> dict[str, Any]:
    """A bill as a row."""
    reason = bank_reason(bill.reason)
    return {
        "id": bill.bill_id,
        "state": track_word("money", bill.state),
        "period": bill.period,
        "form": titled(bill.form_title, "original"),
        "total_fen": bill.total_fen,
        "late_fee": bill.late_fee_fen or None,
        "due": until(bill.due),
        "papers": papers_word(bill.papers) or None,
        "tries": bill.attempts,
        "reason": reason or None,
        "number": bill.number,
        "account": bill.account_tail,
        MARKS: {"state": track_mark("money", bill.state, reason)},
    }


def item_row(place: int, item: BillItem) -> dict[str, Any]:
    """An item of a bill as a row."""
    return {
        "id": place,
        "kind": pay_kind_word(item.pay_kind),
        "insurance": insurance_word(item.insurance) if item.insurance else None,
        "persons": item.persons or None,
        "unit_fen": item.unit_fen,
        "person_fen": item.person_fen,
        "total_fen": item.unit_fen + item.person_fen,
    }


def debit_row(place: int, step: DebitStep) -> dict[str, Any]:
    """One word on a debit as a row."""
    return {
        "id": place,
        "at": second(step.at),
        "attempt": step.attempt,
        "state": track_word("money", step.state),
        "reason": bank_reason(step.code) or None,
        "amount_fen": step.amount_fen,
        "ref": step.bank_ref or None,
        MARKS: {"state": track_mark("money", step.state)},
    }


def back_row(place: int, row: BackPaymentRow) -> dict[str, Any]:
    """One month and insurance of an estimate as a row."""
    made = row.contribution
    return {
        "id": place,
        "period": str(row.period),
        "insurance": insurance_word(row.insurance.value),
        "base": made.base_fen,
        "unit_fen": made.unit_fen,
        "person_fen": made.person_fen,
        "formula": made.unit_formula,
    }


def pay_kind_word(kind: str) -> str:
    """What an item is for; a kind nobody knows is shown as it is."""
    for key in (f"d-pay-kind-{kind}", f"document-pay-kind-{kind}"):
        if key in catalogue()["text"]:
            return say(key)
    return kind
