"""Numbered points of a run, and death at one of them.

A run without death writes down every point it passes; a later run of the same work is told a number and a side, and
ends itself there by SIGKILL, as a power cut or an impatient task manager would.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

BEFORE: Final = "before"
AFTER: Final = "after"
HALF: Final = "half"
"""In the middle of what a file is given: half of it has reached the disk."""
KINDS: Final = ("commit", "send", "receive", "token", "file", "write")


@dataclass(frozen=True, slots=True)
class Place:
    """A point by its number (from 1) and the side of it on which to die."""

    number: int
    side: str


@dataclass(frozen=True, slots=True)
class Point:
    """A point as it was passed: its number, what kind of act it is, and what the act was about."""

    number: int
    kind: str
    what: str

    def sides(self) -> tuple[str, ...]:
        """The sides on which a run can die here."""
        return (BEFORE, HALF, AFTER) if self.kind == "write" else (BEFORE, AFTER)


@dataclass
class Recorder:
    """Counts the points of this process, from any thread, and dies at one of them if it is told to."""

    log: Path
    death: Place | None = None
    _number: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _here: threading.local = field(default_factory=threading.local)

    def __post_init__(self) -> None:
        self._file = os.open(self.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    @contextmanager
    def passing(self, kind: str, what: str) -> Iterator[int]:
        """One act: the point lies around the block."""
        number = self.number(kind, what)
        self.die(number, BEFORE)
        outer, self._here.inside = self.inside(), True
        try:
            yield number
        finally:
            self._here.inside = outer
        self.die(number, AFTER)

    def inside(self) -> bool:
        """Whether this thread is in the middle of a point."""
        return getattr(self._here, "inside", False)

    def number(self, kind: str, what: str) -> int:
        """The number of the point that is reached now."""
        with self._lock:
            self._number += 1
            number = self._number
        os.write(self._file, f"{number}\t{kind}\t{what}\n".encode())
        return number

    def dies(self, number: int, side: str) -> bool:
        """Whether the run ends on this side of this point."""
        return self.death is not None and (self.death.number, self.death.side) == (number, side)

    def die(self, number: int, side: str) -> None:
        """End here, if this is the place. Nothing is cleaned up: that is the point."""
        if self.dies(number, side):
            os.kill(os.getpid(), signal.SIGKILL)
            time.sleep(60)  # another thread may be the one that is taken off first


def passed(log: Path) -> list[Point]:
    """The points that a run wrote down; none when it never began."""
    if not log.exists():
        return []
    lines = (line.split("\t", 2) for line in log.read_text("utf-8", "replace").splitlines())
    return [Point(int(number), kind, what) for number, kind, what in lines]
