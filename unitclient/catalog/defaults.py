"""The rules by which a form may fill in what a clerk left empty. Every filled value is shown as such."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from unitclient.catalog.cells import cell_text
from unitclient.catalog.checks.wages import average_of
from unitclient.catalog.context import RowState
from unitclient.catalog.model import Field
from unitclient.domain.roster import PersonState

DefaultRule = Callable[[RowState], Any]
"""The value to fill in, or None to leave the field empty."""

MakeDefault = Callable[[dict[str, Field]], DefaultRule]


def _unit_insurances(row: RowState) -> list[str] | None:
    known: list[str] | None = row.context.memo.get("unit-insurances")
    if known is None:
        known = row.context.memo["unit-insurances"] = sorted(row.context.unit_insurances)
    return list(known) or None


def _person_insurances(row: RowState) -> list[str] | None:
    person = row.person
    if person is None:
        return None
    return sorted(name for name, held in person.coverage.items() if held.until is None) or None


def _former_insurances(row: RowState) -> list[str] | None:
    """What a suspended person had, as far as the unit still has it and it does not run; else all of the unit's."""
    held = row.person.coverage if row.person is not None else {}
    stopped = {name for name, span in held.items() if span.until is not None}
    return sorted(stopped.intersection(row.context.unit_insurances)) or _unit_insurances(row)


def _known_number(row: RowState) -> str | None:
    """The personal number that the centre has for this ID number."""
    if not row.person_id:
        return None
    entry = row.context.entry("person-number", row.person_id)
    number = entry.values.get("person_number") if entry is not None else None
    return str(number) if number else None


def _before_of_item(fields: dict[str, Field]) -> DefaultRule:
    """What the ID number itself says of the item that is changed; `reads` of the item's table names it."""
    table = fields["item"].table
    reads = {row.code: row.extra.get("reads", "") for row in table.rows} if table is not None else {}

    def before(row: RowState) -> str | None:
        sex = {"1": "男", "2": "女"}.get(row.sex)
        known = {"id_number": row.person_id, "date": row.birth, "sex": sex}
        return known.get(reads.get(row.values.get("item") or "", "")) or None

    return before


def _kind_of_number(row: RowState) -> str | None:
    identity = row.identity
    return str(identity.kind) if identity is not None and identity.kind is not None else None


def _enrolment_kind(row: RowState) -> str:
    """续保 for somebody whom this unit suspended earlier, else 新参保."""
    person = row.person
    return "resumed" if person is not None and person.state is PersonState.SUSPENDED else "new"


def _roster_wage(row: RowState) -> int | None:
    return row.person.wage_fen if row.person is not None else None


def _average_wage(row: RowState) -> int | None:
    total, months = row.values.get("wage_total"), row.values.get("months")
    return average_of(total, months) if total is not None and months is not None and months > 0 else None


def _new_number(row: RowState) -> str:
    """A number of the unit's own: the day, and a mark of what was typed, so that the same sheet is the same matter."""
    typed = sorted((name, cell_text(cell)) for name, cell in row.raw.items() if cell not in (None, ""))
    mark = hashlib.sha256(repr(typed).encode()).hexdigest()[:6].upper()
    return f"{row.context.today:%Y%m%d}-{mark}"


def _kind_of_reason(fields: dict[str, Field]) -> DefaultRule:
    table = fields["reason"].table
    kinds = {row.code: row.extra.get("stop_kind") for row in table.rows} if table is not None else {}
    return lambda row: kinds.get(row.values.get("reason") or "")


DEFAULT_RULES: dict[str, MakeDefault] = {
    "unit-insurances": lambda _fields: _unit_insurances,
    "person-insurances": lambda _fields: _person_insurances,
    "former-insurances": lambda _fields: _former_insurances,
    "known-number": lambda _fields: _known_number,
    "before-of-item": _before_of_item,
    "kind-of-number": lambda _fields: _kind_of_number,
    "sex-of-number": lambda _fields: lambda row: row.sex or None,
    "birth-of-number": lambda _fields: lambda row: row.birth or None,
    "enrolment-kind": lambda _fields: _enrolment_kind,
    "period": lambda _fields: lambda row: row.context.period_text,
    "period-year": lambda _fields: lambda row: row.context.period.year,
    "roster-wage": lambda _fields: _roster_wage,
    "average-wage": lambda _fields: _average_wage,
    "kind-of-reason": _kind_of_reason,
    "new-number": lambda _fields: _new_number,
}
"""By the name that `default_rule` gives. `kind-of-reason` needs the field `reason`, `before-of-item` needs `item`."""
