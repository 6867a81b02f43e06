"""What the lines above the header say: whose sheet it is, and for which period. A sheet of another unit is refused."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date

from unitclient.catalog.cells import fold_text
from unitclient.domain.period import Period
from unitclient.errors import UserError
from unitclient.sheets.cells import shown
from unitclient.sheets.model import Cell

_UNIT = re.compile(
    r"(?:用人|参保|缴费)?单位(?:社保|社会保险|参保)?(?:编号|编码|代码|号码)|社保(?:单位)?(?:编号|编码|登记号|登记证编号)|单位社保号|unitnumber",
    re.I,
)
_PERIOD = re.compile(
    r"(?:费款|缴费|申报|税款)?(?:所属)(?:期|月份|年月|时期)|(?:缴费|申报|参保)(?:月份|年月|期间?)|period", re.I
)
_NUMBER = re.compile(r"[0-9A-Za-z][0-9A-Za-z\-]{2,29}")
_MONTH = re.compile(r"(?<!\d)(\d{4})(?:[-/.年]?)(0?[1-9]|1[0-2])(?!\d)")


_Reader = Callable[[Cell], str]


def check_head(head: Sequence[Sequence[Cell]], unit_number: str, period: Period | None) -> None:
    """Refuse a sheet that names another unit number or another period above its header.

    Raises UserError sheet-wrong-unit or sheet-wrong-period. What is not given or not named is not compared.
    """
    if unit_number:
        found = _fact(head, _UNIT, _number)
        if found and not _same_number(found, unit_number):
            raise UserError("sheet-wrong-unit", found=found, expected=unit_number)
    if period is not None:
        months = _fact(head, _PERIOD, _months)
        if months and str(period) not in months.split():
            raise UserError("sheet-wrong-period", found=months.split()[0], expected=period)


def _fact(head: Sequence[Sequence[Cell]], label: re.Pattern[str], read: _Reader) -> str:
    """The first value that stands in, right of, or below a cell with such a label; "" when there is none."""
    for row_index, row in enumerate(head):
        for column, cell in enumerate(row):
            text = "".join(fold_text(cell).split()) if isinstance(cell, str) else ""
            match = label.match(text)
            if match is None:
                continue
            found = read(text[match.end() :].lstrip(":=()")) or _beside(head, row_index, column, read)
            if found:
                return found
    return ""


def _beside(head: Sequence[Sequence[Cell]], row: int, column: int, read: _Reader) -> str:
    right = next((cell for cell in head[row][column + 1 :] if cell not in ("", None)), None)
    below = head[row + 1][column] if row + 1 < len(head) and column < len(head[row + 1]) else None
    return read(right) or read(below)


def _number(cell: Cell) -> str:
    """A unit number: digits, perhaps with letters; words are other labels."""
    match = _NUMBER.match(fold_text(shown(cell)))
    return match[0] if match and any(letter.isdigit() for letter in match[0]) else ""


def _months(cell: Cell) -> str:
    """All months that a cell names, as "YYYY-MM YYYY-MM"."""
    if isinstance(cell, date):
        return f"{cell:%Y-%m}"
    text = "".join(fold_text(shown(cell)).split())
    return " ".join(f"{year}-{int(month):02d}" for year, month in _MONTH.findall(text))


def _same_number(found: str, expected: str) -> bool:
    """Equal, also when the sheet stored the number without its leading zeros."""
    return found.upper() == expected.upper() or (found.isdigit() and found.lstrip("0") == expected.lstrip("0"))
