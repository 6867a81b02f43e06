"""The workbook to fill in for a form: titles, drop-downs, text cells for IDs, an example, help and code tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from unitclient.catalog.model import Bilingual, Field, FieldType, Form
from unitclient.drafts import draft_of
from unitclient.sheets.cells import column_letter
from unitclient.texts import language, say

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

_TEXT_TYPES = frozenset(
    {
        FieldType.NAME,
        FieldType.ID_NUMBER,
        FieldType.USCC,
        FieldType.BANK_CARD,
        FieldType.PHONE,
        FieldType.TEXT,
        FieldType.CODE,
        FieldType.MONTH,
        FieldType.ID_KIND,
        FieldType.INSURANCES,
        FieldType.PHOTO,
        FieldType.ATTACHMENT,
    }
)
_SPARE_ROWS = 2000
"""Rows below the header that are formatted and have drop-downs, beyond those that are filled in."""
_HEADER_ROW, _EXAMPLE_ROW = 2, 3
_FIRST_COLUMN = 2  # column A holds the serial number, and the mark 例


def write_template(form: Form, out: Path, prefill: Sequence[Mapping[str, object]] = ()) -> None:
    """Write the template of `form` to `out`. `prefill` are rows by field name; money in int fen, as rows store it.

    `read_sheet` reads the result: the example row is marked 例 and skipped.
    """
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    fields = form.columns()
    _fill_sheet(sheet, form, fields, prefill)
    lists = _write_codes(book, fields)
    _add_choices(sheet, fields, lists, _EXAMPLE_ROW + len(prefill) + _SPARE_ROWS)
    _write_help(book, form, fields)
    out.parent.mkdir(parents=True, exist_ok=True)
    with draft_of(out) as part:
        book.save(part)
        part.replace(out)


def _fill_sheet(sheet: Worksheet, form: Form, fields: Sequence[Field], prefill: Sequence[Mapping[str, object]]) -> None:
    from openpyxl.comments import Comment
    from openpyxl.styles import Alignment, Font, PatternFill

    sheet.title = _sheet_name(str(form.title))
    sheet.cell(1, 1, str(form.title))
    sheet.cell(1, 1).font = Font(size=16, bold=True)
    sheet.merge_cells(start_row=1, end_row=1, start_column=1, end_column=len(fields) + 1)
    sheet.cell(1, 1).alignment = Alignment(horizontal="center")
    _style_columns(sheet, fields)
    titles = [say("sheets-template-serial"), *(str(field.title) for field in fields)]
    for column, title in enumerate(titles, 1):
        heading = sheet.cell(_HEADER_ROW, column)
        heading.value = title
        required = column >= _FIRST_COLUMN and fields[column - _FIRST_COLUMN].required
        heading.font = Font(bold=True, color="C00000" if required else "000000")
        heading.fill = PatternFill("solid", fgColor="EDEDED")
        heading.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        help_text = fields[column - _FIRST_COLUMN].guidance() if column >= _FIRST_COLUMN else ""
        if help_text:
            heading.comment = Comment(help_text, "unitclient", height=120, width=260)
    _write_example(sheet, fields)
    for number, row in enumerate(prefill, 1):
        _write_row(sheet, _EXAMPLE_ROW + number, number, fields, row)
    sheet.freeze_panes = f"{column_letter(_FIRST_COLUMN)}{_EXAMPLE_ROW}"


def _sheet_name(title: str) -> str:
    return "".join(letter if letter not in "[]:*?/\\" else "_" for letter in title)[:31]


def _style_columns(sheet: Worksheet, fields: Sequence[Field]) -> None:
    """Whole columns as text, so that also the ten-thousandth ID typed or pasted as a value stays one."""
    sheet.column_dimensions["A"].width = 7
    for position, field in enumerate(fields):
        dimension = sheet.column_dimensions[column_letter(position + 1)]
        dimension.width = max(field.width, 22 if field.type == FieldType.ID_NUMBER else 10)
        dimension.number_format = _number_format(field)


def _number_format(field: Field) -> str:
    if field.type in _TEXT_TYPES:
        return "@"
    return {FieldType.MONEY: "0.00", FieldType.DATE: "yyyy-mm-dd"}.get(field.type, "General")


def _write_example(sheet: Worksheet, fields: Sequence[Field]) -> None:
    from openpyxl.styles import Font

    sheet.cell(_EXAMPLE_ROW, 1, say("sheets-template-example"))
    for position, field in enumerate(fields):
        cell = sheet.cell(_EXAMPLE_ROW, position + _FIRST_COLUMN, field.example or None)
        cell.number_format = "@"
        cell.data_type = "s"
    for column in range(1, len(fields) + 2):
        sheet.cell(_EXAMPLE_ROW, column).font = Font(italic=True, color="808080")


def _write_row(sheet: Worksheet, number: int, serial: int, fields: Sequence[Field], row: Mapping[str, object]) -> None:
    from openpyxl.cell.cell import Cell

    sheet.cell(number, 1, serial)
    for position, field in enumerate(fields):
        value = _cell_value(field, row.get(field.name))
        cell = sheet.cell(number, position + _FIRST_COLUMN)
        cell.number_format = _number_format(field)
        cell.value = value
        if isinstance(value, str) and isinstance(cell, Cell):
            # openpyxl takes a text that begins with "=" for a formula; here it is what somebody typed.
            cell.data_type = "s"
            cell.quotePrefix = value[:1] in "=+-@"


def _cell_value(field: Field, value: object) -> str | float | int | date | None:
    """What stands in the cell for a stored value: yuan for fen, the table's word for a code, lists with 、."""
    if value is None or value == "":
        return None
    if field.type == FieldType.MONEY and isinstance(value, int):
        return value / 100
    if isinstance(value, list | tuple):
        return "、".join(_word(field, str(item)) for item in value)
    if isinstance(value, int | float | date):
        return value
    return _word(field, str(value))


