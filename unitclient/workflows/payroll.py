"""A payroll workbook as values: what was deducted from each person for each insurance, exact to the fen."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from unitclient.catalog.cells import BadCell, cell_text, is_blank, read_money
from unitclient.catalog.model import Form
from unitclient.domain.findings import Finding, Place, Severity
from unitclient.sheets.model import Cell, SheetRead, SourceRow
from unitclient.sheets.payroll import open_payroll

_NOTHING = re.compile(r"[-—–_/\\]+|无|无扣款|不扣")
"""How a sheet says that nothing was deducted, beside an empty cell."""
_MARKS = "'’`=\""


@dataclass(slots=True)
class Deducted:
    """One person in the payroll. `amounts` is fen by kind of column, `unreadable` the kinds whose cell is no amount."""

    id_number: str
    name: str
    amounts: dict[str, int] = field(default_factory=dict)
    unreadable: set[str] = field(default_factory=set)
    rows: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class PayrollRead:
    """A payroll. `titles` are the titles of its columns by kind (insurances and TOTAL), `persons` by ID number."""

    sheet: str
    titles: Mapping[str, str]
    persons: Mapping[str, Deducted]
    findings: tuple[Finding, ...]


def read_payroll(path: Path, columns_of: Form) -> PayrollRead:
    """Read a payroll workbook; UserErrors as `open_payroll` raises them.

    Rows of one person are added up. Where every amount stands with a minus sign, that is how the sheet writes
    deductions, and the sign is taken off.
    """
    opened = open_payroll(path, columns_of)
    persons: dict[str, Deducted] = {}
    findings: list[Finding] = []
    for row in opened.sheet.rows:
        findings += _take(opened.sheet, row, persons, tuple(opened.titles))
    findings += _twice(opened.sheet, persons)
    _without_signs(persons)
    return PayrollRead(opened.sheet.sheet, opened.titles, persons, (*_kept(opened.sheet), *findings))


def _kept(sheet: SheetRead) -> Iterator[Finding]:
    """What the reader noticed; that a payroll has many other columns is no news."""
    return (finding for finding in sheet.findings if finding.code != "SHEET_UNKNOWN_COLUMNS")


def _take(sheet: SheetRead, row: SourceRow, persons: dict[str, Deducted], kinds: tuple[str, ...]) -> Iterator[Finding]:
    told = {finding.field for finding in row.findings}
    yield from row.findings
    number = "".join(cell_text(row.values.get("id_number")).strip(_MARKS).split()).upper()
    if "id_number" in told:
        return
    if not number:
        yield Finding("REQUIRED", field="id_number", place=_place(sheet, row, "id_number"))
        return
    person = persons.setdefault(number, Deducted(number, cell_text(row.values.get("name"))))
    person.rows.append(row.number)
    for kind in kinds:
        yield from _add(sheet, row, person, kind, broken=kind in told)


def _add(sheet: SheetRead, row: SourceRow, person: Deducted, kind: str, broken: bool) -> Iterator[Finding]:
    if broken:
        person.unreadable.add(kind)
        return
    cell = row.values.get(kind)
    try:
        fen, rounded = signed_money(cell)
    except BadCell as bad:
        person.unreadable.add(kind)
        yield Finding(bad.code, field=kind, value=cell_text(cell), place=_place(sheet, row, kind))
        return
    person.amounts[kind] = person.amounts.get(kind, 0) + fen
    if rounded:
        yield Finding("MONEY_ROUNDED", Severity.WARNING, kind, cell_text(cell), place=_place(sheet, row, kind))


def signed_money(cell: Cell) -> tuple[int, bool]:
    """Fen of a cell in yuan, also below zero, and whether it was rounded; an empty cell or a dash is nothing.

    Raises BadCell.
    """
    if is_blank(cell) or (isinstance(cell, str) and _NOTHING.fullmatch(cell_text(cell))):
        return 0, False
    if isinstance(cell, str) and cell_text(cell)[:1] in ("-", "−"):
        fen, rounded = read_money(cell_text(cell)[1:])
        return -fen, rounded
    if isinstance(cell, int | float) and not isinstance(cell, bool) and cell < 0:
        fen, rounded = read_money(-cell)
        return -fen, rounded
    return read_money(cell)


def _place(sheet: SheetRead, row: SourceRow, name: str) -> Place:
    return Place(sheet.sheet, row.number, sheet.columns.get(name, ""))


def _twice(sheet: SheetRead, persons: Mapping[str, Deducted]) -> Iterator[Finding]:
    for person in persons.values():
        if len(person.rows) > 1:
            rows = "、".join(map(str, person.rows))
            yield Finding(
                "PAYROLL_ROWS_ADDED", Severity.NOTICE, "id_number", person.id_number, {"rows": rows},
                Place(sheet.sheet, person.rows[0], sheet.columns.get("id_number", "")),
            )  # fmt: skip


def _without_signs(persons: Mapping[str, Deducted]) -> None:
    if any(fen > 0 for person in persons.values() for fen in person.amounts.values()):
        return
    for person in persons.values():
        person.amounts = {kind: -fen for kind, fen in person.amounts.items()}
