"""Papers about bills: the arrears statement (欠费补缴单), its list of persons, and the settlement list of a month."""

from __future__ import annotations

from typing import TYPE_CHECKING

from unitclient.documents import parts
from unitclient.documents.capital import figures
from unitclient.documents.model import BillLine, BillListData, OwedPerson, PersonListData
from unitclient.texts import say

if TYPE_CHECKING:
    from unitclient.documents.page import Page


def render_bills(data: BillListData) -> bytes:
    """Bills with amounts and how each was paid, as a PDF: an arrears statement, or the settlement list of a month.

    UserError("font-missing") without a Chinese font.
    """
    from unitclient.documents.page import Page

    page = Page(say(f"document-{data.kind}-title"), data.unit, data.marks, data.proof.acceptance_number)
    page.grid(
        [
            *parts.unit_pairs(data.unit, data.period),
            (say("document-acceptance-number"), data.proof.acceptance_number),
            (say("document-bills"), f"{len(data.bills):,}"),
        ]
    )
    for bill in data.bills:
        _bill(page, bill)
    page.section(say("document-bills-total"))
    page.grid(_sums(data.bills), across=1)
    page.signatures([say("document-sign-operator"), say("document-sign-reviewer"), say("document-sign-unit")])
    parts.proof(page, data.proof)
    return page.finished()


def render_persons(data: PersonListData) -> bytes:
    """The persons of the bills with what is owed for each, as a PDF."""
    from unitclient.documents.page import WIDTH, Column, Page

    page = Page(say("document-arrears-persons-title"), data.unit, data.marks, data.proof.acceptance_number)
    page.grid(
        [
            *parts.unit_pairs(data.unit, data.period),
            (say("document-acceptance-number"), data.proof.acceptance_number),
            (say("document-persons"), f"{len({person.id_number for person in data.people}):,}"),
        ]
    )
    names = ("bill", "name", "id-number", "span", "insurances", "both")
    widths = (42.0, 24.0, 38.0, 20.0, 0.0, 24.0)
    columns = [
        Column(say(f"document-column-{name}"), width or WIDTH - sum(widths), "R" if name == "both" else "L")
        for name, width in zip(names, widths, strict=True)
    ]
    page.section(say("document-arrears-persons-list"))
    page.rows(columns, [_person(person) for person in data.people])
    page.signatures([say("document-sign-operator"), say("document-sign-reviewer"), say("document-sign-unit")])
    parts.proof(page, data.proof)
    return page.finished()


def _bill(page: Page, bill: BillLine) -> None:
    page.section(say("document-bill-of", number=bill.number, business=bill.business))
    parts.charges(page, bill.lines, say("document-subtotal"))
    page.grid(
        [
            (say("document-period"), parts.month(bill.period)),
            (say("document-due"), parts.moment(bill.due)),
            (say("document-late-fee"), figures(bill.late_fee_fen)),
            (say("document-total-figures"), f"¥ {figures(bill.total_fen)}"),
            *parts.payment_pairs(bill.payment),
        ]
    )


def _sums(bills: tuple[BillLine, ...]) -> list[tuple[str, str]]:
    paid = sum(bill.total_fen for bill in bills if bill.paid)
    total = sum(bill.total_fen for bill in bills)
    return [
        *parts.amount_pairs(total),
        (say("document-paid-sum"), f"¥ {figures(paid)}"),
        (say("document-open-sum"), f"¥ {figures(total - paid)}"),
    ]


def _person(person: OwedPerson) -> list[str]:
    insurances = "、".join(parts.label("insurance", word) for word in person.insurances)
    amount = figures(person.amount_fen) if person.amount_fen is not None else "—"
    return [person.bill_number, person.name, person.id_number, person.months, insurances, amount]
