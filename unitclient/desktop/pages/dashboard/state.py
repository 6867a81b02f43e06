"""What the dashboard shows, as plain data in the language in use."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from unitclient.desktop.theme.tokens import State
from unitclient.desktop.widgets.stepper import StepView
from unitclient.desktop.widgets.todo import Note


@dataclass(frozen=True, slots=True)
class DeadlineView:
    """The countdown: `until` None when nobody knows the deadline, `met` once the month has been sent."""

    until: datetime | None
    line: str
    source: str
    pills: tuple[tuple[State, str], ...]
    met: bool = False


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of a small card: how it stands, in words, and what that means."""

    state: State
    word: str
    text: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class NextStep:
    """The one thing that leads on. `key` is a to-do's or a step's; empty when there is nothing to do."""

    key: str
    word: str


@dataclass(frozen=True, slots=True)
class DashboardState:
    """Everything but the trends."""

    title: str
    deadline: DeadlineView
    next: NextStep
    steps: tuple[StepView, ...]
    to_dos: tuple[Note, ...]
    queue: Fact
    certificate: Fact
    backup: Fact


@dataclass(frozen=True, slots=True)
class TrendRow:
    """One month: persons, fen by insurance, and whether it was sent."""

    month: str
    persons: int
    amounts: tuple[int, ...]
    total: int
    sent: bool


@dataclass(frozen=True, slots=True)
class Trends:
    """The months that are known, oldest first; `insurances` are the domain's words in the order of the amounts."""

    insurances: tuple[str, ...] = ()
    rows: tuple[TrendRow, ...] = ()
