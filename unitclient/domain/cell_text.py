"""Texts that leave for a spreadsheet where a cell has no type: a CSV file, the clipboard."""

from __future__ import annotations

import re

# The first characters that make a spreadsheet program run a typed text as a formula. The full-width twins count too:
# Chinese and Japanese editions take them for the half-width ones.
_TRIGGER = "=+\\-@\t\r\n＝＋－＠"
_NEEDS_QUOTE = re.compile(rf"'*[{_TRIGGER}]|'+\d")
_QUOTED = re.compile(rf"'+[{_TRIGGER}\d]")
_FORCED_TEXT = re.compile(r'="([^"]*)"')


def safe_text(value: str) -> str:
    """A text that no spreadsheet program runs as a formula where a cell has no type: an apostrophe is put before it.

    Not needed in a workbook, where texts are stored as texts. `plain_text` takes the apostrophe off again.
    """
    return "'" + value if _NEEDS_QUOTE.match(value) else value


def plain_text(value: str) -> str:
    """A cell without what only keeps programs from changing it: `'=1+1`, `'5101...`, `="5101..."`."""
    if _QUOTED.match(value):
        return value[1:]
    forced = _FORCED_TEXT.fullmatch(value)
    return forced[1] if forced else value
