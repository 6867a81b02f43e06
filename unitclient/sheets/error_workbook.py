"""The error workbook: the refused rows of a sheet, laid out as the sheet was, with what is wrong and what to do.

The head is the sheet's own, so the file can be mended and imported again as it is. Every cell is written back as it
was typed: a number stays a number, also a resident ID stored as a number, which has lost its last digits and will be
refused again until it is typed anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from unitclient.domain.findings import Finding
from unitclient.sheets.cells import column_index
from unitclient.sheets.model import Cell, Layout, Merge, RefusedRow, SheetRead, SourceRow
from unitclient.sheets.reread import rows_by_number
from unitclient.sheets.xlsx_out import WRONG, Style, StyledCell, XlsxWriter, natural_style
from unitclient.texts import finding_texts, say

_NOTE_WIDTH = 46
_MEASURED_ROWS = 200
_LINE_HEIGHT = 15.0

Written = Sequence[Cell | StyledCell]


def write_error_workbook(source: Path, read: SheetRead, refused: Sequence[RefusedRow], out: Path) -> None:
    """Write the refused rows of `read` to `out` (.xlsx), with two more columns at the end: 错误原因 and 怎么改.

    Rows whose `row` is not given are read again from `source`, which must not have changed: UserError sheet-changed.
    The sentences are those of the language in use.
    """
    rows = _with_cells(source, read, refused)
    layout, keep = read.layout, _kept_columns(read.layout)
    titles = {column.field: column.label for column in layout.columns}
    depth = len(layout.head)
    body = [_row(item, row, layout, keep, titles) for item, row in rows]
    with XlsxWriter(out) as book:
        book.sheet(
            read.sheet or out.stem,
            [*_head(layout, keep), *body],
            widths=[*_widths(layout, keep, [row for _item, row in rows]), _NOTE_WIDTH, _NOTE_WIDTH],
            merges=_merges(layout, keep),
            frozen_rows=depth,
            heights=_heights(body, depth),
        )


def _with_cells(source: Path, read: SheetRead, refused: Sequence[RefusedRow]) -> list[tuple[RefusedRow, SourceRow]]:
    missing = {item.number for item in refused if item.row is None}
    again = rows_by_number(source, read, missing) if missing else {}
    return [(item, item.row or again[item.number]) for item in sorted(refused, key=lambda item: item.number)]


def _kept_columns(layout: Layout) -> list[int]:
    """All columns up to the last one used, without the notes of an earlier error workbook."""
    return [index for index in range(layout.width) if index not in layout.note_columns]


def _head(layout: Layout, keep: list[int]) -> Iterator[Written]:
    for row_index, row in enumerate(layout.head):
        is_header = row_index >= layout.first_header
        cells = [_head_cell(row[index] if index < len(row) else None, is_header) for index in keep]
        if row_index == layout.first_header:
            cells += [StyledCell(say(key), Style.REQUIRED) for key in ("sheets-note-reason", "sheets-note-fix")]
        yield cells


def _head_cell(value: Cell, is_header: bool) -> Cell | StyledCell:
    if is_header:
        return StyledCell(value, Style.HEADER if isinstance(value, str) or value is None else natural_style(value))
    return value


def _row(item: RefusedRow, row: SourceRow, layout: Layout, keep: list[int], titles: Mapping[str, str]) -> Written:
    wrong = _wrong_columns(item.findings, layout)
    cells: list[Cell | StyledCell] = []
    for index in keep:
        value = row.cells[index] if index < len(row.cells) else None
        style = natural_style(value)
        if value in (None, "") and any(column.index == index and column.is_id for column in layout.columns):
            style = Style.TEXT
        cells.append(StyledCell(value, style + WRONG) if index in wrong else _plain(value, style))
    reasons, fixes = _notes(item, titles)
    return [*cells, StyledCell(reasons, Style.NOTE), StyledCell(fixes, Style.NOTE)]


def _plain(value: Cell, style: Style) -> Cell | StyledCell:
    return StyledCell(value, style) if style is not Style.PLAIN else value


def _wrong_columns(findings: Sequence[Finding], layout: Layout) -> set[int]:
    by_field = {column.field: column.index for column in layout.columns}
    wrong = {by_field[finding.field] for finding in findings if finding.field in by_field}
    return wrong | {
        column_index(finding.place.column) for finding in findings if finding.place and finding.place.column
    }


def _notes(item: RefusedRow, titles: Mapping[str, str]) -> tuple[str, str]:
    """All reasons, and all remedies, a line each; each remedy only once."""
    reasons, fixes = [say("sheets-note-row", row=item.number)], []
    for finding in item.findings:
        title = titles.get(finding.field, "")
        why, fix = finding_texts(finding.code, {"field": title, **finding.params}, finding.value)
        reasons.append(say("sheets-note-line", title=title, text=why) if title else why)
        fixes.append(say("sheets-note-line", title=title, text=fix) if title else fix)
    return "\n".join(dict.fromkeys(reasons)), "\n".join(dict.fromkeys(fixes))


def _merges(layout: Layout, keep: list[int]) -> list[Merge]:
    """The head's merged ranges, as far as their columns are kept."""
    places = {index: position for position, index in enumerate(keep)}
    return [
        ((top, places[left]), (bottom, places[right]))
        for (top, left), (bottom, right) in layout.merges
        if left in places and right in places
    ]


def _widths(layout: Layout, keep: list[int], rows: list[SourceRow]) -> list[float]:
    ids = {column.index for column in layout.columns if column.is_id}
    return [20.0 if index in ids else _width(layout, index, rows) for index in keep]


def _width(layout: Layout, index: int, rows: list[SourceRow]) -> float:
    sample = [row.cells[index] for row in rows[:_MEASURED_ROWS] if index < len(row.cells)]
    sample += [row[index] for row in layout.head[layout.first_header :] if index < len(row)]
    longest = max((len(str(cell).encode("gb18030", "replace")) for cell in sample if cell is not None), default=0)
    return min(40.0, max(8.0, longest + 2.0))


def _heights(body: Sequence[Written], depth: int) -> dict[int, float]:
    """Enough lines for the notes: WPS and Excel do not fit a row's height by themselves when a file is opened."""
    heights = {}
    for position, row in enumerate(body):
        lines = max(_lines(cell.value) for cell in row[-2:] if isinstance(cell, StyledCell))
        heights[depth + position] = min(400.0, _LINE_HEIGHT * lines)
    return heights


def _lines(value: Cell) -> int:
    text = value if isinstance(value, str) else ""
    return sum(1 + len(line.encode("gb18030", "replace")) // _NOTE_WIDTH for line in text.split("\n"))
