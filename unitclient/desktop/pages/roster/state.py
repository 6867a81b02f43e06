"""What the roster page shows, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from unitclient.desktop.theme.tokens import State
from unitclient.store import people
from unitclient.workflows.roster_lines import WageRule

SHOW_CHANGING: str = people.CHANGING
SHOW_WITH_FINDINGS: str = people.WITH_FINDINGS
"""What the filter chips narrow the list to, by the store's names."""


class Emptiness(StrEnum):
    """Why no row is shown."""

    NO = "no"
    NOBODY = "nobody"
    NO_MATCH = "no-match"
    LOADING = "loading"


@dataclass(frozen=True, slots=True)
class Reason:
    """One finding of the current person. `column` is the column it is marked at."""

    state: State
    column: str
    text: str


@dataclass(frozen=True, slots=True)
class Detail:
    """The current person, as the strip below the table shows them."""

    id_number: str
    name: str
    facts: str
    state: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A line that was not taken: where it came from, whom it is about, why, and what was typed."""

    label: str
    name: str
    id_number: str
    reasons: str
    typed: str


@dataclass(frozen=True, slots=True)
class LifeRow:
    """One line of the life line, written out."""

    month: str
    what: str
    state: str
    look: State


@dataclass(frozen=True, slots=True)
class RosterState:
    """The page. `counts` are by chip id, `troubled` the number of people with findings, drafts among them."""

    listed: int = 0
    total: int = 0
    emptiness: Emptiness = Emptiness.LOADING
    counts: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    departments: tuple[str, ...] = ()
    selected: int = 0
    detail: Detail | None = None
    refused: tuple[RefusedRow, ...] = ()
    undo: str = ""
    """What can be undone; empty when nothing can."""
    redo: str = ""
    busy: bool = False
    life_name: str = ""
    life: tuple[LifeRow, ...] = ()
    life_open: bool = False


@dataclass(frozen=True, slots=True)
class BulkAsk:
    """What the dialog for many people starts with: how many, some of them with their wages, months, reasons."""

    count: int
    examples: tuple[tuple[str, int | None], ...]
    """(name, wage in fen that counts now)."""
    month: str
    months: tuple[str, ...]
    reasons: tuple[tuple[str, str], ...]
    """(code, name)."""
    departments: tuple[str, ...]
    masked: bool = False


@dataclass(frozen=True, slots=True)
class BulkChoice:
    """What is to be done to many people: a rule for wages from a month on, or a department."""

    rule: WageRule | None = None
    month: str = ""
    reason: str = ""
    department: str = ""
