"""Personal data in free text, hidden before the text leaves: identity, card and telephone numbers, and known names."""

from __future__ import annotations

import re
from collections.abc import Callable

_NUMBERS = re.compile(r"(?<![0-9A-Za-z])(?:\d{17}[\dXx]|\d{16,19}|\d{15}|1[3-9]\d{9})(?![0-9A-Za-z])")
"""Resident numbers (18 or 15), bank and card numbers (16 to 19), mobile telephones (11)."""
_GROUPED = re.compile(r"\d{4}(?:[ -]\d{4}){3}(?:[ -]\d{1,3})?")
"""Card numbers as people write them, in groups of four."""


def hide_persons(text: str, name_of: Callable[[str], str] = lambda _number: "", keep: str = "") -> str:
    """The text with the middle of every such number as stars; a number in `keep` stays (an acceptance number).

    `name_of` gives the name of the person whose number it is, or ""; that name is hidden too, but for its first
    character. Hiding twice changes nothing.
    """
    names: set[str] = set()

    def hidden(match: re.Match[str]) -> str:
        number = match.group().upper()
        if number == keep:
            return match.group()
        names.add(name_of(number))
        return _middle(number)

    shown = _NUMBERS.sub(hidden, _joined(text))
    for name in sorted(filter(None, names), key=len, reverse=True):
        shown = shown.replace(name, name[0] + "*" * (len(name) - 1))
    return shown


def _joined(text: str) -> str:
    """Card numbers written in groups as one number; other text as it is."""
    return _GROUPED.sub(lambda match: re.sub("[ -]", "", match.group()), text)


def _middle(number: str) -> str:
    """A mobile telephone keeps 3 and 2, any other number 3 and 4."""
    tail = 2 if len(number) == 11 else 4
    return number[:3] + "*" * (len(number) - 3 - tail) + number[-tail:]
