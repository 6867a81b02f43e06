"""Which line of a TOML file a key or table stands on.

`tomllib` gives values without places, and a refusal of a form must name the line. This walks the text once and notes
the line of every table header and every key; it relies on `tomllib` having accepted the text already.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

Path = tuple[str | int, ...]
"""Keys and, for an array of tables, indexes: ("field", 2, "type")."""

_HEADER = re.compile(r"\s*(\[\[?)\s*(.+?)\s*\]\]?\s*(?:#.*)?$")
_NAME = r"""(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')"""
_KEY = re.compile(rf"\s*({_NAME}(?:\s*\.\s*{_NAME})*)\s*=(.*)$")
_PART = re.compile(_NAME)
_TOKEN = re.compile(r'''"""|\'\'\'|"(?:\\.|[^"\\])*"|'[^']*'|[\[\]{}]|#.*''')


def line_map(text: str) -> Mapping[Path, int]:
    """Path -> 1-based line, for every table and every key outside inline tables."""
    lines: dict[Path, int] = {(): 1}
    counts: dict[Path, int] = {}
    table: Path = ()
    open_value = _OpenValue()
    for number, line in enumerate(text.split("\n"), 1):
        if open_value.goes_on(line):
            continue
        header = _HEADER.fullmatch(line)
        if header is not None:
            table = _table_path(_parts(header[2]), header[1] == "[[", counts)
            _note(lines, (), table, number)
            continue
        key = _KEY.fullmatch(line)
        if key is not None:
            _note(lines, table, _parts(key[1]), number)
            open_value.start(key[2])
    return lines


def line_of(lines: Mapping[Path, int], path: Path) -> int:
    """The line of the path, or of the nearest thing that holds it."""
    while path not in lines:
        path = path[:-1]
    return lines[path]


def _parts(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip("\"'") for part in _PART.findall(dotted))


def _table_path(parts: tuple[str, ...], is_array: bool, counts: dict[Path, int]) -> Path:
    """The path of a header; a part that is an array of tables means its newest element."""
    path: Path = ()
    for part in parts[:-1]:
        path = (*path, part)
        if path in counts:
            path = (*path, counts[path])
    path = (*path, parts[-1])
    if not is_array:
        return path
    counts[path] = counts.get(path, -1) + 1
    return (*path, counts[path])


def _note(lines: dict[Path, int], table: Path, key: Path, number: int) -> None:
    for end in range(1, len(key) + 1):
        lines.setdefault((*table, *key[:end]), number)


class _OpenValue:
    """Follows a value over several lines: an array, or text in triple quotes."""

    def __init__(self) -> None:
        self._depth = 0
        self._quotes = ""

    def start(self, rest: str) -> None:
        """A value begins with the rest of its key's line."""
        self._depth, self._quotes = 0, ""
        self._scan(rest)

    def goes_on(self, line: str) -> bool:
        """Whether this line still belongs to the value; reads it if so."""
        if not (self._depth or self._quotes):
            return False
        self._scan(line)
        return True

    def _scan(self, text: str) -> None:
        position = 0
        while position < len(text):
            if self._quotes:
                end = text.find(self._quotes, position)
                if end < 0:
                    return
                position, self._quotes = end + 3, ""
                continue
            match = _TOKEN.search(text, position)
            if match is None:
                return
            position = match.end()
            mark = match[0]
            if mark in ('"""', "'''"):
                self._quotes = mark
            elif mark in "[{":
                self._depth += 1
            elif mark in "]}":
                self._depth -= 1
