"""The papers about bills that a form names (`papers` in its file): arrears statement, its persons, the month's list."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from unitclient.documents.arrears import render_bills, render_persons
from unitclient.documents.model import (
    BillLine,
    BillListData,
    ChargeLine,
    Marks,
    OwedPerson,
    Payment,
    PersonListData,
    Proof,
    UnitHead,
)
from unitclient.domain.period import Period
from unitclient.store.declarations import Declaration, get_declaration
from unitclient.store.documents import latest_document
from unitclient.store.units import Unit
from unitclient.sync import protocol
from unitclient.sync.protocol import Acceptance
from unitclient.workflows.bills import LATE_FEE, PAID, Bill, bills
from unitclient.workflows.desk import Desk

TAKEN = (Acceptance.ACCEPTED, Acceptance.PARTLY)
"""The centre's word after which there is something to print."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What every paper of a declaration has around what it says."""

    unit: UnitHead
    period: Period
    marks: Marks
    proof: Proof


def bill_papers(desk: Desk, unit: Unit, known: Declaration, frame: Frame) -> dict[str, bytes]:
    """{word of the form's papers: PDF} of an accepted declaration; nothing for a form without them."""
    words = desk.catalog.form(known.form).papers
    if not words or known.acceptance not in TAKEN:
        return {}
    chosen = _chosen(bills(desk, unit), list(_rows(known)))
    return {word: _paper(desk, word, frame, chosen) for word in words if chosen}


def _paper(desk: Desk, word: str, frame: Frame, chosen: list[Bill]) -> bytes:
    if word == "arrears-persons":
        people = tuple(person for bill in chosen for person in _persons(desk, bill))
        return render_persons(PersonListData(frame.unit, frame.period, frame.marks, frame.proof, people))
    lines = tuple(map(_line, chosen))
    return render_bills(BillListData(word, frame.unit, frame.period, frame.marks, frame.proof, lines))


def _chosen(every: list[Bill], rows: list[dict[str, Any]]) -> list[Bill]:
    """The bills that the rows name, by number or by month; the oldest first."""
    numbers = {row.get("bill_number") for row in rows}
    months = {row.get("month") for row in rows if not row.get("bill_number")}
    standing = [bill for bill in reversed(every) if bill.state != protocol.Money.CANCELLED]
    return [bill for bill in standing if bill.number in numbers or bill.period in months]


def _rows(known: Declaration) -> Iterator[dict[str, Any]]:
    declared = protocol.Declaration.from_bytes(known.payload)
    for row in declared.rows:
        yield dict(zip(declared.columns, row, strict=True))


def _line(bill: Bill) -> BillLine:
    charges = [item for item in bill.items if item.pay_kind != LATE_FEE]
    last = bill.debits[-1] if bill.debits else None
    return BillLine(
        number=bill.number,
        business=bill.form_title,
        period=Period.parse(bill.period),
        lines=tuple(ChargeLine(i.insurance, i.unit_fen, i.person_fen, i.persons, i.pay_kind) for i in charges),
        late_fee_fen=bill.late_fee_fen,
        total_fen=bill.total_fen,
        payment=Payment(
            state=bill.state,
            code=last.code if last else "",
            bank=bill.slip.bank if bill.slip else "",
            account_tail=bill.account_tail,
            bank_ref=last.bank_ref if last else "",
            slip=bill.slip.serial if bill.slip else "",
            paid_at=bill.slip.paid_at if bill.slip else None,
        ),
        paid=bill.state in PAID,
        due=bill.due,
    )


def _persons(desk: Desk, bill: Bill) -> list[OwedPerson]:
    """Whom a bill is for, from the declaration that it came from; one line a person and span of months."""
    source = get_declaration(desk.store, bill.declaration_id)
    found: dict[tuple[str, str], OwedPerson] = {}
    refused = refused_places(desk, source) if source is not None else set()
    for index, row in enumerate(_rows(source) if source is not None else ()):
        if index in refused:
            continue
        person = _person(bill, row)
        place = (person.id_number, person.months)
        found[place] = _joined(found[place], person) if place in found else person
    return list(found.values())


def refused_places(desk: Desk, known: Declaration) -> set[int]:
    """Rows (0-based) of a declaration that the centre did not take."""
    document = latest_document(desk.store, known.unit, protocol.DocumentKind.ACCEPTANCE, known.id)
    return {int(told["row"]) for told in json.loads(document.document)["refused"]} if document is not None else set()


def _person(bill: Bill, row: Mapping[str, Any]) -> OwedPerson:
    months = {row.get("from_month") or bill.period, row.get("to_month") or bill.period}
    parts = [row[name] for name in ("unit_amount", "person_amount") if row.get(name) is not None]
    return OwedPerson(
        bill_number=bill.number,
        name=str(row.get("name") or ""),
        id_number=str(row.get("id_number") or ""),
        months=" –\n".join(sorted(months)),
        insurances=tuple(row.get("insurances") or [word for word in [row.get("insurance")] if word]),
        amount_fen=sum(parts) if parts else None,
    )


def _joined(one: OwedPerson, other: OwedPerson) -> OwedPerson:
    """Two lines of the same person and months as one."""
    amount = None if one.amount_fen is None or other.amount_fen is None else one.amount_fen + other.amount_fen
    return OwedPerson(
        one.bill_number, one.name, one.id_number, one.months, (*one.insurances, *other.insurances), amount
    )
