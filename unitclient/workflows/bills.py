"""Bills (结算单), what the bank did with each, and the slips: from the centre's signed documents only."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from unitclient.clock import CHINA
from unitclient.store.documents import StoredDocument, find_documents
from unitclient.store.overview import briefs
from unitclient.store.units import Unit
from unitclient.sync.protocol import DocumentKind, Money
from unitclient.workflows.deliveries import Delivery, Paper, overdue, tracker
from unitclient.workflows.desk import Desk

LATE_FEE = "late-fee"


@dataclass(frozen=True, slots=True)
class BillItem:
    """One line of a bill; money in fen. A late fee is an item of its own without insurance."""

    pay_kind: str
    insurance: str
    unit_fen: int
    person_fen: int
    persons: int


@dataclass(frozen=True, slots=True)
class DebitStep:
    """One word of the centre on one attempt to debit: when, which attempt, what became of it, the bank's code."""

    at: datetime
    attempt: int
    state: str
    code: str
    amount_fen: int
    bank_ref: str


@dataclass(frozen=True, slots=True)
class Slip:
    """The bank slip: proof of the debit."""

    bank: str
    serial: str
    amount_fen: int
    paid_at: datetime


@dataclass(frozen=True, slots=True)
class Bill:
    """One bill with everything the centre said about it. `state` is the money track of its declaration."""

    bill_id: str
    number: str
    declaration_id: str
    form_title: str
    period: str
    items: tuple[BillItem, ...]
    total_fen: int
    due: datetime
    account_tail: str
    state: str
    debits: tuple[DebitStep, ...]
    slip: Slip | None
    declared_fen: int
    """What we declared; the centre's total may differ by its rounding or a late fee."""
    papers: tuple[Delivery, ...] = ()
    """Account posting and bank slip: whether they are there, and by when they must be."""

    @property
    def late_fee_fen(self) -> int:
        """The late fee the centre put on it."""
        return sum(item.unit_fen + item.person_fen for item in self.items if item.pay_kind == LATE_FEE)

    @property
    def payable(self) -> bool:
        """Whether the last debit failed, so that it may be asked for again."""
        return self.state == Money.DEBIT_FAILED

    @property
    def attempts(self) -> int:
        """How often the bank was asked."""
        return max((step.attempt for step in self.debits), default=0)

    @property
    def reason(self) -> str:
        """The bank's code of the last failure; empty when it did not fail last."""
        return self.debits[-1].code if self.payable and self.debits else ""


@dataclass(frozen=True, slots=True)
class BillSums:
    """Sums over bills in fen: all, paid (debited by the bank), owed, and how many failed; none that was taken back."""

    total_fen: int
    paid_fen: int
    open_fen: int
    failed: int


PAID = (Money.DEBITED, Money.POSTED, Money.RECEIPTED)


def bills(desk: Desk, unit: Unit) -> list[Bill]:
    """All bills of a unit, the newest first."""
    heads = {known.id: known for known in briefs(desk.store, unit.unit_number)}
    debits = _by_bill(find_documents(desk.store, unit.unit_number, kind=DocumentKind.DEBIT))
    slips = _by_bill(find_documents(desk.store, unit.unit_number, kind=DocumentKind.SLIP))
    postings = _by_bill(find_documents(desk.store, unit.unit_number, kind=DocumentKind.POSTING))
    track = tracker(desk, unit)
    made = []
    for told in reversed(newest_bills(desk, unit)):
        known = heads.get(told["submission_id"])
        if known is None:
            continue
        form = desk.catalog.forms.get(known.form)
        slip = slips.get(told["bill_id"])
        steps = tuple(_debit(step) for step in debits.get(told["bill_id"], ()))
        came = {Paper.POSTING: postings.get(told["bill_id"], ()), Paper.SLIP: slip or ()}
        made.append(
            Bill(
                bill_id=told["bill_id"],
                number=told["number"],
                declaration_id=known.id,
                form_title=str(form.title) if form else known.form,
                period=told["period"],
                items=tuple(_item(item) for item in told["items"]),
                total_fen=told["total_fen"],
                due=_instant(told["due"]),
                account_tail=told["account_tail"],
                state=known.money or Money.BILLED.value,
                debits=steps,
                slip=_slip(slip[-1]) if slip else None,
                declared_fen=sum(side["unit"] + side["person"] for side in known.totals.values()),
                papers=track.deliveries(steps, came),
            )
        )
    return made


def overdue_papers(desk: Desk, unit: Unit) -> list[tuple[Bill, Delivery]]:
    """Papers that should be there and are not, with their bills, the newest bill first."""
    return [(bill, one) for bill in bills(desk, unit) for one in overdue(bill.papers)]


def newest_bills(desk: Desk, unit: Unit) -> list[dict[str, Any]]:
    """What the centre said last of every bill, in the order in which the bills were made."""
    found: dict[str, dict[str, Any]] = {}
    for document in find_documents(desk.store, unit.unit_number, kind=DocumentKind.BILL):
        told = json.loads(document.document)
        found[told["bill_id"]] = told
    return list(found.values())


def bill_sums(found: Iterable[Bill]) -> BillSums:
    """Sums of bills."""
    told = [bill for bill in found if bill.state != Money.CANCELLED]
    paid = sum(bill.total_fen for bill in told if bill.state in PAID)
    total = sum(bill.total_fen for bill in told)
    return BillSums(total, paid, total - paid, sum(bill.payable for bill in told))


def _by_bill(documents: Iterable[StoredDocument]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for document in documents:
        told = json.loads(document.document)
        found.setdefault(told["bill_id"], []).append(told)
    return found


def _item(told: dict[str, Any]) -> BillItem:
    return BillItem(told["pay_kind"], told["insurance"], told["unit_fen"], told["person_fen"], told["persons"])


def _debit(told: dict[str, Any]) -> DebitStep:
    at = datetime.fromisoformat(told["issued_at"])
    return DebitStep(at, told["attempt"], told["state"], told["code"], told["amount_fen"], told["bank_ref"])


def _slip(told: dict[str, Any]) -> Slip:
    return Slip(told["bank"], told["serial"], told["amount_fen"], datetime.fromisoformat(told["paid_at"]))


def _instant(text: str) -> datetime:
    """An instant, or a day, which ends at midnight in China."""
    if len(text) == 10:
        return datetime.combine(date.fromisoformat(text), time(23, 59, 59), CHINA)
    return datetime.fromisoformat(text)
