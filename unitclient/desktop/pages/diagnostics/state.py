"""What the diagnostics page shows."""

from __future__ import annotations

from dataclasses import dataclass

from unitclient.desktop.theme.tokens import State


@dataclass(frozen=True, slots=True)
class Line:
    """One check in words."""

    id: str
    state: State
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class DiagnosticsState:
    """`busy` while checks run; `facts` are versions and places, `report` the masked text to hand on."""

    busy: bool = False
    lines: tuple[Line, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    report: str = ""
    said: str = ""
