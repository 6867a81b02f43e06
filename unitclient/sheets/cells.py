"""Small things about cells that several modules need: addresses, numbers that lost digits."""

from __future__ import annotations

import re
from functools import lru_cache

_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?[Ee]\+(\d{2})")

LOST_DIGITS = 1e15
"""From here on (16 digits) a spreadsheet number no longer holds every digit that was typed."""


@lru_cache(maxsize=1024)
def column_letter(index: int) -> str:
    """The letters of a 0-based column: 0 is A, 26 is AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_index(letters: str) -> int:
    """The 0-based column of its letters: A is 0."""
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - 64
    return index - 1


def is_lost_number(cell: object) -> bool:
    """Whether an ID was stored as a number of 16 digits or more, or as text such as 5.10104E+17: digits are lost."""
    if isinstance(cell, str):
        match = _SCIENTIFIC.fullmatch(cell.strip())
        return match is not None and int(match[1]) >= 15
    return isinstance(cell, int | float) and abs(cell) >= LOST_DIGITS


def shown(cell: object) -> str:
    """A cell as text for a message: whole numbers without `.0` or exponent."""
    if isinstance(cell, float) and cell.is_integer():
        return f"{cell:.0f}"
    return "" if cell is None else str(cell)
