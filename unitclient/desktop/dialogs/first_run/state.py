"""What the first-run wizard shows, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from unitclient.errors import UserError
    from unitclient.tokens.keyref import KeyRef


class Step(StrEnum):
    """A page of the wizard."""

    MODE = "mode"
    PRACTICE = "practice"
    REAL = "real"
    KEEPING = "keeping"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class KeyChoice:
    """A key that can be chosen. `pin` and `tries` say how its PIN stands, before it is asked for."""

    ref: KeyRef
    title: str
    pin: str = ""
    tries: int | None = None


@dataclass(frozen=True, slots=True)
class Enrolled:
    """The unit that was added, for reading."""

    number: str
    name: str
    uscc: str
    region: str
    practice: bool


@dataclass(frozen=True, slots=True)
class Wish:
    """What was typed for a real centre. The PIN is handed over beside it and kept nowhere."""

    url: str
    authorities: Path | None
    key: KeyRef | None
    operator: str


@dataclass(frozen=True)
class FirstRunState:
    """Everything the view needs. `busy` is the text key of what is being done, empty for nothing."""

    only_unit: bool = False
    step: Step = Step.MODE
    real: bool = False
    regions: tuple[tuple[str, str], ...] = ()
    """(code, name) of every region that there are rules for."""
    has_practice: bool = False
    authorities: Path | None = None
    keys: tuple[KeyChoice, ...] = ()
    chosen: int = -1
    searching: bool = False
    busy: str = ""
    refusal: UserError | None = None
    wrong: tuple[str, str] = ("", "")
    """(field, text key) of what cannot be taken."""
    unit: Enrolled | None = None
    folder: str = ""

    def key(self) -> KeyChoice | None:
        """The key chosen."""
        return self.keys[self.chosen] if 0 <= self.chosen < len(self.keys) else None

    def steps(self) -> tuple[Step, ...]:
        """The pages of this run in order."""
        middle = Step.REAL if self.real else Step.PRACTICE
        return (Step.MODE, middle, Step.DONE) if self.only_unit else (Step.MODE, middle, Step.KEEPING, Step.DONE)
