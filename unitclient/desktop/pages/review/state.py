"""What the review page shows, as plain data in the language in use."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from unitclient.desktop.theme.tokens import State
from unitclient.desktop.widgets.todo import Note


class Act(StrEnum):
    """What can be done on the page."""

    PREPARE = "prepare"
    CORRECT = "correct"
    ASK = "ask"
    PASS = "pass"  # noqa: S105 - the act of a reviewer
    SEND_BACK = "send-back"
    SIGN = "sign"
    QUEUE = "queue"
    RECORDS = "records"


@dataclass(frozen=True, slots=True)
class Button:
    """An act and its word."""

    act: Act
    word: str


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of the month and how it moved since the last one."""

    title: str
    value: str
    change: str


@dataclass(frozen=True, slots=True)
class ReviewBar:
    """Four eyes: how far they are, and whether the reviewer's name and buttons are shown."""

    state: State
    word: str
    text: str
    open: bool


@dataclass(frozen=True, slots=True)
class TotalRow:
    """One insurance; money in fen."""

    insurance: str
    persons: int
    unit: int
    person: int
    total: int
    before: int
    delta: int


@dataclass(frozen=True, slots=True)
class ReviewState:
    """A month on the review page. Without a prepared declaration `declaration` is empty and the rest with it."""

    period: str
    months: tuple[tuple[str, str], ...]
    """(period, word) of the months that can be chosen."""
    declaration: str
    state: State
    word: str
    headline: str
    details: str
    main: Button
    others: tuple[Button, ...]
    review: ReviewBar | None = None
    figures: tuple[Figure, ...] = ()
    totals: tuple[TotalRow, ...] = ()
    findings: tuple[Note, ...] = ()
    consequences: tuple[Note, ...] = ()
    people: int = 0
    changed: int = 0


@dataclass(frozen=True, slots=True)
class LineView:
    """One insurance of one person in words. `sums` is shown behind the title; amounts are spelled out already."""

    title: str
    sums: str
    lines: tuple[str, ...]
    source: str
    all_sources: str = ""
    """The rule's source as it stands in the policy package."""
    pill: tuple[State, str] | None = None
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Explained:
    """One person explained. `number` is the ID number as it is; masking is the view's business."""

    number: str
    name: str
    change: str
    lines: tuple[LineView, ...]
