"""What the import wizard shows, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from types import MappingProxyType
from typing import Any

NOTHING: Mapping[str, Any] = MappingProxyType({})


class Step(IntEnum):
    """Where the wizard stands."""

    FILE = 0
    MATCH = 1
    PREVIEW = 2
    RUN = 3
    RESULT = 4


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """One column of the sheet that a field may be matched to."""

    letters: str
    label: str
    samples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MatchLine:
    """One field and the column chosen for it ("" = none)."""

    field: str
    title: str
    required: bool
    help: str
    letters: str
    samples: str
    automatic: bool
    """The titles say the same."""


@dataclass(frozen=True, slots=True)
class Look:
    """How the file is laid out, as the child saw it."""

    sheets: tuple[str, ...]
    sheet: str
    header_rows: tuple[int, int]
    recognised: bool
    columns: tuple[ColumnChoice, ...]
    automatic: Mapping[str, str]
    rows: int
    layout: str


@dataclass(frozen=True, slots=True)
class Found:
    """One finding of a preview or a result, with its sentences."""

    severity: str
    field: str
    title: str
    value: str
    why: str
    fix: str
    row: int
    column: str


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """One of the first rows."""

    number: int
    cells: Mapping[str, str]
    findings: tuple[Found, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """What the import did, in rows."""

    read: int
    taken: int
    updated: int
    unchanged: int
    refused: int
    findings: tuple[Found, ...]
    untold: int
    defaulted: tuple[str, ...]
    consequences: tuple[str, ...]
    error_workbook: str


@dataclass(frozen=True, slots=True)
class WizardState:
    """The whole wizard. `busy` is the text of what is being done, "" when nothing is."""

    step: Step = Step.FILE
    forms: tuple[tuple[str, str], ...] = ()
    form_id: str = ""
    form_title: str = ""
    path: str = ""
    busy: str = ""
    look: Look | None = None
    matches: tuple[MatchLine, ...] = ()
    remembered: bool = False
    lacking: tuple[str, ...] = ()
    twice: tuple[str, ...] = ()
    """Titles of fields that share a column with another one."""
    preview: tuple[PreviewRow, ...] = ()
    preview_fields: tuple[str, ...] = ()
    notes: tuple[Found, ...] = ()
    progress: tuple[int, int] = (0, 0)
    result: Result | None = None
    refusal: tuple[str, ...] = field(default=())
    """The sentences of what was refused last."""

    def can_go_on(self) -> bool:
        """Whether the next step may be taken."""
        if self.busy:
            return False
        if self.step is Step.FILE:
            return bool(self.path)
        if self.step is Step.MATCH:
            return not self.lacking and not self.twice
        return self.step is not Step.RUN

    def errors_ahead(self) -> int:
        """How many of the previewed rows have errors."""
        return sum(any(each.severity == "error" for each in row.findings) for row in self.preview)
