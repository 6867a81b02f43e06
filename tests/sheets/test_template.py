"""Templates: openable, importable, with drop-downs and text cells, and without formulas out of anyone's data."""

from __future__ import annotations

import shutil
import subprocess
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.cell.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from tests.sheets.forms import form
from unitclient.catalog import CheckContext, check_row
from unitclient.domain.findings import has_errors
from unitclient.domain.period import Period
from unitclient.errors import UserError
from unitclient.sheets import read_sheet, write_template
from unitclient.texts import use_language

FORMS = ("enrol", "stop", "annual-wage", "base-change", "back-payment")


def sheet_of(path: Path) -> Worksheet:
    sheet = load_workbook(path).worksheets[0]
    assert isinstance(sheet, Worksheet)
    return sheet


@pytest.mark.parametrize("form_id", FORMS)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_empty_template_is_recognised_and_its_example_is_skipped(tmp_path: Path, form_id: str, language: str) -> None:
    use_language(language)
    try:
        write_template(form(form_id), tmp_path / "t.xlsx")
    finally:
        use_language("zh")
    with pytest.raises(UserError, match="sheet-no-rows"):
        read_sheet(tmp_path / "t.xlsx", form(form_id))


@pytest.mark.parametrize("form_id", FORMS)
def test_the_example_row_itself_passes_the_checks(tmp_path: Path, form_id: str) -> None:
    write_template(form(form_id), tmp_path / "t.xlsx")
    book = load_workbook(tmp_path / "t.xlsx")
    book.worksheets[0]["A3"] = 1
    book.save(tmp_path / "t.xlsx")
    read = read_sheet(tmp_path / "t.xlsx", form(form_id))
    assert set(read.columns) == {field.name for field in form(form_id).columns()}
    (row,) = read.rows
    checked = check_row(form(form_id), row.values, CheckContext(date(2026, 7, 3), Period(2026, 7), ("pension",)))
    readable = [finding for finding in checked.findings if finding.code.startswith(("BAD_", "NUMBER", "B101", "NAME"))]
    assert not has_errors(readable), readable


def test_prefilled_rows_come_back_as_they_were_stored(tmp_path: Path) -> None:
    people = [
        {"name": "阿依古丽·买买提", "id_number": "51000019900101003X", "wage": 650_050, "person_number": "007"},
        {"name": "=1+1", "id_number": "510000199001010052", "wage": 500_000, "remark": "@SUM(A1)"},
    ]
    write_template(form("annual-wage"), tmp_path / "t.xlsx", people)
    read = read_sheet(tmp_path / "t.xlsx", form("annual-wage"))
    first, second = read.rows
    assert (first.number, first.values["name"], first.values["wage"]) == (4, "阿依古丽·买买提", 6500.5)
    assert first.values["person_number"] == "007"
    assert (second.values["name"], second.values["remark"], second.findings) == ("=1+1", "@SUM(A1)", ())


def test_required_titles_are_red_ids_are_text_far_down_and_codes_have_drop_downs(tmp_path: Path) -> None:
    write_template(form(), tmp_path / "t.xlsx")
    sheet = sheet_of(tmp_path / "t.xlsx")
    titles = {str(cell.value): cell for cell in sheet[2] if isinstance(cell, Cell)}
    assert titles["证件号码"].font.color.rgb == "00C00000"
    assert titles["备注"].font.color.rgb == "00000000"
    assert titles["姓名"].comment is not None
    assert "尚未核实" in str(titles["增员类别"].comment)
    helps = load_workbook(tmp_path / "t.xlsx").worksheets[1]
    assert ["尚未核实" in str(row[2]) for row in helps.iter_rows(values_only=True) if row[0] == "增员类别"] == [True]
    letter = titles["证件号码"].column_letter
    assert sheet.column_dimensions[letter].number_format == "@"
    lists = {str(choice.sqref): choice.formula1 for choice in sheet.data_validations.dataValidation}
    kind = titles["增员类别"].column_letter
    assert lists[f"{kind}3:{kind}2003"].startswith("'代码表'!$")
    assert load_workbook(tmp_path / "t.xlsx").sheetnames == ["增员申报", "填写说明", "代码表"]


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_a_template_filled_in_and_saved_by_libreoffice_is_read(tmp_path: Path) -> None:
    people = [{"name": "王示范", "id_number": "51000019900101003X", "wage": 650_000, "start_month": "2026-07"}]
    write_template(form(), tmp_path / "t.xlsx", people)
    command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/lo", "--headless", "--convert-to"]
    for kind in ("xlsx", "ods", "xls"):
        convert = [*command, kind, "--outdir", str(tmp_path / "out"), str(tmp_path / "t.xlsx")]
        subprocess.run(convert, check=True, capture_output=True, timeout=120)
        (row,) = read_sheet(tmp_path / "out" / f"t.{kind}", form()).rows
        assert (row.number, row.values["id_number"], row.values["wage"]) == (4, "51000019900101003X", 6500.0)
