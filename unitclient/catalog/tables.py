"""Code tables: resources/codes/<table>.json, each with its standard, its source and its rows.

A clerk's cell may name a row by code ("1"), by name ("男性"), by a usual other name ("男"), or by both at once
("1 男"), and a spreadsheet may have turned the code "01" into the number 1. One dictionary per table answers them all.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as member
from pathlib import Path
from types import MappingProxyType
from typing import Any

from unitclient.catalog.cells import fold_text

_SEPARATORS = re.compile(r"[\s\-_.:,;/、，。：；|()（）\[\]]+")
_FOREIGN_CODE = re.compile(r"([A-Z]?\d{0,3})(\D{2,})")


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the code that is stored and sent, its names, what else clerks call it, and the table's own members."""

    code: str
    name: str
    name_en: str = ""
    national: str = ""
    """The code of the national data-element table where `code` is our own word."""
    aliases: tuple[str, ...] = ()
    note: str = ""
    extra: Mapping[str, str] = member(default_factory=lambda: MappingProxyType({}))

    def label(self, language: str) -> str:
        """The name to show; Chinese where there is no English one."""
        return (self.name_en or self.name) if language == "en" else self.name


@dataclass(frozen=True, slots=True)
class Table:
    """A code table. `match` finds the row that a cell names; `row` the row of a code."""

    name: str
    title: str
    field: str
    source: str
    date: str
    confirmed: bool
    """Whether the codes are published ones; what is not is shown as unconfirmed wherever its source is."""
    rows: tuple[Row, ...]
    _by_code: Mapping[str, Row] = member(repr=False, compare=False)
    _by_text: Mapping[str, str] = member(repr=False, compare=False)

    def row(self, code: str) -> Row | None:
        """The row of exactly this code."""
        return self._by_code.get(code)

    def match(self, text: str) -> str | None:
        """The code a cell's text means, or None: no row, or more than one."""
        return self._by_text.get(text) or self._by_text.get(squeeze(text)) or self._without_foreign_code(text)

    def _without_foreign_code(self, text: str) -> str | None:
        """ "06 在职死亡" of another region's list: the name counts when the number is no code of this table."""
        match = _FOREIGN_CODE.fullmatch(squeeze(text))
        if match is None or match[1] in self._by_text:
            return None
        return self._by_text.get(match[2])

    def only(self, codes: Iterable[str]) -> Table:
        """The table with these of its codes alone, in their order here; all of them must be in it."""
        rows = tuple(self._by_code[code] for code in codes)
        by_code = {row.code: row for row in rows}
        return Table(
            self.name, self.title, self.field, self.source, self.date, self.confirmed, rows, by_code, _index(rows)
        )

    def label(self, code: str, language: str) -> str:
        """The name of a code to show; the code itself when the table does not have it."""
        row = self._by_code.get(code)
        return row.label(language) if row else code


def squeeze(text: str) -> str:
    """Text without blanks and separators, half-width, in capitals: how cells and names are compared."""
    return _SEPARATORS.sub("", fold_text(text)).upper()


def make_table(name: str, content: Mapping[str, Any]) -> Table:
    """A table from the content of its file; raises KeyError or ValueError when it is not one."""
    rows = tuple(_row(entry) for entry in content["rows"])
    by_code = {row.code: row for row in rows}
    if len(by_code) != len(rows):
        raise ValueError(f"{name}: a code stands twice")
    return Table(
        name,
        content["title"],
        content["field"],
        content["source"],
        content["date"],
        content.get("confirmed", False),
        rows,
        by_code,
        _index(rows),
    )


def _row(entry: Mapping[str, Any]) -> Row:
    known = {"code", "name", "en", "national", "aliases", "note"}
    extra = {key: str(value) for key, value in entry.items() if key not in known}
    return Row(
        code=entry["code"],
        name=entry["name"],
        name_en=entry.get("en", ""),
        national=entry.get("national", ""),
        aliases=tuple(entry.get("aliases", ())),
        note=entry.get("note", ""),
        extra=MappingProxyType(extra),
    )


def _spellings(row: Row) -> Iterator[str]:
    """Everything that names the row, beside its code."""
    names = (row.name, row.name_en, *row.aliases)
    for number in filter(None, (row.code, row.national)):
        bare = number.lstrip("0") or "0"
        yield from (number, bare)
        for name in filter(None, names):
            yield from (number + name, bare + name, name + number)
    yield from filter(None, names)


def _index(rows: tuple[Row, ...]) -> dict[str, str]:
    """Spelling -> code. A spelling of two rows names neither, except that an exact code always names its row."""
    index: dict[str, str] = {}
    twice = set()
    for row in rows:
        for spelling in {squeeze(text) for text in _spellings(row)}:
            if index.setdefault(spelling, row.code) != row.code:
                twice.add(spelling)
    for spelling in twice:
        del index[spelling]
    return index | {row.code: row.code for row in rows}


def load_tables(resources_root: Path) -> Mapping[str, Table]:
    """All code tables under resources/codes, by file name."""
    files = sorted((resources_root / "codes").glob("*.json"))
    return MappingProxyType({path.stem: make_table(path.stem, json.loads(path.read_text("utf-8"))) for path in files})
