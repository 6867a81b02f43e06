"""How the command line speaks: aligned tables, progress on standard error, or one JSON object."""

from __future__ import annotations

import json
import sys
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

DONE, MENDABLE, USAGE, FAILED = 0, 1, 2, 3
"""Exit codes: done; errors the clerk can mend; wrong usage; the program or the machine failed."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command has to say: the JSON object for machines, lines for people, and the exit code."""

    data: dict[str, Any] = field(default_factory=dict)
    lines: tuple[str, ...] = ()
    code: int = DONE


def width(text: str) -> int:
    """Columns a terminal needs: wide characters take two, combining ones none."""
    columns = 0
    for character in text:
        if unicodedata.combining(character):
            continue
        columns += 2 if unicodedata.east_asian_width(character) in "WF" else 1
    return columns


def table(headers: Sequence[str], rows: Iterable[Sequence[str]], right: Sequence[int] = ()) -> list[str]:
    """Aligned lines; columns whose index is in `right` are flush right (amounts)."""
    cells = [list(headers), *(list(row) for row in rows)]
    widths = [max(width(row[column]) for row in cells) for column in range(len(headers))]
    return [
        "  ".join(_pad(text, widths[column], column in right) for column, text in enumerate(row)).rstrip()
        for row in cells
    ]


def _pad(text: str, columns: int, flush_right: bool) -> str:
    blanks = " " * (columns - width(text))
    return blanks + text if flush_right else text + blanks


class Progress:
    """A progress bar on standard error; silent when that is not a terminal, apart from one line for each step."""

    def __init__(self, quiet: bool) -> None:
        self._quiet = quiet
        self._bar = not quiet and sys.stderr.isatty()

    def step(self, text: str) -> None:
        """Say that a new step begins."""
        if not self._quiet:
            self._clear()
            print(text, file=sys.stderr, flush=True)

    def count(self, done: int, total: int) -> None:
        """Show how far the present step has come."""
        if self._bar and total:
            filled = 30 * done // total
            end = "\n" if done >= total else ""
            print(f"\r[{'█' * filled}{'·' * (30 - filled)}] {done}/{total}", end=end, file=sys.stderr, flush=True)

    def _clear(self) -> None:
        if self._bar:
            print("\r\033[K", end="", file=sys.stderr)


def print_answer(answer: Answer, as_json: bool) -> None:
    """Write the answer to standard output."""
    if as_json:
        print(json.dumps(answer.data, ensure_ascii=False))
        return
    for line in answer.lines:
        print(line)
