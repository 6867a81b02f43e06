"""A look through the content.xml of an .ods file: hidden rows, error cells, formulas without a value, grid size."""

from __future__ import annotations

from unitclient.sheets.archive import Archive
from unitclient.sheets.marks import Marks, check_grid
from unitclient.sheets.safe_xml import Attributes, feed, parser

_CONTENT = "content.xml"
_MAX_REPEAT = 1 << 21


class _OdsScan:
    """Follows rows and cells of every table; repeated ones are counted, as far as they are filled."""

    def __init__(self) -> None:
        self.tables: list[Marks] = []
        self._row = self._column = 0
        self._last_column = 0
        self._row_repeat = self._cell_repeat = 1
        self._row_filled = False
        self._error_cell = False
        self._in_cell = False

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "table":
            self.tables.append(Marks())
            self._row = self._last_column = 0
        elif name == "table-row" and self.tables:
            self._start_row(attributes)
        elif name in ("table-cell", "covered-table-cell") and self.tables:
            self._start_cell(attributes)
        elif name == "p" and self._in_cell:
            self._fill()

    def _start_row(self, attributes: Attributes) -> None:
        self._row_repeat = _repeat(attributes, "number-rows-repeated")
        self._column, self._row_filled = 0, False
        if attributes.get("visibility") in ("collapse", "filter") and self._row_repeat < 10_000:
            self.tables[-1].hidden.update(range(self._row + 1, self._row + 1 + self._row_repeat))

    def _start_cell(self, attributes: Attributes) -> None:
        self._in_cell = True
        self._cell_repeat = _repeat(attributes, "number-columns-repeated")
        kind = attributes.get("value-type", "")
        formula = attributes.get("formula", "")
        if kind:
            self._fill()
        if formula and not kind:
            self._put(self.tables[-1].formulas, formula.partition(":")[2] or formula)
        elif formula and attributes.get("value-type") == "string" and attributes.get("string-value", "x") == "":
            self._put(self.tables[-1].errors, "#VALUE!")

    def _put(self, marked: dict[int, dict[int, str]], text: str) -> None:
        marked.setdefault(self._row + 1, {})[self._column] = text

    def _fill(self) -> None:
        self._row_filled = True
        self._last_column = max(self._last_column, self._column + self._cell_repeat)

    def end(self, name: str) -> None:
        if name in ("table-cell", "covered-table-cell") and self.tables:
            self._in_cell = False
            self._column += self._cell_repeat
        elif name == "table-row" and self.tables:
            if self._row_filled:
                check_grid(self._row + self._row_repeat, self._last_column)
            self._row += self._row_repeat


def _repeat(attributes: Attributes, name: str) -> int:
    text = attributes.get(name, "1")
    return min(int(text), _MAX_REPEAT) if text.isascii() and text.isdigit() else 1


def scan_content(archive: Archive) -> list[Marks]:
    """The marks of every table, in order. Raises UserError as the archive and the XML parser do."""
    scan = _OdsScan()
    made = parser(scan.start, scan.end)
    for piece in archive.chunks(_CONTENT):
        feed(made, piece)
    feed(made, b"", final=True)
    return scan.tables
