"""A quick look through the XML of one .xlsx sheet, for `Marks` and for the size of its grid.

It searches bytes instead of parsing: parsing would take as long as the reading itself. The XML is known to be UTF-8
without a document type, and the reading library parses it in full afterwards.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from unitclient.errors import UserError
from unitclient.sheets import limits
from unitclient.sheets.archive import Archive
from unitclient.sheets.cells import column_index
from unitclient.sheets.marks import Marks, check_grid
from unitclient.sheets.safe_xml import broken, check_prolog

_ROOT = re.compile(rb"<(?:([\w.-]+):)?worksheet[\s>]")
_TRUE = (b"1", b"true", b"on")
# Nearly every sheet ends before column BA and row 100,000; only one that does not is measured.
_USUAL_COLUMNS = column_index("AZ") + 1
_FAR = re.compile(rb'r="A?+[A-Z]?+(?:[A-Z]|\d{6})')
_FAR_COLUMN = re.compile(rb'r="(?:[A-Z]{3}|[B-Z][A-Z]\d)')
_FAR_ROW = re.compile(rb'r="[A-Z]{0,2}(\d{6,7})')


class _Words:
    """The byte patterns for one namespace prefix (b"" or b"x:"). Each begins with fixed bytes: those are quick."""

    def __init__(self, prefix: bytes) -> None:
        p = re.escape(prefix)
        self.cell = b"<" + prefix + b"c"
        self.hidden_row = re.compile(rb"<%srow\s[^>]*?\bhidden=[\"']([^\"']*)[\"'][^>]*>" % p)
        self.filled = re.compile(rb"<%sc\s[^>]*?\br=[\"']([A-Z]+)(\d+)[\"'](?:[^>]*[^/>])?>(?!</)" % p)
        self.formula_text = re.compile(rb"<%sf(?:\s[^>]*)?>([^<]*)" % p)
        empty = rb"\s*(?:</%sc>|<%sv\s*/>|<%sv></%sv>)" % (p, p, p, p)
        self.no_value = (re.compile(rb"</%sf>" % p + empty), re.compile(rb"<%sf [^>]*/>" % p + empty))


_HIDDEN = re.compile(rb"h(?=idden=[\"'](?:1|true|on))")
_FORMULA = re.compile(rb"f(?<=[<:]f)(?=[\s/>])")
_REF = re.compile(rb"\br=[\"']([A-Z]+)(\d+)[\"']")
_ROW_NUMBER = re.compile(rb"\sr=[\"'](\d+)[\"']")
_ERROR_RESULT = re.compile(rb"\bt=[\"']e[\"']")
_STRING_RESULT = re.compile(rb"\bt=[\"']str[\"']")


def scan_sheet(archive: Archive, part: str) -> Marks:
    """Walk the sheet once. Raises UserError for a damaged sheet, a document type, or one too large to hold."""
    marks = Marks()
    pieces = _whole_rows(archive.chunks(part))
    first = next(pieces, b"")
    check_prolog(first[:65536])
    root = _ROOT.search(first, 0, 65536)
    if root is None:
        raise broken(f"{part}: no worksheet")
    words = _Words(root[1] + b":" if root[1] else b"")
    last, rows = first, _search(first, words, marks)
    for last in pieces:
        rows = max(rows, _search(last, words, marks))
    if b"worksheet>" not in last[-4096:]:
        raise broken(f"{part}: cut off")
    if rows * _USUAL_COLUMNS > limits.MAX_GRID_CELLS:
        _measure(archive, part, words)
    return marks


def _whole_rows(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The same bytes, cut after a row's end so that no element is torn."""
    rest = b""
    for piece in pieces:
        rest += piece
        cut = rest.rfind(b"row>") + 4
        if cut > 3:
            yield rest[:cut]
            rest = rest[cut:]
        elif len(rest) > limits.MAX_ROW_BYTES:
            raise UserError("sheet-bomb", size=len(rest))
    yield rest


def _search(piece: bytes, words: _Words, marks: Marks) -> int:
    """Note what this piece has; give the last row that it reaches, 0 for a usual one, a huge one for a far column."""
    # A single byte is looked for first: that is done at the speed of memory, and mostly there is none.
    if b"h" in piece and _HIDDEN.search(piece):
        for match in words.hidden_row.finditer(piece):
            number = _ROW_NUMBER.search(match[0])
            if match[1] in _TRUE and number is not None:
                marks.hidden.add(int(number[1]))
    if b"#" in piece and b">#" in piece:
        _note_errors(piece, words, marks)
    if b"f" in piece and _FORMULA.search(piece):
        _note_formulas(piece, words, marks)
    if b"'" in piece and b"='" in piece:
        return limits.MAX_GRID_CELLS
    return _reach(piece) if _FAR.search(piece) else 0


def _reach(piece: bytes) -> int:
    if _FAR_COLUMN.search(piece):
        return limits.MAX_GRID_CELLS
    return max(map(int, set(_FAR_ROW.findall(piece))), default=0)


def _note_errors(piece: bytes, words: _Words, marks: Marks) -> None:
    at = piece.find(b">#")
    while at >= 0:
        tag = piece[piece.rfind(words.cell, 0, at) : at]
        if _ERROR_RESULT.search(tag):
            text = piece[at + 1 : piece.find(b"<", at + 1)].decode("ascii", "replace")
            _put(marks.errors, tag, text)
        at = piece.find(b">#", at + 2)


def _note_formulas(piece: bytes, words: _Words, marks: Marks) -> None:
    for pattern in words.no_value:
        for match in pattern.finditer(piece):
            tag = piece[piece.rfind(words.cell, 0, match.start() + 1) : match.start()]
            # A formula whose result is the empty text has no content in <v> either, but it says t="str".
            if _STRING_RESULT.search(tag):
                continue
            text = words.formula_text.search(tag)
            _put(marks.formulas, tag, "=" + unescape(text[1].decode("utf-8", "replace")) if text else "=")


def _put(marked: dict[int, dict[int, str]], tag: bytes, text: str) -> None:
    place = _REF.search(tag)
    if place is not None:
        marked.setdefault(int(place[2]), {})[column_index(place[1].decode())] = text


def _measure(archive: Archive, part: str, words: _Words) -> None:
    """Find the last row and column that hold something, and refuse what no library could hold."""
    rows = columns = 1
    for piece in _whole_rows(archive.chunks(part)):
        cells = words.filled.findall(piece)
        rows = max(rows, max((int(row) for _, row in cells), default=1))
        columns = max(
            columns, max((column_index(letters.decode()) for letters in {c for c, _ in cells}), default=0) + 1
        )
    check_grid(rows, columns)
