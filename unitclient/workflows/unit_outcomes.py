"""What came of each unit when one act is done for many: a refusal is a value, and the next unit's turn comes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from unitclient.errors import Cancelled, UserError
from unitclient.store.units import Unit, get_unit, list_units
from unitclient.workflows.centre_clock import with_centre_clock
from unitclient.workflows.desk import Count, Desk

NEEDLESS = frozenset(
    {"month-already-declared", "month-on-its-way", "units-nobody", "units-reviewed", "units-unsigned-none",
     "units-unsent-none"}
)  # fmt: skip
"""Codes that say that there is nothing to do: not a failure of the unit."""


class UnitResult(StrEnum):
    """What came of a unit."""

    DONE = "done"
    NEEDLESS = "needless"
    """There was nothing to do; the code says why."""
    REFUSED = "refused"
    CANCELLED = "cancelled"
    """The person gave up at this unit's key, or stopped the act before its turn."""


@dataclass(frozen=True, slots=True)
class UnitOutcome:
    """What came of one unit. `count` are the persons prepared for, declarations signed, or submissions delivered."""

    unit_number: str
    unit_name: str
    result: UnitResult
    count: int = 0
    refusal: UserError | None = None

    @property
    def code(self) -> str:
        """Code of the refusal, "" without one."""
        return self.refusal.code if self.refusal else ""


Act = Callable[[Desk, Unit], int]
"""What is done for a unit at its own desk: gives the outcome's count, raises UserError."""


def chosen_units(desk: Desk, numbers: Sequence[str] = ()) -> list[Unit]:
    """The units named, or all of this computer by name; UserError unit-unknown."""
    return [get_unit(desk.store, number) for number in dict.fromkeys(numbers)] or list_units(desk.store)


def each(desk: Desk, units: Sequence[Unit], act: Act, told: Count) -> list[UnitOutcome]:
    """Do it for one unit after the other; once `told` raises Cancelled (the person stopped it), the rest is left."""
    outcomes: list[UnitOutcome] = []
    for place, unit in enumerate(units):
        try:
            told(place, len(units))
        except Cancelled:
            return outcomes + [refused(left, None) for left in units[place:]]
        outcomes.append(tried(desk, unit, act))
    return outcomes


def tried(desk: Desk, unit: Unit, act: Act) -> UnitOutcome:
    """Do it for one unit, by the clock of its centre; what it ends with is the outcome."""
    try:
        count = act(with_centre_clock(desk, unit), unit)
    except UserError as refusal:
        return refused(unit, refusal)
    return UnitOutcome(unit.unit_number, unit.name, UnitResult.DONE, count)


def refused(unit: Unit, refusal: UserError | None) -> UnitOutcome:
    """The outcome of a unit that nothing was done for; `refusal` None: the person stopped it."""
    result = UnitResult.CANCELLED if refusal is None else UnitResult.REFUSED
    if refusal is not None and refusal.code in NEEDLESS:
        result = UnitResult.NEEDLESS
    return UnitOutcome(unit.unit_number, unit.name, result, 0, refusal)
