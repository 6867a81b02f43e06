"""What the units page shows, as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from unitclient.errors import UserError
    from unitclient.workflows.month_steps import StepInfo
    from unitclient.workflows.unit_months import BatchAct
    from unitclient.workflows.unit_outcomes import UnitOutcome


@dataclass(frozen=True, slots=True)
class UnitLine:
    """One unit and how far its month is. `centre` is its address, `days` what is left of its certificate."""

    number: str
    name: str
    uscc: str
    region: str
    operator: str
    centre: str
    practice: bool
    steps: tuple[StepInfo, ...]
    deadline: datetime | None
    persons: int
    waiting: int
    """Submissions that have no receipt yet."""
    days: int | None
    blocks: Mapping[BatchAct, UserError] = field(default_factory=dict)
    """Why an act for many units would do nothing for this one; an act that can be done is absent."""


@dataclass(frozen=True)
class UnitsState:
    """Everything the view needs."""

    reading: bool = True
    period: str = ""
    units: tuple[UnitLine, ...] = ()
    front: str = ""
    """Number of the unit in front."""
    current: str = ""
    """Number of the unit whose line is looked at."""
    chosen: tuple[str, ...] = ()
    """Numbers of the units chosen for an act; none means all."""
    acting: BatchAct | None = None
    """The act under way."""
    acted: BatchAct | None = None
    """The last act that ended, whose outcomes are shown."""
    outcomes: Mapping[str, UnitOutcome] = field(default_factory=dict)
    """By unit number."""

    def line(self) -> UnitLine | None:
        """The line looked at."""
        return next((one for one in self.units if one.number == self.current), None)

    def taken(self) -> tuple[str, ...]:
        """Numbers of the units that an act is done for: the chosen, or all."""
        known = tuple(one.number for one in self.units)
        return tuple(number for number in known if number in self.chosen) or known
