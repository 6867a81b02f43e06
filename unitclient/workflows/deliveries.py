"""The papers of a debit (回单): by which day account posting and bank slip must be there, and whether they are.

Counted in working days from the day of the debit, by the announced holidays; a year without announcement counts its
weekends alone, and the day is marked as computed (推算).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from unitclient.catalog.deliveries import DeliveryRule, delivery_rules
from unitclient.clock import CHINA
from unitclient.domain.deadlines import HolidayTable, UnknownYear, nth_working_day
from unitclient.paths import resources_root
from unitclient.store.units import Unit
from unitclient.sync.protocol import Money
from unitclient.texts import say
from unitclient.workflows.desk import Desk

if TYPE_CHECKING:
    from unitclient.workflows.bills import DebitStep


class Paper(StrEnum):
    """What comes after a debit."""

    POSTING = "posting"
    """The centre's account posting (记账回单)."""
    SLIP = "slip"
    """The bank's slip (银行回单)."""


class Arrival(StrEnum):
    """How far a paper is."""

    NOT_DUE = "not-due"
    """Nothing was debited yet."""
    AWAITED = "awaited"
    OVERDUE = "overdue"
    DELIVERED = "delivered"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One paper of one bill. `by` is the last day it may come (`computed`: 推算), `on` the day it came, both in China.

    `bank_ref` is the bank's reference of the debit, by which the bank finds it.
    """

    paper: Paper
    state: Arrival
    by: date | None = None
    on: date | None = None
    computed: bool = False
    bank_ref: str = ""

    @property
    def late(self) -> bool:
        """Whether it came after its day."""
        return self.on is not None and self.by is not None and self.on > self.by

    def to_json(self) -> dict[str, Any]:
        """For machines."""
        return {"paper": self.paper.value, "state": self.state.value, "by": self.by.isoformat() if self.by else None,
                "on": self.on.isoformat() if self.on else None, "computed": self.computed, "late": self.late,
                "bank_ref": self.bank_ref}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tracker:
    """What deliveries are counted by: the region's rule, the holidays, and today."""

    rule: DeliveryRule
    holidays: HolidayTable
    today: date

    def deliveries(
        self, debits: Sequence[DebitStep], papers: Mapping[Paper, Sequence[Mapping[str, Any]]]
    ) -> tuple[Delivery, ...]:
        """The papers of a bill, by what was said on its debits and the signed papers there are of each kind."""
        return tuple(self._one(paper, debits, papers.get(paper, ())) for paper in Paper)

    def _one(self, paper: Paper, debits: Sequence[DebitStep], came: Sequence[Mapping[str, Any]]) -> Delivery:
        debited = next((step for step in reversed(debits) if step.state == Money.DEBITED), None)
        if debited is None:
            return Delivery(paper, Arrival.NOT_DUE)
        by, computed = last_day(_day(debited.at), self.rule.days, self.holidays)
        if came:
            on = _day(datetime.fromisoformat(str(came[-1]["issued_at"])))
            return Delivery(paper, Arrival.DELIVERED, by, on, computed, debited.bank_ref)
        state = Arrival.OVERDUE if self.today > by else Arrival.AWAITED
        return Delivery(paper, state, by, None, computed, debited.bank_ref)


def tracker(desk: Desk, unit: Unit) -> Tracker:
    """The tracker of a unit's region, today."""
    rules = delivery_rules(resources_root())
    return Tracker(rules.get(unit.region, rules[""]), desk.holidays, desk.today())


def last_day(debited: date, days: int, holidays: HolidayTable) -> tuple[date, bool]:
    """The n-th working day after the debit; True when it is only computed, from weekends alone."""
    try:
        return nth_working_day(debited, days, holidays), False
    except UnknownYear:
        return _nth_weekday(debited, days), True


def overdue(found: Iterable[Delivery]) -> Iterator[Delivery]:
    """Those that should be there and are not."""
    return (one for one in found if one.state is Arrival.OVERDUE)


def papers_word(found: Sequence[Delivery]) -> str:
    """How far the papers of a bill are, by the one that is worst off; empty before a debit."""
    states = {one.state for one in found}
    worst = next((state for state in (Arrival.OVERDUE, Arrival.AWAITED, Arrival.DELIVERED) if state in states), None)
    return say(f"arrival-{worst.value}") if worst is not None else ""


def delivery_line(one: Delivery) -> str:
    """A sentence on one paper: by when it must be there or when it came, and whom to ask when it did not."""
    paper = say(f"paper-{one.paper.value}")
    if one.by is None:
        return say("delivery-not-due", paper=paper)
    by = say("delivery-computed", day=one.by) if one.computed else str(one.by)
    if one.state is Arrival.DELIVERED:
        return say("delivery-late" if one.late else "delivery-delivered", paper=paper, on=one.on, by=by)
    if one.state is Arrival.AWAITED:
        return say("delivery-awaited", paper=paper, by=by)
    return say(f"delivery-overdue-{one.paper.value}", paper=paper, by=by, ref=one.bank_ref)


def _nth_weekday(day: date, count: int) -> date:
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < 5
    return day


def _day(at: datetime) -> date:
    return at.astimezone(CHINA).date()
