"""What is on the clipboard as lines about people: with a line of titles by title, without one by place."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Mapping, Sequence

from unitclient.catalog.headers import normal_header
from unitclient.catalog.loader import Catalog
from unitclient.desktop.pages.roster import columns as col
from unitclient.domain.cell_text import plain_text
from unitclient.errors import UserError
from unitclient.texts import say
from unitclient.workflows.roster_edits import ENROL_FORM, WAGE_FORM
from unitclient.workflows.roster_lines import PasteLine

MOST_LINES = 20_000
"""More than this is a workbook to import."""
_IGNORED = frozenset({col.STATE, col.WAGE, col.BASE, col.CHANGE, col.SINCE, col.INSURANCES})
"""Columns that are shown and not declared here: pasted over, they change nothing."""
_FIELD = {col.NEW_WAGE: "wage"}
_ID = re.compile(r"[0-9A-Za-z]{8,20}")


def cells_of(text: str) -> list[list[str]]:
    """A clipboard's text as lines of cells, the way spreadsheets write it (quoted when a cell has several lines)."""
    read = csv.reader(io.StringIO(text, newline=""), delimiter="\t")
    rows = [[plain_text(" ".join(cell.split())) for cell in row] for row in read]
    return [row for row in rows if any(row)]


def lines_of(text: str, catalog: Catalog, keys: Sequence[str], note_at: Callable[[int], int | None]) -> list[PasteLine]:
    """Lines to stage.

    `keys` are the shown columns from the one where the block goes, `note_at(n)` gives the note in the n-th row from
    there. UserError: roster-paste-place (nothing says where it goes), roster-paste-long, roster-paste-nothing (no
    column in it can be changed here).
    """
    rows = cells_of(text)
    if len(rows) > MOST_LINES:
        raise UserError("roster-paste-long", count=len(rows), most=MOST_LINES)
    titles = _titles(rows[0], catalog) if rows else {}
    if titles:
        return _named(rows[1:], titles)
    if not keys:
        raise UserError("roster-paste-place")
    places = {place: _FIELD.get(key, key) for place, key in enumerate(keys) if key not in _IGNORED}
    width = max((len(row) for row in rows), default=0)
    used = {place: name for place, name in places.items() if place < width}
    if not used:
        raise UserError("roster-paste-nothing")
    by_id = "id_number" in used.values() and any(_is_id(_cell(row, used, "id_number")) for row in rows)
    return [_placed(number, row, used, None if by_id else note_at(number)) for number, row in enumerate(rows)]


def one_cell(text: str) -> str | None:
    """The text when it is a single cell, which fills a whole selection; otherwise None."""
    rows = cells_of(text)
    return rows[0][0] if len(rows) == 1 and len(rows[0]) == 1 else None


def _titles(first: Sequence[str], catalog: Catalog) -> dict[int, str]:
    """{place: field} when the line has titles, the ID number's among them; {} when it has none."""
    own = {normal_header(column.title()): column.key for column in col.COLUMNS}
    found: dict[int, str] = {}
    for place, cell in enumerate(first):
        key = own.get(normal_header(cell), "")
        if key in _IGNORED and key != col.WAGE:
            continue
        field = _FIELD.get(key, key) or _field_named(cell, catalog)
        if field:
            found[place] = field
    return _once(found, first) if "id_number" in found.values() else {}


def _field_named(cell: str, catalog: Catalog) -> str:
    for form in (ENROL_FORM, WAGE_FORM):
        named = catalog.form(form).column_for(cell)
        if named is not None and named[0].name != "old_wage":
            return named[0].name
    return ""


def _once(found: Mapping[int, str], first: Sequence[str]) -> dict[int, str]:
    """Of two columns for the wage the new one counts; of any other two the first."""
    kept: dict[str, int] = {}
    new = normal_header(next(column.title() for column in col.COLUMNS if column.key == col.NEW_WAGE))
    for place, field in found.items():
        if field not in kept or (field == "wage" and normal_header(first[place]) == new):
            kept[field] = place
    return {place: field for field, place in kept.items()}


def _named(rows: Sequence[Sequence[str]], titles: Mapping[int, str]) -> list[PasteLine]:
    return [_placed(number + 1, row, titles, None) for number, row in enumerate(rows)]


def _placed(number: int, row: Sequence[str], places: Mapping[int, str], note: int | None) -> PasteLine:
    cells = {field: row[place] for place, field in places.items() if place < len(row)}
    if note is not None:
        cells = {field: text for field, text in cells.items() if field not in ("name", "id_number")}
    return PasteLine(say("d-roster-line", number=number + 1), cells, note)


def _cell(row: Sequence[str], places: Mapping[int, str], field: str) -> str:
    place = next(place for place, name in places.items() if name == field)
    return row[place] if place < len(row) else ""


def _is_id(text: str) -> bool:
    return _ID.fullmatch(text) is not None
