"""The error workbook: the same sheet with the refused rows, nothing lost, nothing repaired, safe to open."""

from __future__ import annotations

import shutil
import subprocess
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from tests.sheets.forms import HEADER, ROW, form, workbook
from unitclient.domain.findings import Finding
from unitclient.errors import UserError
from unitclient.sheets import RefusedRow, read_sheet, write_error_workbook, write_table
from unitclient.sheets.model import Cell
from unitclient.sheets.source import open_source
from unitclient.sheets.xlsx_out import XlsxWriter

CSV_FILTER = "csv:Text - txt - csv (StarCalc):44,34,76"
WRONG = Finding("CELL_ERROR", field="wage", value="x")


def refuse_all(source: Path, out: Path) -> Path:
    read = read_sheet(source, form())
    refused = [RefusedRow(row.number, [*row.findings, WRONG], row) for row in read.rows]
    write_error_workbook(source, read, refused, out)
    return out


def test_same_head_same_columns_only_refused_rows_and_two_notes(tmp_path: Path) -> None:
    rows = [["增员花名册"], HEADER, ROW, ["2", "乙", "x", "2026-07", "abc"], ["3", "丙", "y", "2026-07", 1]]
    source = workbook(tmp_path / "a.xlsx", rows)
    read = read_sheet(source, form())
    (_first, second, _third) = read.rows
    write_error_workbook(source, read, [RefusedRow(second.number, [WRONG], second)], tmp_path / "e.xlsx")
    sheet = load_workbook(tmp_path / "e.xlsx")["增员"]
    values = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert values[0][0] == "增员花名册"
    assert values[1] == [*HEADER, "错误原因", "怎么改"]
    assert values[2][:5] == ["2", "乙", "x", "2026-07", "abc"]
    assert "第 4 行" in str(values[2][5])
    assert "【缴费工资】" in str(values[2][5])
    assert len(values) == 3
    assert sheet["E3"].fill.fgColor.rgb == "FFFFC7CE"
    assert sheet["B3"].fill.fill_type is None
    assert sheet["C3"].number_format == "@"
    assert sheet.freeze_panes == "A3"


def test_importing_it_again_skips_the_notes_and_a_second_round_does_not_double_them(tmp_path: Path) -> None:
    first = refuse_all(workbook(tmp_path / "a.xlsx", [HEADER, ROW]), tmp_path / "e1.xlsx")
    second = refuse_all(first, tmp_path / "e2.xlsx")
    read = read_sheet(second, form())
    assert read.unknown_columns == ()
    assert [(row.number, row.values["name"]) for row in read.rows] == [(2, "王示范")]
    assert load_workbook(second).active.max_column == 7  # type: ignore[union-attr]  # there is one


def test_rows_are_read_again_when_only_their_numbers_are_known(tmp_path: Path) -> None:
    source = workbook(tmp_path / "a.xlsx", [HEADER, ROW, [*ROW[:4], "=1+1"]])
    read = read_sheet(source, form())
    list(read.rows)
    write_error_workbook(source, read, [RefusedRow(3, [WRONG])], tmp_path / "e.xlsx")
    assert load_workbook(tmp_path / "e.xlsx").active["E2"].value == "=1+1"  # type: ignore[index]  # there is one
    workbook(source, [HEADER, ROW, ROW])
    with pytest.raises(UserError, match="sheet-changed"):
        write_error_workbook(source, read, [RefusedRow(3, [WRONG])], tmp_path / "e2.xlsx")


def test_a_number_id_stays_a_number_and_is_refused_again(tmp_path: Path) -> None:
    source = workbook(tmp_path / "a.xlsx", [HEADER, ["1", "甲", 510000199001010036, "2026-07", 1]])
    again = refuse_all(source, tmp_path / "e.xlsx")
    (row,) = read_sheet(again, form()).rows
    (typed,) = read_sheet(source, form()).rows
    assert row.values["id_number"] == typed.values["id_number"]
    assert isinstance(row.values["id_number"], float)
    assert [finding.code for finding in row.findings] == ["NUMBER_ID"]


def test_error_values_stay_error_values(tmp_path: Path) -> None:
    again = refuse_all(workbook(tmp_path / "a.xlsx", [HEADER, [*ROW[:4], "#DIV/0!"]]), tmp_path / "e.xlsx")
    (row,) = read_sheet(again, form()).rows
    assert [finding.code for finding in row.findings] == ["CELL_ERROR"]


