"""What a measurement gives: a line with its runs, its floor and its goal, for people and for machines."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any


class Verdict(StrEnum):
    """Whether a line reached its goal."""

    OK = "ok"
    MISSED = "MISSED"
    TOLD = "-"
    """There is no goal: the figure is told, not judged."""
    NOT_MEASURED = "not measured"


@dataclass(frozen=True)
class Line:
    """One figure: its runs (`unit`), and what it is held against.

    `floor` is what a ratio is taken of, by the minima, because a busy machine only ever adds; `goal` bounds the ratio
    where there is a floor, else the figure that `judged` names: "min", "median" or "max".
    """

    group: str
    name: str
    unit: str
    runs: tuple[float, ...]
    goal: float | None = None
    floor: tuple[float, ...] = ()
    judged: str = "median"
    note: str = ""
    lacking: str = field(default="", metadata={"what": "why it was not measured"})

    @property
    def least(self) -> float:
        """The least of the runs."""
        return min(self.runs)

    @property
    def middle(self) -> float:
        """Their median."""
        return statistics.median(self.runs)

    @property
    def most(self) -> float:
        """The most of them."""
        return max(self.runs)

    @property
    def ratio(self) -> float | None:
        """How many times its floor."""
        return self.least / min(self.floor) if self.floor and self.runs else None

    @property
    def verdict(self) -> Verdict:
        """Whether the goal was reached."""
        if not self.runs:
            return Verdict.NOT_MEASURED
        if self.goal is None:
            return Verdict.TOLD
        held = {"min": self.least, "median": self.middle, "max": self.most}[self.judged]
        return Verdict.OK if (held if self.ratio is None else self.ratio) <= self.goal else Verdict.MISSED

    def to_json(self) -> dict[str, Any]:
        """For machines: everything, and what follows from it."""
        return {**asdict(self), "ratio": self.ratio, "verdict": self.verdict.value}

    def to_row(self) -> str:
        """For people."""
        if not self.runs:
            return f"{self.name:<72} not measured: {self.lacking}"
        figures = "".join(f"{_short(one):>9}" for one in (self.least, self.middle, self.most))
        ratio = f"{self.ratio:.2f} x" if self.ratio is not None else ""
        goal = "" if self.goal is None else f"{_short(self.goal)}{' x' if self.ratio is not None else ''}"
        return f"{self.name:<72}{figures} {self.unit:<6}{ratio:>8}{goal:>9}  {self.verdict.value}"


HEAD = f"{'':72}{'min':>9}{'median':>9}{'max':>9} {'':6}{'ratio':>8}{'goal':>9}"


def _short(figure: float) -> str:
    if figure == int(figure):
        return f"{figure:,.0f}"
    return f"{figure:,.3f}" if abs(figure) < 1 else f"{figure:,.1f}"


def faster_than(line: Line, peer: Sequence[float], name: str) -> Line:
    """A line that holds the same runs against a peer's: faster is a ratio of at most one."""
    return Line(line.group, name, line.unit, line.runs, 1.0, tuple(peer), note="the minimum against the peer's minimum")
