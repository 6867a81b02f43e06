"""The half of a reconciliation that is about money: bill, debit and posting, from signed documents only."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from unitclient.domain.insurance import ACCOUNT_INSURANCES
from unitclient.store.declarations import Declaration
from unitclient.store.documents import latest_document
from unitclient.store.store import Store
from unitclient.sync.protocol import Acceptance, DocumentKind, Money
from unitclient.workflows.bills import LATE_FEE
from unitclient.workflows.lines import Row

SIDES = ("unit", "person")


class MoneyKind(StrEnum):
    """What is different between the declaration and what came of it."""

    BILL = "bill"
    """The bill (before there is one: the assessment) has another amount than was declared."""
    LATE_FEE = "late-fee"
    """The bill has a late fee, which nobody declares."""
    NOT_BILLED = "not-billed"
    NOT_DEBITED = "not-debited"
    DEBIT_FAILED = "debit-failed"
    DEBIT = "debit"
    """Another amount was debited than billed."""
    NOT_POSTED = "not-posted"
    POSTING = "posting"
    """Another amount was posted to the persons' accounts than billed as the persons' part."""


@dataclass(frozen=True, slots=True)
class MoneyDifference:
    """Two amounts in fen that should be one: what was expected and what it is. `insurance` "" is the whole.

    `side` is "unit", "person" or "" for both; `code` is the bank's.
    """

    kind: MoneyKind
    insurance: str
    side: str
    expected_fen: int
    actual_fen: int
    code: str = ""

    @property
    def difference_fen(self) -> int:
        """Actual less expected."""
        return self.actual_fen - self.expected_fen


@dataclass(frozen=True, slots=True)
class Paid:
    """What the centre said of a declaration's money, in fen; None for what it did not say yet.

    `charged` is {insurance: {"unit", "person"}} of the bill, or of the assessment as long as there is no bill.
    `posted` is {insurance: fen} of the persons' accounts.
    """

    bill_number: str = ""
    charged: Mapping[str, Mapping[str, int]] | None = None
    late_fee_fen: int = 0
    bill_fen: int | None = None
    debit_state: str = ""
    debit_code: str = ""
    debit_fen: int | None = None
    posted: Mapping[str, int] | None = field(default=None)


def refused_rows(store: Store, known: Declaration) -> frozenset[int]:
    """Rows of a declaration that the centre did not take, from 0."""
    told = _latest(store, known, DocumentKind.ACCEPTANCE)
    return frozenset(int(one["row"]) for one in told["refused"]) if told else frozenset()


def paid_of(store: Store, known: Declaration) -> Paid:
    """What the centre's documents say about the money of a declaration."""
    bill = _latest(store, known, DocumentKind.BILL)
    if bill is None or bill["state"] == "cancelled":
        assessed = _latest(store, known, DocumentKind.ASSESSMENT)
        return Paid(charged=_sides(assessed["totals"]) if assessed else None)
    debit = _of_bill(_latest(store, known, DocumentKind.DEBIT), bill)
    posting = _of_bill(_latest(store, known, DocumentKind.POSTING), bill)
    return Paid(
        bill_number=bill["number"],
        charged=charged_by(bill["items"]),
        late_fee_fen=sum(item["unit_fen"] + item["person_fen"] for item in bill["items"] if _is_late_fee(item)),
        bill_fen=bill["total_fen"],
        debit_state=debit["state"] if debit else "",
        debit_code=debit["code"] if debit else "",
        debit_fen=debit["amount_fen"] if debit else None,
        posted=posting["totals"] if posting else None,
    )


def charged_by(items: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, int]]:
    """{insurance: {"unit", "person"}} of a bill's items, without the late fee."""
    found: dict[str, dict[str, int]] = {}
    for item in items:
        if not _is_late_fee(item):
            into = found.setdefault(item["insurance"], dict.fromkeys(SIDES, 0))
            into["unit"] += item["unit_fen"]
            into["person"] += item["person_fen"]
    return found


def compare_money(accepted: Iterable[Row], paid: Paid, acceptance: str | None) -> tuple[MoneyDifference, ...]:
    """What is different between accepted lines and bill, bill and debit, bill and posting.

    Nothing before the centre accepted the declaration: there is nothing to compare with.
    """
    if acceptance not in (Acceptance.ACCEPTED, Acceptance.PARTLY):
        return ()
    declared = _declared(accepted)
    found = [] if paid.charged is None else list(_billed(declared, paid.charged))
    if paid.late_fee_fen:
        found.append(MoneyDifference(MoneyKind.LATE_FEE, "", "", 0, paid.late_fee_fen))
    if paid.bill_fen is None:
        total = sum(sum(sides.values()) for sides in (declared if paid.charged is None else paid.charged).values())
        return (*found, *([MoneyDifference(MoneyKind.NOT_BILLED, "", "", total, 0)] if total else []))
    return (*found, *_debited(paid, paid.bill_fen), *_posted(paid))


def _billed(
    declared: Mapping[str, Mapping[str, int]], charged: Mapping[str, Mapping[str, int]]
) -> Iterator[MoneyDifference]:
    for insurance in sorted({*declared, *charged}):
        for side in SIDES:
            ours = declared.get(insurance, {}).get(side, 0)
            theirs = charged.get(insurance, {}).get(side, 0)
            if ours != theirs:
                yield MoneyDifference(MoneyKind.BILL, insurance, side, ours, theirs)


def _debited(paid: Paid, bill_fen: int) -> Iterator[MoneyDifference]:
    if paid.debit_state == Money.DEBITED:
        if paid.debit_fen != bill_fen:
            yield MoneyDifference(MoneyKind.DEBIT, "", "", bill_fen, paid.debit_fen or 0, paid.debit_code)
    elif bill_fen:
        kind = MoneyKind.DEBIT_FAILED if paid.debit_state == Money.DEBIT_FAILED else MoneyKind.NOT_DEBITED
        yield MoneyDifference(kind, "", "", bill_fen, 0, paid.debit_code)


def _posted(paid: Paid) -> Iterator[MoneyDifference]:
    """Only what belongs to the persons' own accounts is posted."""
    due = {
        insurance: sides["person"]
        for insurance, sides in (paid.charged or {}).items()
        if insurance in ACCOUNT_INSURANCES and sides["person"]
    }
    if paid.posted is None:
        if due:
            yield MoneyDifference(MoneyKind.NOT_POSTED, "", "person", sum(due.values()), 0)
        return
    for insurance in sorted({*due, *paid.posted}):
        billed, fen = due.get(insurance, 0), paid.posted.get(insurance, 0)
        if billed != fen:
            yield MoneyDifference(MoneyKind.POSTING, insurance, "person", billed, fen)


def _declared(rows: Iterable[Row]) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for _number, _name, insurance, _wage, _base, unit, own in rows:
        into = found.setdefault(insurance, dict.fromkeys(SIDES, 0))
        into["unit"] += unit
        into["person"] += own
    return found


def _sides(totals: Mapping[str, Mapping[str, int]]) -> dict[str, dict[str, int]]:
    return {insurance: {side: told[side] for side in SIDES} for insurance, told in totals.items()}


def _is_late_fee(item: Mapping[str, Any]) -> bool:
    return bool(item["pay_kind"] == LATE_FEE)


def _latest(store: Store, known: Declaration, kind: DocumentKind) -> dict[str, Any] | None:
    document = latest_document(store, known.unit, kind, known.id)
    return json.loads(document.document) if document is not None else None


def _of_bill(told: dict[str, Any] | None, bill: Mapping[str, Any]) -> dict[str, Any] | None:
    return told if told is not None and told["bill_id"] == bill["bill_id"] else None
