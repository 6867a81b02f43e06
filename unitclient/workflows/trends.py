"""Trends: staff and amounts of the last months, from the declarations themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from unitclient.domain.period import Period
from unitclient.store import overview
from unitclient.store.declarations import Declaration
from unitclient.store.transport import Transport
from unitclient.store.units import Unit
from unitclient.sync.protocol import Acceptance
from unitclient.workflows.desk import Desk
from unitclient.workflows.lines import MONTHLY
from unitclient.workflows.month_state import effective


@dataclass(frozen=True, slots=True)
class MonthPoint:
    """One month of the trends. `persons` are those declared, `totals` {insurance: fen, both sides}."""

    period: Period
    persons: int
    totals: Mapping[str, int]
    sent: bool
    """False for a month that is only prepared."""


TREND_MONTHS = 12


def trends(desk: Desk, unit: Unit, upto: Period, months: int = TREND_MONTHS) -> tuple[MonthPoint, ...]:
    """The last months that have a declaration, oldest first; returned ones are left out."""
    by_month: dict[str, list[Declaration]] = {}
    for known in overview.briefs_since(desk.store, unit.unit_number, str(upto + (1 - months)), str(upto)):
        if known.form == MONTHLY:
            by_month.setdefault(known.period, []).append(known)
    chosen = (effective(by_month[month]) for month in sorted(by_month))
    return tuple(
        _point(desk, known) for known in chosen if known is not None and known.acceptance != Acceptance.RETURNED
    )


def _point(desk: Desk, known: Declaration) -> MonthPoint:
    totals = {name: sides["unit"] + sides["person"] for name, sides in known.totals.items()}
    persons = _persons_of(desk, known.id)
    return MonthPoint(Period.parse(known.period), persons, totals, known.transport is Transport.DELIVERED)


_counted: dict[str, int] = {}
"""Persons by declaration id: a declaration never changes, and counting reads all its rows."""


def _persons_of(desk: Desk, declaration_id: str) -> int:
    if declaration_id not in _counted:
        _counted[declaration_id] = overview.declared_persons(desk.store, declaration_id)
    return _counted[declaration_id]