def test_merged_two_level_head_survives(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["人员信息", None, "社保", None])
    sheet.append(["姓名", "证件号码", "起缴年月", "工资"])
    sheet.append(["王示范", "51000019900101003X", "2026-07", 5000])
    sheet.merge_cells("A1:B1")
    sheet.merge_cells("C1:D1")
    book.save(tmp_path / "a.xlsx")
    again = read_sheet(refuse_all(tmp_path / "a.xlsx", tmp_path / "e.xlsx"), form())
    assert (again.header_rows, again.columns["wage"]) == ((2, 2), "D")
    assert again.layout.note_columns == {4, 5}


def test_csv_source_gives_a_workbook_of_texts(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(
        "姓名,证件号码,参保年月,缴费工资\n王示范,510000199001010036,2026-07,=1+1\n", "utf-8"
    )
    refuse_all(tmp_path / "a.csv", tmp_path / "e.xlsx")
    cell = load_workbook(tmp_path / "e.xlsx").worksheets[0]["D2"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == ("=1+1", "s", True)


CELLS: st.SearchStrategy[Cell] = st.one_of(
    st.text(st.characters(codec="utf-8"), min_size=1, max_size=20),
    st.text("=+-@\t'_x004 ·𬭚䶮〇&<>\"", min_size=1, max_size=12),
    st.integers(-(10**14), 10**14).map(float),
    st.floats(allow_nan=False, allow_infinity=False, min_value=-1e18, max_value=1e18).filter(lambda x: abs(x) > 1e-5),
    st.booleans(),
    st.dates(date(1900, 3, 1), date(2199, 12, 31)),
    st.datetimes(datetime(1950, 1, 1), datetime(2099, 12, 31)).map(lambda moment: moment.replace(microsecond=0)),
)  # fmt: skip


def read_back(path: Path) -> list[list[Cell]]:
    ((_name, load),) = open_source(path).sheets
    return [list(row) for row in load().rows]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(st.lists(CELLS, min_size=1, max_size=8))
def test_every_cell_comes_back_as_it_was(tmp_path: Path, cells: list[Cell]) -> None:
    with XlsxWriter(tmp_path / "a.xlsx") as book:
        book.sheet("S", [["起", *cells]])
    # A moment at midnight is read as a day, in our files as in any other.
    expected = [cell.date() if isinstance(cell, datetime) and cell.time() == time() else cell for cell in cells]
    assert read_back(tmp_path / "a.xlsx") == [["起", *expected]]


def test_times_and_spans_come_back(tmp_path: Path) -> None:
    with XlsxWriter(tmp_path / "a.xlsx") as book:
        book.sheet("S", [["起", time(10, 30), timedelta(hours=30)]])
    assert read_back(tmp_path / "a.xlsx") == [["起", time(10, 30), timedelta(hours=30)]]


def test_nothing_is_left_when_writing_fails(tmp_path: Path) -> None:
    def rows() -> list[list[Cell]]:
        raise RuntimeError("no rows")

    with pytest.raises(RuntimeError), XlsxWriter(tmp_path / "a.xlsx") as book:
        book.sheet("S", rows())
    assert list(tmp_path.iterdir()) == []


def test_sheet_names_are_made_legal_and_unique(tmp_path: Path) -> None:
    with XlsxWriter(tmp_path / "a.xlsx") as book:
        for name in ("a/b*c", "a_b_c", "长" * 40):
            book.sheet(name, [["x"]])
    assert load_workbook(tmp_path / "a.xlsx").sheetnames == ["a_b_c", "a_b_c(2)", "长" * 31]


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_what_is_written(tmp_path: Path) -> None:
    source = workbook(tmp_path / "a.xlsx", [["花名册"], HEADER, ["1", "古丽·𬭚", 510000199001010036, "=1+1", 1]])
    refuse_all(source, tmp_path / "e.xlsx")
    write_table(tmp_path / "t.xlsx", "差异", ["姓名", "说明"], [["=cmd|' /C calc'!A0", "+1"]])
    command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/lo", "--headless", "--convert-to", CSV_FILTER]
    subprocess.run(
        [*command, "--outdir", str(tmp_path / "out"), str(tmp_path / "e.xlsx"), str(tmp_path / "t.xlsx")],
        check=True,
        capture_output=True,
        timeout=120,
    )
    errors = (tmp_path / "out" / "e.csv").read_text("utf-8")
    assert "古丽·𬭚" in errors
    assert "510000199001010000" in errors
    assert "错误原因" in errors
    assert "=cmd|' /C calc'!A0" in (tmp_path / "out" / "t.csv").read_text("utf-8")
