"""The monthly declaration summary (月度申报汇总表): what was declared for one period, and the detail by person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from unitclient.documents import parts
from unitclient.documents.capital import figures
from unitclient.documents.model import FormCount, PersonLine, SummaryData
from unitclient.texts import say

if TYPE_CHECKING:
    from unitclient.documents.page import Page


def render_summary(data: SummaryData) -> bytes:
    """The summary as a PDF, in the language in use. UserError("font-missing") without a Chinese font."""
    from unitclient.documents.page import Page

    number = data.proof.acceptance_number if data.proof else ""
    page = Page(say("document-summary-title"), data.unit, data.marks, number)
    page.grid([*parts.unit_pairs(data.unit, data.period), *_counts(data)])
    page.section(say("document-summary-amounts"))
    parts.charges(page, data.lines, say("document-total"))
    page.grid(_totals(data), across=1)
    if data.forms:
        _forms(page, data.forms)
    page.signatures([say("document-sign-operator"), say("document-sign-reviewer"), say("document-sign-unit")])
    if data.proof:
        parts.proof(page, data.proof)
    else:
        page.note(say("document-summary-not-sent"))
    if data.people:
        _people(page, data.people)
    return page.finished()


def _counts(data: SummaryData) -> list[tuple[str, str]]:
    return [
        (say("document-persons"), f"{data.persons:,}"),
        (say("document-operator"), data.operator or "—"),
        (say("document-enrolled-stopped"), f"{data.enrolled:,} / {data.stopped:,}"),
        (say("document-base-changed"), f"{data.base_changed:,}"),
    ]


def _totals(data: SummaryData) -> list[tuple[str, str]]:
    total = sum(line.total_fen for line in data.lines)
    pairs = parts.amount_pairs(total)
    if data.previous_fen is not None:
        change = total - data.previous_fen
        sign = "+" if change > 0 else ""
        text = say("document-previous-text", previous=figures(data.previous_fen), change=sign + figures(change))
        pairs.append((say("document-previous"), text))
    return pairs


def _forms(page: Page, forms: tuple[FormCount, ...]) -> None:
    from unitclient.documents.page import WIDTH, Column

    names, widths = ("form", "rows", "accepted", "refused"), (50.0, 22.0, 22.0, 22.0)
    columns = [
        Column(say(f"document-column-{name}"), width, "L" if name == "form" else "R")
        for name, width in zip(names, widths, strict=True)
    ]
    columns.append(Column(say("document-acceptance-number"), WIDTH - sum(widths)))
    rows = [
        [form.title, f"{form.rows:,}", f"{form.accepted:,}", f"{form.refused:,}", form.acceptance_number or "—"]
        for form in forms
    ]
    page.section(say("document-summary-forms"))
    page.rows(columns, rows)


def _people(page: Page, people: tuple[PersonLine, ...]) -> None:
    """The detail begins on a page of its own, so that the summary can be handed on without it."""
    from unitclient.documents.page import WIDTH, Column

    names = ("index", "name", "id-number", "person-base", "unit-amount", "person-amount", "remark")
    widths = (10.0, 36.0, 40.0, 25.0, 24.0, 24.0)
    columns = [
        Column(say(f"document-column-{name}"), width, align)
        for name, width, align in zip(names, (*widths, WIDTH - sum(widths)), "CLLRRRL", strict=True)
    ]
    rows = [
        [
            str(index),
            person.name,
            person.id_number,
            figures(person.base_fen),
            figures(person.unit_fen),
            figures(person.person_fen),
            person.remark,
        ]
        for index, person in enumerate(people, start=1)
    ]
    page.add_page()
    page.section(say("document-summary-people"))
    page.rows(columns, rows, [_people_total(people)])


def _people_total(people: tuple[PersonLine, ...]) -> list[str]:
    unit, person = sum(one.unit_fen for one in people), sum(one.person_fen for one in people)
    return ["", say("document-total"), "", "", figures(unit), figures(person), ""]
