"""A walk over the records of an .xls stream (BIFF5/BIFF8): password, hidden rows, error cells, grid size."""

from __future__ import annotations

import struct

from unitclient.errors import UserError
from unitclient.sheets.marks import Marks, check_grid
from unitclient.sheets.safe_xml import broken

_BOF, _EOF, _FILEPASS, _BOUNDSHEET = 0x0809, 0x000A, 0x002F, 0x0085
_ROW, _BOOLERR, _FORMULA = 0x0208, 0x0205, 0x0006
_CELLS = frozenset({0x0006, 0x0203, 0x0204, 0x0205, 0x027E, 0x00D6, 0x00FD})
"""FORMULA NUMBER LABEL BOOLERR RK RSTRING LABELSST: (row, column) first."""
_MULRK = 0x00BD
_HIDDEN = 0x20
_DIMENSIONS = 0x0200
_MAX_ROWS, _MAX_COLUMNS = 65_536, 256
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}


def sheet_offsets(stream: bytes) -> list[int]:
    """Where each sheet's records begin, in the workbook's order. A password: UserError sheet-encrypted."""
    offsets: list[int] = []
    at = 0
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        if at == 0 and kind != _BOF:
            raise broken("BIFF: no BOF")
        if kind == _FILEPASS:
            raise UserError("sheet-encrypted")
        if kind == _BOUNDSHEET:
            offsets.append(struct.unpack_from("<I", stream, at + 4)[0])
        if kind == _EOF:
            return offsets
        at += 4 + size
    raise broken("BIFF: no EOF")


def scan_records(stream: bytes, offset: int) -> Marks:
    """The marks of the sheet whose records begin at `offset`. UserError sheet-broken, sheet-too-large."""
    try:
        return _scan(stream, offset)
    except (struct.error, IndexError) as error:
        raise broken(f"BIFF: {error}") from None


def _scan(stream: bytes, offset: int) -> Marks:
    marks = Marks()
    at, end = offset, len(stream)
    rows = columns = 0
    header = struct.Struct("<HHHH").unpack_from
    while at + 8 <= end:
        kind, size, row, column = header(stream, at)
        if kind in _CELLS or kind == _MULRK:
            if kind == _MULRK:
                column = max(column + size // 6, struct.unpack_from("<H", stream, at + 2 + size)[0])
            elif kind in (_BOOLERR, _FORMULA):
                _note_error(stream, at, kind, marks)
            rows, columns = max(rows, row), max(columns, column)
        elif kind == _ROW and stream[at + 16] & _HIDDEN:
            marks.hidden.add(row + 1)
        elif kind == _DIMENSIONS:
            _check_dimensions(stream, at)
        elif kind == _EOF:
            break
        at += 4 + size
    check_grid(rows + 1, columns + 1)
    return marks


def _check_dimensions(stream: bytes, at: int) -> None:
    """The library makes room for as many cells as this record claims; the format has 65,536 rows and 256 columns."""
    if at + 16 <= len(stream):
        first_row, rows, first_column, columns = struct.unpack_from("<IIHH", stream, at + 4)
        if not (first_row <= rows <= _MAX_ROWS and first_column <= columns <= _MAX_COLUMNS):
            raise broken("BIFF: dimensions")


def _note_error(stream: bytes, at: int, kind: int, marks: Marks) -> None:
    row, column = struct.unpack_from("<HH", stream, at + 4)
    if kind == _BOOLERR:
        code, is_error = stream[at + 10], stream[at + 11] == 1
    else:
        # The result of a formula: 8 bytes; an error when they end in FF FF and begin with 02.
        code, is_error = stream[at + 12], stream[at + 10] == 2 and stream[at + 16 : at + 18] == b"\xff\xff"
    if is_error:
        marks.errors.setdefault(row + 1, {})[column] = _ERRORS.get(code, "#ERROR!")
