"""Tickets (在线问题反馈): masked evidence from a declaration's own record, and articles that may answer already."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from unitclient.catalog.checking import check_row
from unitclient.domain.findings import Finding, Severity
from unitclient.domain.period import Period
from unitclient.store.declarations import find_declarations
from unitclient.store.units import Unit
from unitclient.texts import say
from unitclient.workflows.desk import Desk
from unitclient.workflows.entering import Outcome, entry_context, stage_one
from unitclient.workflows.knowledge import Article, suggest
from unitclient.workflows.status import status

TICKET = "ticket"
_CODE = re.compile(r"\b[A-Z][A-Z0-9_]{2,}\b")
"""Finding codes and bank codes as they stand in texts."""


def evidence(desk: Desk, unit: Unit, declaration_id: str) -> dict[str, str]:
    """What a ticket about a declaration says of it: business, acceptance number, and states with finding codes.

    Values of rows are left out: no name, number or wage of a person is in it. UserError of `status`.
    """
    known = status(desk, unit, declaration_id)
    declaration = known.declaration
    title = str(desk.catalog.form(declaration.form).title)
    counts = Counter(refusal.finding.code for refusal in known.refusals)
    codes = "，".join(f"{code} ×{count}" for code, count in sorted(counts.items()))
    tracks = {
        "transport": declaration.transport.value,
        "acceptance": declaration.acceptance,
        "money": declaration.money,
    }
    states = "，".join(say(f"{track}-{state}") for track, state in tracks.items() if state)
    told = "；".join(filter(None, (f"{title} {declaration.period}：{states}", codes, known.last_code)))
    return {"business": title, "acceptance_number": declaration.acceptance_number or "", "evidence": told}


def suggested(desk: Desk, unit: Unit, ticket: Mapping[str, Any]) -> list[Article]:
    """Articles about the finding codes or the business that a ticket names."""
    said = " ".join(str(ticket.get(name) or "") for name in ("evidence", "question", "follow_up"))
    number, business = ticket.get("acceptance_number"), str(ticket.get("business") or "")
    forms = [one.form for one in find_declarations(desk.store, unit.unit_number) if number and
             one.acceptance_number == number]  # fmt: skip
    forms += [form.id for form in desk.catalog.forms.values() if business and business in (form.id, str(form.title.zh))]
    return suggest(desk, unit, form=forms[0] if forms else "", findings=_CODE.findall(said))


@dataclass(frozen=True, slots=True)
class Draft:
    """A ticket as it would be sent: its values with persons hidden, what is wrong with it, and whether it waits."""

    values: Mapping[str, Any]
    errors: tuple[Finding, ...]
    staged: bool


def draft(desk: Desk, unit: Unit, declaration_id: str, asked: Mapping[str, str], *, stage: bool) -> Draft:
    """A ticket about a declaration with its evidence; with `stage` it waits for the next declaration.

    `asked` has subject, question, category, contact, phone and screenshot as typed. UserError declaration-unknown.
    """
    form, period = desk.catalog.form(TICKET), Period.of(desk.today())
    row = {**evidence(desk, unit, declaration_id), **{name: text for name, text in asked.items() if text}}
    if stage:
        entered = stage_one(desk, unit, form, row, period)
        checked, findings, staged = entered.row, entered.findings, entered.outcome is not Outcome.REFUSED
    else:
        checked = check_row(form, row, entry_context(desk, unit, form, period))
        findings, staged = checked.findings, False
    errors = tuple(finding for finding in findings if finding.severity is Severity.ERROR)
    return Draft(checked.values, errors, staged)
