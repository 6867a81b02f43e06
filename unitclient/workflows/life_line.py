"""The life line of one person in this unit: coverage the centre confirmed, rows of every form, months declared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from unitclient.catalog.model import FieldType, Form
from unitclient.domain.findings import Finding
from unitclient.domain.period import Period
from unitclient.domain.roster import Person
from unitclient.store.declarations import Declaration
from unitclient.store.items import Item
from unitclient.store.overview import briefs
from unitclient.store.people import declared_rows, rows_of_person
from unitclient.store.staff import person
from unitclient.store.units import Unit
from unitclient.texts import language
from unitclient.workflows.desk import Desk
from unitclient.workflows.lines import MONTHLY
from unitclient.workflows.month_state import effective

MONTHS = 12
"""How many declared months are looked through: a large unit's month is tens of megabytes."""


class LifeKind(StrEnum):
    """What an event of the life line is."""

    COVERED = "covered"
    """Insurances began, by the centre's roster."""
    ENDED = "ended"
    """Insurances were paid for the last time."""
    WAGE = "wage"
    """The wage that counts, since when."""
    ROW = "row"
    """A row of a form, whatever became of it."""
    DECLARED = "declared"
    """A month in which the person stands in the monthly declaration."""


@dataclass(frozen=True, slots=True)
class LifeEvent:
    """One event. `month` is "YYYY-MM" ("" when it has none), `state` the row's state or the declaration's acceptance.

    `values` are a row's filled fields by title. Amounts are fen: the wage, the base, both sides' part of the month.
    """

    kind: LifeKind
    month: str
    insurances: tuple[str, ...] = ()
    form: str = ""
    state: str = ""
    number: str = ""
    """The acceptance number of the declaration it went out with."""
    wage_fen: int | None = None
    base_fen: int | None = None
    amount_fen: int | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class LifeLine:
    """Everything about one person, the newest first. `person` is None for somebody the centre does not know yet."""

    id_number: str
    name: str
    person: Person | None
    events: tuple[LifeEvent, ...]


def life_line(desk: Desk, unit: Unit, id_number: str) -> LifeLine:
    """The life line of somebody in the unit; without events when nothing is known of them."""
    known = person(desk.store, unit.unit_number, id_number)
    rows = rows_of_person(desk.store, unit.unit_number, id_number)
    told = briefs(desk.store, unit.unit_number)
    events = [
        *(_confirmed(known) if known is not None else ()),
        *_rows(desk, rows, {one.id: one for one in told}),
        *_months(desk, told, id_number),
    ]
    order = list(LifeKind)
    events.sort(key=lambda event: (event.month, order.index(event.kind)), reverse=True)
    name = known.name if known else next((str(row.values["name"]) for row in rows if row.values.get("name")), "")
    return LifeLine(id_number, name, known, tuple(events))


def _confirmed(known: Person) -> list[LifeEvent]:
    began: dict[Period, list[str]] = {}
    ended: dict[Period, list[str]] = {}
    for insurance, held in known.coverage.items():
        began.setdefault(held.since, []).append(insurance)
        if held.until is not None:
            ended.setdefault(held.until, []).append(insurance)
    found = [LifeEvent(LifeKind.COVERED, str(month), tuple(names)) for month, names in began.items()]
    found += [LifeEvent(LifeKind.ENDED, str(month), tuple(names)) for month, names in ended.items()]
    if known.wage_since is not None:
        found.append(LifeEvent(LifeKind.WAGE, str(known.wage_since), wage_fen=known.wage_fen))
    return found


def _rows(desk: Desk, rows: list[Item], declarations: Mapping[str, Declaration]) -> list[LifeEvent]:
    found = []
    for row in rows:
        form = desk.catalog.forms.get(row.form)
        went_with = declarations.get(row.declaration_id or "")
        found.append(
            LifeEvent(
                LifeKind.ROW,
                row.effect_month,
                tuple(row.values.get("insurances") or ()),
                row.form,
                row.state.value,
                (went_with.acceptance_number or "") if went_with else "",
                row.values.get("wage"),
                values=_titled(form, row.values) if form is not None else {},
                findings=row.findings,
            )
        )
    return found


_ELSEWHERE = frozenset({"name", "id_number", "insurances", "wage"})


def _titled(form: Form, values: Mapping[str, Any]) -> dict[str, str]:
    """Filled fields by title, codes by their names; what an event has members for is left out."""
    found: dict[str, str] = {}
    for each in form.fields:
        value = values.get(each.name)
        if value in (None, "", []) or each.name in _ELSEWHERE or each.type is FieldType.MONEY:
            continue
        row = each.table.row(str(value)) if each.table is not None and not isinstance(value, list) else None
        found[str(each.title)] = row.label(language()) if row is not None else str(value)
    return found


def _months(desk: Desk, told: list[Declaration], id_number: str) -> list[LifeEvent]:
    """The last months with a monthly declaration in which the person stands."""
    by_month: dict[str, list[Declaration]] = {}
    for known in told:
        if known.form == MONTHLY:
            by_month.setdefault(known.period, []).append(known)
    found = []
    for month in sorted(by_month, reverse=True)[:MONTHS]:
        counts = effective(by_month[month])
        lines = declared_rows(desk.store, counts.id, id_number) if counts is not None else []
        if counts is not None and lines:
            found.append(_declared(counts, lines))
    return found


def _declared(known: Declaration, lines: list[list[Any]]) -> LifeEvent:
    """One month's lines (`lines.COLUMNS`) as an event; the base is the first insurance's."""
    return LifeEvent(
        LifeKind.DECLARED,
        known.period,
        tuple(str(line[2]) for line in lines),
        known.form,
        known.acceptance or known.transport.value,
        known.acceptance_number or "",
        lines[0][3],
        lines[0][4],
        sum(line[5] + line[6] for line in lines),
    )
