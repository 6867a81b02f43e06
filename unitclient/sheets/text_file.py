"""Text tables (.csv and its relatives): encoding, delimiter, records."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterable, Iterator
from fractions import Fraction
from io import StringIO

from unitclient.domain.cell_text import plain_text
from unitclient.domain.gb18030 import decode as decode_gb18030
from unitclient.errors import UserError
from unitclient.sheets import limits
from unitclient.sheets.marks import check_grid, too_large
from unitclient.sheets.safe_xml import broken

_DELIMITERS = ",\t;|"
_SNIFFED, _SNIFFED_LINES = 65536, 20


def decode_text(data: bytes) -> str:
    """UTF-8 with or without BOM, UTF-16 with BOM (the "Unicode text" of spreadsheet programs), else GB 18030.

    Raises UserError sheet-broken for bytes that are none of these.
    """
    try:
        if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return data.decode("utf-16")
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return decode_gb18030(data)
    except UnicodeDecodeError as error:
        raise broken(f"text: {error.reason}") from None


def looks_like_text(data: bytes) -> bool:
    """Whether the bytes can be a text file at all: no zero bytes, hardly any control characters."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return True
    start = data[:4096]
    return not any(byte < 32 and byte not in b"\t\r\n\f\x1a" for byte in start)


def sniff_delimiter(text: str) -> str:
    """The delimiter that leaves the smallest part of the first records whole; of equals the one that gives more cells,
    then the comma.

    A delimiter that only occurs inside somebody's quoted text splits few records, however often it stands there, and
    breaks what is quoted into more of them.
    """
    lines = text[:_SNIFFED].splitlines(keepends=True)[:_SNIFFED_LINES]

    def score(mark: str) -> tuple[Fraction, int, bool]:
        widths = [len(record) for record in csv.reader(lines, delimiter=mark) if record]
        split = Fraction(sum(width > 1 for width in widths), max(len(widths), 1))
        return split, max(widths, default=0), mark == ","

    try:
        return max(_DELIMITERS, key=score)
    except csv.Error as error:
        raise broken(f"csv: {error}") from None


def read_records(data: bytes) -> list[list[str]]:
    """The records of a text table; the 1-based index of a record is the row that a spreadsheet program shows.

    UserError sheet-broken, sheet-too-big, sheet-too-large.
    """
    if len(data) > limits.MAX_TEXT_BYTES:
        raise UserError("sheet-too-big", size=len(data) // 1_000_000)
    text = decode_text(data)
    reader = csv.reader(StringIO(text, newline=""), delimiter=sniff_delimiter(text))
    try:
        return [
            [plain_text(cell) if cell[:1] in ("=", "'") else cell for cell in record] for record in _bounded(reader)
        ]
    except csv.Error as error:
        raise broken(f"csv: {error}") from None


def _bounded(records: Iterable[list[str]]) -> Iterator[list[str]]:
    """The records while they fit into a sheet, and the rectangle around them into memory."""
    rows = columns = 0
    for record in records:
        rows, columns = rows + 1, max(columns, len(record))
        if rows > limits.MAX_TEXT_ROWS or columns > limits.MAX_TEXT_COLUMNS:
            raise too_large(rows, columns)
        check_grid(rows, columns)
        yield record
