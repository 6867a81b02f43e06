"""What a spreadsheet cell may hold, read into typed values: text, months, dates, money, whole numbers.

Sheets come from many hands: full-width digits, no-break spaces, dates as text, as `YYYYMM` numbers or as spreadsheet
serial numbers, amounts with a currency sign and separators. Every reader here takes the raw cell and gives the value
or raises `BadCell` with the code of a finding. Nothing is guessed: what can be read in two ways is refused.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from types import MappingProxyType

from unitclient.domain.money import parse_yuan

Cell = str | int | float | date | datetime | bool | None
"""A raw cell as a reader of sheets gives it."""

_INVISIBLE = "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u202a\u202b\u202c\u202d\u202e"
_FOLDS: dict[int, int | None] = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_FOLDS |= {0x3000: 0x20, 0xA0: 0x20, 0x202F: 0x20, 0x2007: 0x20, 0x09: 0x20, 0x0A: 0x20, 0x0D: 0x20}
_FOLDS |= {ord(mark): None for mark in _INVISIBLE}
_ODD = re.compile(f"[\uff01-\uff5e\u3000\xa0\u202f\u2007\t\n\r{_INVISIBLE}]")

# Spreadsheet day numbers (1900 system) between 1927 and 2173; shorter numbers are not dates anyone writes here.
_SERIAL_EPOCH = date(1899, 12, 30)
_SERIAL_FIRST, _SERIAL_LAST = 10_000, 99_999

_DATE_TEXT = re.compile(
    r"(?P<year>\d{4}) ?(?:[-/.]|年) ?(?P<month>\d{1,2})(?: ?(?:[-/.]|月份?) ?(?:(?P<day>\d{1,2}) ?[日号]?)?)?"
    r"(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
)
FIRST_YEAR, LAST_YEAR = 1900, 2179
"""Years outside are typing mistakes; a `Period` counts to 2199, which leaves room for sums of months."""
_ISO_DATE = re.compile(r"(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])")
"""The plain way of writing most days, known to be real without asking the calendar."""
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})?")
_DIGITS = re.compile(r"\d+(?:\.0+)?")
_MONEY_DRESS = re.compile(r"^(?:RMB|CNY|[¥￥])? ?(.*?) ?(?:元|RMB|CNY)?(?:/月|每月)?$", re.IGNORECASE)
_MONEY_GROUPS = re.compile(r"[+-]?\d{1,3}(?:[,，]\d{3})+(?:\.\d*)?")
_MONEY_PLAIN = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)")
_FEN = Decimal("0.01")
_MAX_FEN = 10**13


class BadCell(ValueError):  # noqa: N818 - a signal between two modules of this room; it becomes a finding at once
    """A cell that cannot be read: `code` and `params` of the finding it becomes."""

    def __init__(self, code: str, params: Mapping[str, str] = MappingProxyType({})) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


def fold_text(text: str) -> str:
    """Trimmed text with full-width ASCII made half-width, odd blanks made blanks and invisible marks dropped."""
    return text.strip() if text.isascii() or not _ODD.search(text) else text.translate(_FOLDS).strip()


def cell_text(cell: object) -> str:
    """The cell as folded text: 5.0 is "5", a day is "YYYY-MM-DD", None is ""."""
    if isinstance(cell, str):
        return fold_text(cell)
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e16:
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def is_blank(cell: object) -> bool:
    """Whether the cell holds nothing to read."""
    return cell is None or (isinstance(cell, str) and not fold_text(cell))


def read_month(cell: object) -> str:
    """The month as "YYYY-MM"; a day counts as its month. Raises BadCell BAD_MONTH or AMBIGUOUS_MONTH."""
    if isinstance(cell, date):
        _refuse_far_year(cell.year, "BAD_MONTH")
        return f"{cell.year:04d}-{cell.month:02d}"
    if isinstance(cell, bool) or not isinstance(cell, str | int | float):
        raise BadCell("BAD_MONTH")
    return _month(cell)


def read_date(cell: object) -> str:
    """The day as "YYYY-MM-DD". Raises BadCell BAD_DATE; a month without a day is not a date."""
    if isinstance(cell, date):
        _refuse_far_year(cell.year, "BAD_DATE")
        return cell.isoformat()[:10]
    if isinstance(cell, bool) or not isinstance(cell, str | int | float):
        raise BadCell("BAD_DATE")
    return _date(cell)


def _month(cell: str | int | float) -> str:
    if isinstance(cell, float) and not cell.is_integer() and FIRST_YEAR <= cell <= LAST_YEAR:
        return _month_of_decimal(cell)
    year, month, _day = _parts(cell, "BAD_MONTH")
    _refuse_far_year(year, "BAD_MONTH")
    if not 1 <= month <= 12:
        raise BadCell("BAD_MONTH")
    return f"{year:04d}-{month:02d}"


def _date(cell: str | int | float) -> str:
    if isinstance(cell, str) and _ISO_DATE.fullmatch(cell):
        return cell
    year, month, day = _parts(cell, "BAD_DATE")
    _refuse_far_year(year, "BAD_DATE")
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        raise BadCell("BAD_DATE") from None


def _refuse_far_year(year: int, code: str) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise BadCell(code)


def _month_of_decimal(cell: float) -> str:
    """A number such as 2026.7 typed for a month. 2026.1 may be January or, shortened by the sheet, October."""
    year, decimals = repr(cell).split(".")
    if decimals == "1":
        raise BadCell("AMBIGUOUS_MONTH")
    if len(decimals) > 2 or not 1 <= int(decimals) <= 12:
        raise BadCell("BAD_MONTH")
    return f"{year}-{int(decimals):02d}"


def _parts(cell: str | int | float, code: str) -> tuple[int, int, int]:
    """Year, month and day (0 when not given) of text or a number, not yet checked against the calendar."""
    text = cell_text(cell)
    match = _DATE_TEXT.fullmatch(text)
    if match is not None:
        return int(match["year"]), int(match["month"]), int(match["day"] or 0)
    if _DIGITS.fullmatch(text) is None and not isinstance(cell, float):
        raise BadCell(code)
    number = text.split(".")[0]
    compact = _COMPACT.fullmatch(number)
    if compact is not None:
        return int(compact[1]), int(compact[2]), int(compact[3] or 0)
    if number.isdigit() and len(number) == 5 and _SERIAL_FIRST <= int(number) <= _SERIAL_LAST:
        day = _SERIAL_EPOCH + timedelta(days=int(number))
        return day.year, day.month, day.day
    raise BadCell(code)


def read_money(cell: object) -> tuple[int, bool]:
    """Fen of an amount in yuan, and whether it was rounded half-up to two decimals. Raises BadCell BAD_MONEY."""
    if isinstance(cell, float):
        if not abs(cell) <= 1e12:  # nan, too
            raise BadCell("BAD_MONEY")
        if cell.is_integer():
            return _in_range(int(cell) * 100), False
        # A calculated cell such as 5432.1 + 0.2 carries noise in its 12th digit; that is not a third decimal.
        yuan, decimals = f"{cell:.6f}".split(".")
        if decimals.endswith("0000"):
            return _in_range(int(yuan + decimals[:2])), False
        return _to_fen(Decimal(f"{yuan}.{decimals}"))
    if isinstance(cell, int) and not isinstance(cell, bool):
        return _in_range(cell * 100), False
    if not isinstance(cell, str):
        raise BadCell("BAD_MONEY")
    text = fold_text(cell)
    if text.isascii() and text.isdigit():
        return _in_range(int(text) * 100), False
    return _money_text(text)


def _money_text(text: str) -> tuple[int, bool]:
    dress = _MONEY_DRESS.fullmatch(text)
    bare = (dress[1] if dress else text).replace(" ", "")
    if _MONEY_GROUPS.fullmatch(bare):
        bare = re.sub("[,，]", "", bare)
    if _MONEY_PLAIN.fullmatch(bare) is None:
        raise BadCell("BAD_MONEY")
    try:
        return _in_range(parse_yuan(bare)), False
    except ValueError:
        return _to_fen(Decimal(bare))


def _to_fen(yuan: Decimal) -> tuple[int, bool]:
    rounded = yuan.quantize(_FEN, ROUND_HALF_UP)
    return _in_range(int(rounded * 100)), rounded != yuan


def _in_range(fen: int) -> int:
    """Amounts below zero or beyond a hundred billion yuan are typing mistakes."""
    if not 0 <= fen <= _MAX_FEN:
        raise BadCell("BAD_MONEY")
    return fen


def read_integer(cell: object) -> int:
    """A whole number; "12", 12, 12.0 and "12个月" are 12. Raises BadCell BAD_INTEGER."""
    if type(cell) is int:
        return cell
    match = re.fullmatch(r"([+-]?\d{1,15})(?:\.0+)? ?(?:个月|个|月|年|年度|次|人|天)?", cell_text(cell))
    if match is None or isinstance(cell, bool | date):
        raise BadCell("BAD_INTEGER")
    return int(match[1])


def read_year(cell: object) -> int:
    """A year: 2026, "2026年", "2026年度" or a day in it. Raises BadCell BAD_YEAR."""
    if isinstance(cell, date):
        _refuse_far_year(cell.year, "BAD_YEAR")
        return cell.year
    match = re.fullmatch(r"((?:19|20)\d{2}|21[0-7]\d)(?:\.0+)? ?(?:年|年度)?", cell_text(cell))
    if match is None:
        raise BadCell("BAD_YEAR")
    return int(match[1])
