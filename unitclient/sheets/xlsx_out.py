"""A small streaming writer of .xlsx: typed cells, a fixed set of styles, one sheet after the other, constant memory.

Texts are written as inline strings, never as formulas; their styles say `quotePrefix`, so that a text such as
`=1+1` stays a text even when someone edits the cell. Rows are packed as they come; the file appears under its name
only when it is complete.
"""

from __future__ import annotations

import math
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from datetime import date, datetime, time, timedelta
from enum import IntEnum
from pathlib import Path
from types import TracebackType
from typing import IO, NamedTuple, Self
from xml.sax.saxutils import escape, quoteattr

from unitclient.drafts import draft_of
from unitclient.sheets.cells import LOST_DIGITS, column_letter
from unitclient.sheets.model import Cell, ErrorCell, Merge

_EPOCH = datetime(1899, 12, 30)
_FIRST_SAFE_DAY = date(1900, 3, 1)  # before it, the 1900 system counts a 29 February that never was
_MAX_TEXT = 32_767
_ILLEGAL = re.compile("_(?=x[0-9A-Fa-f]{4}_)|[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
_SHEET_NAME = re.compile(r"[\[\]:*?/\\]")
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"


class Style(IntEnum):
    """How a cell looks; the value is its index in the style sheet. WRONG is added for a red ground."""

    PLAIN = 0
    TEXT = 1
    DATE = 2
    MOMENT = 3
    TIME = 4
    SPAN = 5
    DIGITS = 6
    MONEY = 7
    HEADER = 16
    REQUIRED = 17
    TITLE = 18
    NOTE = 19


WRONG = 8
"""Added to the first eight styles."""

_FORMATS = {
    Style.PLAIN: 0,
    Style.TEXT: 49,
    Style.DATE: 164,
    Style.MOMENT: 165,
    Style.TIME: 21,
    Style.SPAN: 46,
    Style.DIGITS: 1,
    Style.MONEY: 4,
}


class StyledCell(NamedTuple):
    """A cell value with its style."""

    value: Cell
    style: int


class XlsxWriter:
    """Writes one workbook to `out`; use as a context manager. Left by an exception, nothing is left at `out`."""

    def __init__(self, out: Path) -> None:
        self._out = out
        out.parent.mkdir(parents=True, exist_ok=True)
        self._drafts = ExitStack()
        self._part = self._drafts.enter_context(draft_of(out))
        self._zip = zipfile.ZipFile(self._part, "w", zipfile.ZIP_DEFLATED, compresslevel=4)
        self._names: list[str] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._drafts:
            if kind is None:
                self._write_frame()
            self._zip.close()
            if kind is None:
                self._part.replace(self._out)

    def sheet(
        self,
        name: str,
        rows: Iterable[Sequence[Cell | StyledCell]],
        *,
        widths: Sequence[float] = (),
        merges: Iterable[Merge] = (),
        frozen_rows: int = 0,
        heights: Mapping[int, float] | None = None,
        hidden_rows: frozenset[int] = frozenset(),
    ) -> None:
        """Write one sheet. `heights` in points by 0-based row; `widths` in characters; `hidden_rows` from 1."""
        self._names.append(self._free_name(name))
        with self._zip.open(f"xl/worksheets/sheet{len(self._names)}.xml", "w", force_zip64=True) as part:
            part.write(_sheet_start(widths, frozen_rows, selected=len(self._names) == 1).encode())
            _write_rows(part, rows, heights or {}, hidden_rows)
            part.write(b"</sheetData>" + _merge_xml(merges) + b"</worksheet>")

    def _free_name(self, name: str) -> str:
        name = _SHEET_NAME.sub("_", name).strip("'")[:31] or "Sheet1"
        while name.lower() in {taken.lower() for taken in self._names}:
            name = f"{name[:28]}({len(self._names) + 1})"
        return name

    def _write_frame(self) -> None:
        count = range(1, len(self._names) + 1)
        sheets = "".join(
            f'<sheet name={quoteattr(name)} sheetId="{i}" r:id="rId{i}"/>' for i, name in enumerate(self._names, 1)
        )
        workbook = f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{sheets}</sheets></workbook>'
        relations = "".join(_relation(i, "worksheet", f"worksheets/sheet{i}.xml") for i in count)
        self._add("xl/workbook.xml", workbook)
        self._add("xl/_rels/workbook.xml.rels", _relations(relations + _relation(0, "styles", "styles.xml")))
        self._add("xl/styles.xml", _styles())
        self._add("_rels/.rels", _relations(_relation(1, "officeDocument", "xl/workbook.xml")))
        self._add("[Content_Types].xml", _content_types(len(self._names)))

    def _add(self, name: str, xml: str) -> None:
        self._zip.writestr(name, f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n{xml}')


def _relation(number: int, kind: str, target: str) -> str:
    return f'<Relationship Id="rId{number or "Styles"}" Type="{_OFFICE}/{kind}" Target="{target}"/>'


def _relations(inner: str) -> str:
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{inner}</Relationships>'


def _content_types(sheets: int) -> str:
    base = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = [("/xl/workbook.xml", "sheet.main"), ("/xl/styles.xml", "styles")]
    parts += [(f"/xl/worksheets/sheet{number}.xml", "worksheet") for number in range(1, sheets + 1)]
    overrides = "".join(f'<Override PartName="{part}" ContentType="{base}.{kind}+xml"/>' for part, kind in parts)
    return (
        f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )


def _styles() -> str:
    """Fonts: 0 plain, 1 bold, 2 bold red, 3 large bold. Fills: 2 light red (wrong), 3 grey (header), 4 yellow."""
    fonts = "".join(
        f'<font>{bold}<sz val="{size}"/><color rgb="{colour}"/><name val="宋体"/><family val="3"/></font>'
        for bold, size, colour in (
            ("", 11, "FF000000"),
            ("<b/>", 11, "FF000000"),
            ("<b/>", 11, "FFC00000"),
            ("<b/>", 16, "FF000000"),
        )
    )
    fills = '<fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    fills += "".join(
        f'<fill><patternFill patternType="solid"><fgColor rgb="{colour}"/><bgColor indexed="64"/></patternFill></fill>'
        for colour in ("FFFFC7CE", "FFEDEDED", "FFFFF2CC")
    )
    sides = "".join(
        f'<{side} style="thin"><color rgb="FFBFBFBF"/></{side}>' for side in ("left", "right", "top", "bottom")
    )
    borders = f"<border><left/><right/><top/><bottom/><diagonal/></border><border>{sides}<diagonal/></border>"
    cells = [_xf(number_format, fill=fill) for fill in (0, 2) for number_format in _FORMATS.values()]
    centre = '<alignment horizontal="center" vertical="center" wrapText="1"/>'
    cells += [_xf(49, font, fill, centre) for font, fill in ((1, 3), (2, 3), (3, 0))]
    cells.append(_xf(49, 0, 4, '<alignment vertical="top" wrapText="1"/>'))
    return (
        f'<styleSheet xmlns="{_MAIN}"><numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/>'
        '<numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/></numFmts>'
        f'<fonts count="4">{fonts}</fonts><fills count="5">{fills}</fills><borders count="2">{borders}</borders>'
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        f'<cellXfs count="{len(cells)}">{"".join(cells)}</cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    )


def _xf(number_format: int, font: int = 0, fill: int = 0, alignment: str = "") -> str:
    quote = ' quotePrefix="1"' if number_format == 49 else ""
    attributes = f'numFmtId="{number_format}" fontId="{font}" fillId="{fill}" borderId="1" xfId="0"{quote}'
    applied = 'applyNumberFormat="1" applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1"'
    return f"<xf {attributes} {applied}>{alignment}</xf>" if alignment else f"<xf {attributes} {applied}/>"


def _sheet_start(widths: Sequence[float], frozen_rows: int, selected: bool) -> str:
    pane = (
        f'<pane ySplit="{frozen_rows}" topLeftCell="A{frozen_rows + 1}" activePane="bottomLeft" state="frozen"/>'
        if frozen_rows
        else ""
    )
    tab = ' tabSelected="1"' if selected else ""
    columns = "".join(
        f'<col min="{i}" max="{i}" width="{width:.1f}" customWidth="1"/>' for i, width in enumerate(widths, 1)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0"{tab}>{pane}</sheetView></sheetViews>'
        f"{f'<cols>{columns}</cols>' if columns else ''}<sheetData>"
    )


def _merge_xml(merges: Iterable[Merge]) -> bytes:
    ranges = [
        f'<mergeCell ref="{column_letter(left)}{top + 1}:{column_letter(right)}{bottom + 1}"/>'
        for (top, left), (bottom, right) in merges
    ]
    return f'<mergeCells count="{len(ranges)}">{"".join(ranges)}</mergeCells>'.encode() if ranges else b""


def _write_rows(
    part: IO[bytes], rows: Iterable[Sequence[Cell | StyledCell]], heights: Mapping[int, float], hidden: frozenset[int]
) -> None:
    waiting: list[str] = []
    for number, row in enumerate(rows, 1):
        height = heights.get(number - 1)
        tall = f' ht="{height:.1f}" customHeight="1"' if height else ""
        concealed = ' hidden="1"' if number in hidden else ""
        waiting.append(f'<row r="{number}"{tall}{concealed}>')
        waiting.extend(cell_xml(cell, index, number) for index, cell in enumerate(row))
        waiting.append("</row>")
        if len(waiting) > 5000:
            part.write("".join(waiting).encode("utf-8"))
            waiting.clear()
    part.write("".join(waiting).encode("utf-8"))


def cell_xml(cell: Cell | StyledCell, column: int, row: int) -> str:
    """The XML of one cell; column from 0, row from 1. An empty cell without a style is left out."""
    value, style = cell if isinstance(cell, StyledCell) else (cell, natural_style(cell))
    place = f'<c r="{column_letter(column)}{row}" s="{style}"'
    if value is None or value == "":
        return f"{place}/>" if isinstance(cell, StyledCell) else ""
    if isinstance(value, ErrorCell):
        return f'{place} t="e"><v>{escape(value)}</v></c>'
    if isinstance(value, str):
        return f'{place} t="inlineStr"><is><t xml:space="preserve">{xml_text(value)}</t></is></c>'
    if isinstance(value, bool):
        return f'{place} t="b"><v>{value:d}</v></c>'
    number = _number(value)
    if number is None:
        return f'{place} t="inlineStr"><is><t>{xml_text(str(value))}</t></is></c>'
    return f"{place}><v>{number}</v></c>"


def natural_style(value: Cell) -> Style:
    """The style that shows a value as it is."""
    if isinstance(value, str) and not isinstance(value, ErrorCell):
        return Style.TEXT
    if isinstance(value, datetime):
        return Style.MOMENT
    if isinstance(value, date):
        return Style.DATE
    if isinstance(value, time):
        return Style.TIME
    if isinstance(value, timedelta):
        return Style.SPAN
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) >= LOST_DIGITS:
        return Style.DIGITS
    return Style.PLAIN


def _number(value: int | float | date | datetime | time | timedelta) -> str | None:
    """The number that a spreadsheet stores, or None when it has none for this value."""
    if isinstance(value, float):
        if not math.isfinite(value):
            return None
        return str(int(value)) if value.is_integer() and abs(value) < LOST_DIGITS else repr(value)
    if isinstance(value, int):
        return str(value) if abs(value) < LOST_DIGITS else None
    if isinstance(value, timedelta):
        return repr(value / timedelta(days=1))
    if isinstance(value, time):
        return repr((datetime.combine(_EPOCH, value) - _EPOCH) / timedelta(days=1))
    moment = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)
    if moment.date() < _FIRST_SAFE_DAY:
        return None
    days = (moment.replace(tzinfo=None) - _EPOCH) / timedelta(days=1)
    return str(int(days)) if days.is_integer() else repr(days)


def xml_text(text: str) -> str:
    """A text as XML content; characters that XML has not are written `_xHHHH_`, as spreadsheet programs do."""
    return escape(_ILLEGAL.sub(lambda match: f"_x{ord(match[0]):04X}_", text[:_MAX_TEXT]))