def _word(field: Field, code: str) -> str:
    return next((word for known, word in _choices(field) if known == code), code)


def _choices(field: Field) -> list[tuple[str, str]]:
    """(code, word) of the field's code table, in order."""
    if field.table is None:
        return []
    return [(row.code, row.label(language())) for row in field.table.rows]


def _write_codes(book: Workbook, fields: Sequence[Field]) -> dict[str, str]:
    """The sheet of code tables; gives the range of words by field name."""
    with_table = [field for field in fields if field.table is not None]
    ranges: dict[str, str] = {}
    if not with_table:
        return ranges
    name = say("sheets-template-code-sheet")
    sheet = book.create_sheet(name)
    for position, field in enumerate(with_table):
        code_column, word_column = 2 * position + 1, 2 * position + 2
        sheet.cell(1, code_column, str(field.title))
        choices = _choices(field)
        for row, (code, word) in enumerate(choices, 2):
            sheet.cell(row, code_column, code).number_format = "@"
            sheet.cell(row, word_column, word)
        letter = column_letter(word_column - 1)
        sheet.column_dimensions[letter].width = 24
        ranges[field.name] = f"'{name}'!${letter}$2:${letter}${len(choices) + 1}"
    return ranges


def _add_choices(sheet: Worksheet, fields: Sequence[Field], ranges: Mapping[str, str], last_row: int) -> None:
    """Drop-downs. Other input is allowed after a warning: codes and lists are read too."""
    from openpyxl.worksheet.datavalidation import DataValidation

    for position, field in enumerate(fields):
        if field.name not in ranges or field.type == FieldType.INSURANCES:
            continue
        choice = DataValidation(type="list", formula1=ranges[field.name], allow_blank=True, errorStyle="warning")
        choice.errorTitle = say("sheets-template-choice-title")[:32]
        choice.error = say("sheets-template-choice")
        letter = column_letter(position + 1)
        choice.add(f"{letter}{_EXAMPLE_ROW}:{letter}{last_row}")
        sheet.add_data_validation(choice)


def _write_help(book: Workbook, form: Form, fields: Sequence[Field]) -> None:
    from openpyxl.styles import Alignment, Font

    sheet = book.create_sheet(say("sheets-template-help-sheet"), 1)
    sheet.append([_plain(form.summary) or str(form.title)])
    sheet.append([say("sheets-template-intro")])
    titles = ("column", "required", "how", "sample")
    sheet.append([say(f"sheets-template-{title}") for title in titles])
    for field in fields:
        needed = "yes" if field.required else "sometimes" if field.required_when else "no"
        sheet.append([str(field.title), say(f"sheets-template-{needed}"), field.guidance(), field.example])
    for row in sheet.iter_rows(min_row=2):
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.number_format = "@"
    sheet["A1"].font = Font(size=14, bold=True)
    sheet.merge_cells("A2:D2")
    sheet.row_dimensions[2].height = 64
    for letter, width in zip("ABCD", (18, 14, 70, 24), strict=True):
        sheet.column_dimensions[letter].width = width
        sheet[f"{letter}3"].font = Font(bold=True)


def _plain(text: Bilingual) -> str:
    return str(text)
