"""How the command line speaks: aligned tables, wrapped sentences, progress on standard error, or one JSON object."""

from __future__ import annotations

import json
import shutil
import sys
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

DONE, MENDABLE, USAGE, FAILED = 0, 1, 2, 3
"""Exit codes: done; errors the clerk can mend; wrong usage; the program or the machine failed."""
COLUMNS = 100
"""Width of what is printed where no terminal says another."""
BAR = 30
"""Length of a progress bar."""
_NOT_FIRST = "，。；：、？！）」》”,.;:?!)"
"""No line begins with one of these."""
_NOT_LAST = "（「《“("
"""No line ends with one of these."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command has to say: the JSON object for machines, lines for people, and the exit code."""

    data: dict[str, Any] = field(default_factory=dict)
    lines: tuple[str, ...] = ()
    code: int = DONE


def columns() -> int:
    """How wide a line may be: the terminal's width, at least 60."""
    return max(60, shutil.get_terminal_size((COLUMNS, 24)).columns)


def width(text: str) -> int:
    """Columns a terminal needs: wide characters take two, combining ones none."""
    if text.isascii():
        return len(text)
    taken = 0
    for character in text:
        if unicodedata.combining(character):
            continue
        taken += 2 if unicodedata.east_asian_width(character) in "WF" else 1
    return taken


def table(headers: Sequence[str], rows: Iterable[Sequence[str]], right: Sequence[int] = ()) -> list[str]:
    """Aligned lines; columns whose index is in `right` are flush right (amounts)."""
    cells = [list(headers), *(list(row) for row in rows)]
    widths = [max(width(row[column]) for row in cells) for column in range(len(headers))]
    return [
        "  ".join(_pad(text, widths[column], column in right) for column, text in enumerate(row)).rstrip()
        for row in cells
    ]


def pairs(rows: Iterable[tuple[str, str]]) -> list[str]:
    """Labels and values, one pair a line, the values under one another; a pair without a value is left out."""
    shown = [(label, value) for label, value in rows if value]
    longest = max((width(label) for label, _ in shown), default=0)
    return [f"{_pad(label, longest, False)}  {value}" for label, value in shown]


def _pad(text: str, taken: int, flush_right: bool) -> str:
    blanks = " " * (taken - width(text))
    return blanks + text if flush_right else text + blanks


def wrap(text: str, limit: int, indent: str = "") -> list[str]:
    """Break a sentence into lines of at most `limit` columns, the later ones after `indent`.

    Words stay whole, Chinese breaks anywhere but before a punctuation mark; a word longer than a line has one of its
    own.
    """
    lines: list[str] = []
    line, taken = "", 0
    for piece in _pieces(text):
        if line and taken + width(piece.rstrip()) > limit:
            lines.append(line.rstrip())
            line, taken = indent, width(indent)
        more = piece.lstrip() if lines and line == indent else piece
        line += more
        taken += width(more)
    return [*lines, line.rstrip()] if line.strip() or not lines else lines


def _pieces(text: str) -> list[str]:
    """Where a line may end: after a word with its blanks, and around a wide character that punctuation allows."""
    pieces: list[str] = []
    last = ""
    for character in text:
        if not pieces or _may_break(last, character):
            pieces.append(character)
        else:
            pieces[-1] += character
        last = character
    return pieces


def _may_break(last: str, character: str) -> bool:
    if character == " " or character in _NOT_FIRST or last in _NOT_LAST:
        return False
    return last == " " or _is_wide(last) or _is_wide(character)


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WF"


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
        """Show how far the present step has come; a total of 0 is one that is not known yet."""
        if not self._bar:
            return
        filled = BAR * done // total if total else 0
        bar = f"[{'█' * filled}{'·' * (BAR - filled)}] {done}/{total}" if total else f"... {done}"
        print(f"\r\033[K{bar}", end="\n" if done >= total > 0 else "", file=sys.stderr, flush=True)

    def _clear(self) -> None:
        if self._bar:
            print("\r\033[K", end="", file=sys.stderr)


def print_json(data: dict[str, Any]) -> None:
    """Write one JSON object to standard output, whole or not at all."""
    sys.stdout.write(json.dumps(data, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def print_answer(answer: Answer, as_json: bool) -> None:
    """Write the answer to standard output."""
    if as_json:
        print_json(answer.data)
        return
    for line in answer.lines:
        print(line)
    sys.stdout.flush()
