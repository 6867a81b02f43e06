"""What the units page shows, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from unitclient.workflows.month_steps import StepInfo


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

    def line(self) -> UnitLine | None:
        """The line looked at."""
        return next((one for one in self.units if one.number == self.current), None)
