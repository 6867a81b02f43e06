"""What the operators page shows, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Act(StrEnum):
    """What is done with an operator."""

    ADD = "add"
    ROLE = "role"
    DEPUTY = "deputy"
    END = "end"
    RESET = "reset"
    BLOCK = "block"
    UNBLOCK = "unblock"


@dataclass(frozen=True, slots=True)
class OperatorLine:
    """One operator. `until` is the last day of standing in for `deputy_for`; `mine` marks who signed in."""

    name: str
    role: str
    blocked: bool = False
    must_change: bool = False
    deputy_for: str = ""
    until: date | None = None
    mine: bool = False


@dataclass(frozen=True)
class OperatorsState:
    """Everything the view needs. `ways` are the ways back in that are set up ("code", "certificate").

    `opens_alone`: the database of this home asks nobody for a password.
    """

    reading: bool = True
    operators: tuple[OperatorLine, ...] = ()
    ways: tuple[str, ...] = ()
    opens_alone: bool = True
    has_unit: bool = False
    current: str = ""

    def line(self) -> OperatorLine | None:
        """The one in front."""
        return next((one for one in self.operators if one.name == self.current), None)

    def possible(self) -> frozenset[Act]:
        """What can be done now; rights are another matter."""
        line = self.line()
        if self.reading:
            return frozenset()
        if line is None:
            return frozenset({Act.ADD})
        acts = {Act.ADD, Act.ROLE, Act.RESET, Act.UNBLOCK if line.blocked else Act.BLOCK}
        if line.deputy_for:
            acts.add(Act.END)
        if len(self.operators) > 1:
            acts.add(Act.DEPUTY)
        return frozenset(acts)
