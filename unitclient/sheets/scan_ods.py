"""A look through the content.xml of an .ods file: hidden rows, error cells, formulas without a value, grid size."""

from __future__ import annotations

from unitclient.sheets.archive import Archive
from unitclient.sheets.marks import Marks, check_grid
from unitclient.sheets.safe_xml import Attributes, feed, parser

_CONTENT = "content.xml"
_MAX_REPEAT = 1 << 21
_OASIS = "urn:oasis:names:tc:opendocument:xmlns:"
_TABLE, _ROW, _CELL, _COVERED = (
    f"{_OASIS}table:1.0 {name}" for name in ("table", "table-row", "table-cell", "covered-table-cell")
)
_PARAGRAPH = f"{_OASIS}text:1.0 p"
_ROWS_REPEATED = f"{_OASIS}table:1.0 number-rows-repeated"
_COLUMNS_REPEATED = f"{_OASIS}table:1.0 number-columns-repeated"
_VISIBILITY = f"{_OASIS}table:1.0 visibility"
_FORMULA = f"{_OASIS}table:1.0 formula"
_KIND = f"{_OASIS}office:1.0 value-type"
# An error is a text to the standard, and this to the program that wrote it.
_EXTENDED_KIND = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0 value-type"


class _OdsScan:
    """Follows rows and cells of every table; repeated ones are counted, as far as they are filled."""

    def __init__(self) -> None:
        self.tables: list[Marks] = [Marks()]  # the first takes what stands outside of any table
        self._row = self._column = self._last_column = 0
        self._row_repeat = self._cell_repeat = 1
        self._row_filled = self._in_cell = self._error = False

    def start(self, name: str, attributes: Attributes) -> None:
        """An element begins; the names are whole, with their namespaces: cutting them would double the time."""
        if name == _PARAGRAPH:
            if self._in_cell:
                self._fill()
        elif name in (_CELL, _COVERED):
            self._start_cell(attributes)
        elif name == _ROW:
            self._start_row(attributes)
        elif name == _TABLE:
            self.tables.append(Marks())
            self._row = self._last_column = 0

    def _start_row(self, attributes: Attributes) -> None:
        self._row_repeat = _repeat(attributes, _ROWS_REPEATED)
        self._column, self._row_filled = 0, False
        if attributes.get(_VISIBILITY) in ("collapse", "filter") and self._row_repeat < 10_000:
            self.tables[-1].hidden.update(range(self._row + 1, self._row + 1 + self._row_repeat))

    def _start_cell(self, attributes: Attributes) -> None:
        self._in_cell = True
        self._cell_repeat = _repeat(attributes, _COLUMNS_REPEATED)
        has_value = _KIND in attributes
        if has_value:
            self._fill()
        if not has_value and _FORMULA in attributes:
            formula = attributes[_FORMULA]
            self._put(self.tables[-1].formulas, formula.partition(":")[2] or formula)
        self._error = attributes.get(_EXTENDED_KIND) == "error"

    def text(self, text: str) -> None:
        """Text of a cell; only that of an error cell is wanted."""
        if self._error and self._in_cell:
            self._put(self.tables[-1].errors, text)

    def _put(self, marked: dict[int, dict[int, str]], text: str) -> None:
        marked.setdefault(self._row + 1, {})[self._column] = text

    def _fill(self) -> None:
        self._row_filled = True
        self._last_column = max(self._last_column, self._column + self._cell_repeat)

    def end(self, name: str) -> None:
        """An element ends: on to the next cell or row."""
        if name in (_CELL, _COVERED):
            self._in_cell = False
            self._column += self._cell_repeat
        elif name == _ROW:
            if self._row_filled:
                check_grid(self._row + self._row_repeat, self._last_column)
            self._row += self._row_repeat


def _repeat(attributes: Attributes, name: str) -> int:
    text = attributes.get(name, "1")
    return min(int(text), _MAX_REPEAT) if text.isascii() and text.isdigit() else 1


def scan_content(archive: Archive) -> list[Marks]:
    """The marks of every table, in order. Raises UserError as the archive and the XML parser do."""
    scan = _OdsScan()
    made = parser(scan.start, scan.end, whole_names=True)
    made.CharacterDataHandler = scan.text
    for piece in archive.chunks(_CONTENT):
        feed(made, piece)
    feed(made, b"", final=True)
    return scan.tables[1:]
