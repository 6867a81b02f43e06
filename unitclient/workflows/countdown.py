"""The countdown outside the dashboard: how long there is until the deadline, and whether the clocks agree about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from unitclient.domain.period import Period
from unitclient.store.units import Unit
from unitclient.workflows.calendar import Deadline, deadline_of, next_period
from unitclient.workflows.centre_clock import centre_offset, clock_error
from unitclient.workflows.desk import Desk


@dataclass(frozen=True, slots=True)
class Countdown:
    """The next deadline and what is left of the time, by the centre's clock where it is known (`clock_known`).

    `clock_error` is by how much this computer's clock is slow (negative: fast), None when it is right.
    """

    period: Period
    deadline: Deadline | None
    left: timedelta | None
    clock_known: bool
    clock_error: timedelta | None

    def to_json(self) -> dict[str, Any]:
        """For machines; times in seconds."""
        told = self.deadline
        return {
            "period": str(self.period),
            "until": told.until.isoformat() if told else None,
            "left_s": round(self.left.total_seconds()) if self.left is not None else None,
            "notice": told.notice if told else "",
            "computed": told.computed if told else None,
            "clock": "centre" if self.clock_known else "computer",
            "clock_slow_s": round(self.clock_error.total_seconds()) if self.clock_error else 0,
        }


def countdown(desk: Desk, unit: Unit) -> Countdown:
    """Of the first month whose deadline is ahead."""
    period = next_period(desk, unit)
    deadline = deadline_of(desk, unit, period)
    left = deadline.until - desk.now() if deadline else None
    known = centre_offset(desk.store, unit.unit_number) is not None
    return Countdown(period, deadline, left, known, clock_error(desk.store, unit))


def deadlines_about_now(desk: Desk, unit: Unit) -> dict[str, Deadline]:
    """{month: deadline} of last month, this one and the next: those that a notice may move."""
    month = Period.of(desk.today())
    found = {str(month + step): deadline_of(desk, unit, month + step) for step in (-1, 0, 1)}
    return {period: deadline for period, deadline in found.items() if deadline is not None}


def moved_deadlines(before: dict[str, Deadline], after: dict[str, Deadline]) -> tuple[Deadline, ...]:
    """The deadlines that are another moment now, as they are now."""
    return tuple(
        deadline for period, deadline in after.items() if period in before and before[period].until != deadline.until
    )
