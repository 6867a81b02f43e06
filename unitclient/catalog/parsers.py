"""From a field to the closure that reads its cells. Made once per form; a cell that cannot be read raises BadCell."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from unitclient.catalog.cells import (
    BadCell,
    cell_text,
    read_date,
    read_integer,
    read_money,
    read_month,
    read_year,
)
from unitclient.catalog.context import CheckContext
from unitclient.catalog.file_limits import file_value
from unitclient.catalog.model import Field, FieldType
from unitclient.catalog.tables import Table, squeeze
from unitclient.domain.identifiers import IdKind, check_identifier
from unitclient.domain.insurance import MEDICAL_KINDS, Insurance

Parser = Callable[[Any, CheckContext], Any]
"""(cell, context) -> value. Text cells come folded and are never empty."""


class OddCell(Exception):  # noqa: N818 - a signal between two modules of this room; it becomes a warning at once
    """A cell that was read, with a doubt: its value, and the code of the warning."""

    def __init__(self, code: str, value: object) -> None:
        super().__init__(code)
        self.code = code
        self.value = value


LONG_NUMBER = 10**15
"""From here on a number cell has lost digits: spreadsheets keep fifteen."""

WHOLE_YUAN = 10**8
"""Up to here a whole number of yuan needs no second look."""
_TEXT_MARKS = "'’`=\""
"""What people and exports put before a number so that a spreadsheet keeps it as text."""
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?[eE]\+?\d+")
_PHONE = re.compile(r"(?:\+?86-?)?1[3-9]\d{9}|(?:0\d{2,3}-?)?\d{7,8}(?:-\d{1,6})?")
_INSURANCE_SEPARATORS = re.compile(r"[、,，;；/|+\s和与]+")
_ALL_INSURANCES = frozenset({"全部", "全险", "全部险种", "所有险种", "所有", "五险", "ALL"})


def number_id(cell: object) -> bool:
    """Whether a cell is an identity or card number that a spreadsheet keeps as a number: its last digits are lost."""
    if isinstance(cell, str):
        return _SCIENTIFIC.fullmatch(cell) is not None
    return isinstance(cell, int | float) and not isinstance(cell, bool) and abs(cell) >= LONG_NUMBER


def make_parser(field: Field, insurances: Table | None) -> Parser:
    """The parser of one field; `insurances` is the table of insurance names."""
    if field.type in (FieldType.CODE, FieldType.ID_KIND):
        assert field.table is not None
        return _code_parser(field.table)
    if field.type is FieldType.INSURANCES:
        assert insurances is not None
        return _insurances_parser(insurances)
    if field.type in (FieldType.TEXT, FieldType.NAME):
        return _text_parser(field.max_length)
    if field.file is not None:
        return lambda cell, context: file_value(field, cell, context)
    return _PLAIN[field.type]


def make_typed_parser(field: Field, insurances: Table | None) -> Parser:
    """The same for values that were typed before: only money differs, which then is fen."""
    return _fen if field.type is FieldType.MONEY else make_parser(field, insurances)


def _fen(cell: Any, _context: CheckContext) -> int:
    if type(cell) is not int or cell < 0:
        raise BadCell("BAD_MONEY")
    return cell


def _text_parser(max_length: int) -> Parser:
    def parse(cell: Any, _context: CheckContext) -> str:
        text = cell if isinstance(cell, str) else cell_text(cell)
        if len(text) > max_length:
            raise BadCell("TOO_LONG", {"limit": str(max_length)})
        return text

    return parse


def _code_parser(table: Table) -> Parser:
    def parse(cell: Any, _context: CheckContext) -> str:
        code = table.match(cell if isinstance(cell, str) else cell_text(cell))
        if code is None:
            raise BadCell("BAD_CODE")
        return code

    return parse


def _id_number(cell: Any, _context: CheckContext) -> str:
    if cell.__class__ is str and len(cell) == 18 and cell[:17].isdigit() and cell.isalnum():
        return str(cell.upper())
    if number_id(cell):
        raise BadCell("NUMBER_ID")
    return "".join(cell_text(cell).strip(_TEXT_MARKS).split()).upper()


def _uscc(cell: Any, context: CheckContext) -> str:
    code = str(_id_number(cell, context))
    if not check_identifier(code, IdKind.CREDIT_CODE, today=context.today, areas=context.areas).ok:
        raise BadCell("BAD_USCC")
    return code


def _bank_card(cell: Any, context: CheckContext) -> str:
    """A card number; accounts of companies have no check digit, so a wrong one is a doubt only."""
    number = str(_id_number(cell, context))
    if not check_identifier(number, IdKind.BANK_CARD, today=context.today).ok:
        raise OddCell("CARD_DOUBTFUL", number)
    return number


def _phone(cell: Any, _context: CheckContext) -> str:
    if cell.__class__ is str and len(cell) == 11 and cell[0] == "1" and cell[1] in "3456789" and cell.isdecimal():
        return str(cell)
    text = cell_text(cell).replace(" ", "")
    if _PHONE.fullmatch(text) is None:
        raise OddCell("BAD_PHONE", text)
    return text


def _money(cell: Any, _context: CheckContext) -> int:
    if cell.__class__ is float and 0 <= cell <= WHOLE_YUAN and cell.is_integer():
        return int(cell) * 100
    fen, rounded = read_money(cell)
    if rounded:
        raise OddCell("MONEY_ROUNDED", fen)
    return fen


def _insurances_parser(table: Table) -> Parser:
    @lru_cache(maxsize=256)
    def chosen(text: str, unit: tuple[str, ...]) -> tuple[str, ...]:
        if squeeze(text) in _ALL_INSURANCES:
            return tuple(sorted(unit))
        whole = table.match(text)
        words = [text] if whole else [word for word in _INSURANCE_SEPARATORS.split(text) if word]
        if not words:
            raise BadCell("BAD_INSURANCE", {"word": text})
        return tuple(sorted({_insurance(table, word, unit) for word in words}))

    def parse(cell: Any, context: CheckContext) -> list[str]:
        if isinstance(cell, Sequence) and not isinstance(cell, str):
            cell = "、".join(map(str, cell))
        return list(chosen(cell_text(cell), context.unit_insurances))

    return parse


def _insurance(table: Table, word: str, unit: tuple[str, ...]) -> str:
    """The insurance a word means in this unit: "医疗" is whichever cut of medical insurance the unit has."""
    code = table.match(word)
    if code is None:
        raise BadCell("BAD_INSURANCE", {"word": word})
    if code in unit or not unit:
        return code
    medical = [name for name in unit if name in MEDICAL_KINDS]
    if medical and (code in MEDICAL_KINDS or (code == Insurance.MATERNITY and _holds_maternity(medical[0]))):
        return medical[0]
    raise BadCell("INSURANCE_NOT_OF_UNIT", {"word": word})


def _holds_maternity(medical: str) -> bool:
    return medical == Insurance.MEDICAL_INCL_MATERNITY


_PLAIN: dict[FieldType, Parser] = {
    FieldType.ID_NUMBER: _id_number,
    FieldType.USCC: _uscc,
    FieldType.BANK_CARD: _bank_card,
    FieldType.PHONE: _phone,
    FieldType.MONTH: lambda cell, _context: read_month(cell),
    FieldType.DATE: lambda cell, _context: read_date(cell),
    FieldType.YEAR: lambda cell, _context: read_year(cell),
    FieldType.INTEGER: lambda cell, _context: read_integer(cell),
    FieldType.MONEY: _money,
}
