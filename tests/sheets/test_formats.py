"""The same rows out of .xlsx, .xls, .ods and .csv, whatever the extension says."""

from __future__ import annotations

import shutil
import subprocess
from datetime import date
from pathlib import Path

import pytest
import xlwt
from hypothesis import example, given
from hypothesis import strategies as st
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P
from openpyxl import load_workbook

from tests.sheets.forms import HEADER, ROW, form, workbook
from unitclient.domain import gb18030
from unitclient.sheets import csv_bytes, plain_text, read_sheet, safe_text

RARE = "𬭚䶮〇·阿迪力"
CSV = "序号,姓名,证件号码,参保年月,缴费工资\r\n1,王示范,51000019900101003X,2026-07,6500\r\n"


def test_xls_with_dates_hidden_rows_and_number_ids(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("增员", cell_overwrite_ok=True)
    as_date = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    for column, title in enumerate(HEADER):
        sheet.write(2, column, title)
    for row, number in ((3, "51000019900101003X"), (4, 510000199001010036), (5, "510000199001010052")):
        sheet.write(row, 1, "王示范")
        sheet.write(row, 2, number)
        sheet.write(row, 3, date(2026, 7, 1), as_date)
        sheet.write(row, 4, 6500.5)
    sheet.row(5).hidden = True
    book.save(str(tmp_path / "a.xls"))
    read = read_sheet(tmp_path / "a.xls", form())
    good, number_id, _hidden = read.rows
    assert good.values == {
        "name": "王示范",
        "id_number": "51000019900101003X",
        "start_month": date(2026, 7, 1),
        "wage": 6500.5,
    }
    assert [finding.code for finding in number_id.findings] == ["NUMBER_ID"]
    assert [(finding.code, finding.params["rows"]) for finding in read.findings] == [("SHEET_HIDDEN_ROWS", "6")]


def test_xls_error_cells(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("增员", cell_overwrite_ok=True)
    for column, title in enumerate(HEADER):
        sheet.write(0, column, title)
        sheet.write(1, column, ROW[column])
    sheet.row(1).set_cell_error(4, "#DIV/0!")
    book.save(str(tmp_path / "a.xls"))
    (row,) = read_sheet(tmp_path / "a.xls", form()).rows
    assert [(finding.code, finding.value) for finding in row.findings] == [("CELL_ERROR", "#DIV/0!")]


def ods(path: Path, rows: list[list[object]], hidden: int | None = None) -> Path:
    document = OpenDocumentSpreadsheet()
    table = Table(name="增员")
    for number, cells in enumerate(rows):
        row = TableRow(**({"visibility": "collapse"} if number == hidden else {}))
        for value in cells:
            if isinstance(value, int | float):
                row.addElement(TableCell(valuetype="float", value=str(value)))
            elif isinstance(value, date):
                row.addElement(TableCell(valuetype="date", datevalue=value.isoformat()))
            else:
                cell = TableCell(valuetype="string")
                cell.addElement(P(text=str(value)))
                row.addElement(cell)
        table.addElement(row)
    table.addElement(TableRow(numberrowsrepeated="1048000"))
    document.spreadsheet.addElement(table)
    document.save(str(path))
    return path


def test_ods(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["花名册"],
        list(HEADER),
        ["1", RARE, ROW[2], date(2026, 7, 1), 6500.5],
        ["2", "乙", 510000199001010036, "2026-07", 1],
    ]
    read = read_sheet(ods(tmp_path / "a.ods", rows, hidden=3), form())
    good, bad = read.rows
    assert good.values == {"name": RARE, "id_number": ROW[2], "start_month": date(2026, 7, 1), "wage": 6500.5}
    assert (good.number, [finding.code for finding in bad.findings]) == (3, ["NUMBER_ID"])
    assert [finding.code for finding in read.findings] == ["SHEET_HIDDEN_ROWS"]


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_errors_and_hidden_rows_in_files_of_libreoffice(tmp_path: Path) -> None:
    source = workbook(tmp_path / "a.xlsx", [HEADER, [*ROW[:4], "=1/0"], [*ROW[:4], "=5000+1500"], ROW])
    book = load_workbook(source)
    book.worksheets[0].row_dimensions[4].hidden = True
    book.save(source)
    command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/lo", "--headless", "--convert-to"]
    for kind in ("xlsx", "ods", "xls"):
        convert = [*command, kind, "--outdir", str(tmp_path / "out"), str(source)]
        subprocess.run(convert, check=True, capture_output=True, timeout=120)
        read = read_sheet(tmp_path / "out" / f"a.{kind}", form())
        error, formula, _hidden = read.rows
        assert [(finding.code, finding.value) for finding in error.findings] == [("CELL_ERROR", "#DIV/0!")], kind
        assert (formula.values["wage"], formula.findings) == (6500.0, ())
        assert [(finding.code, finding.params["rows"]) for finding in read.findings] == [("SHEET_HIDDEN_ROWS", "4")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_csv_encodings_and_delimiters(tmp_path: Path, encoding: str, delimiter: str) -> None:
    (tmp_path / "a.csv").write_bytes(CSV.replace(",", delimiter).encode(encoding))
    (row,) = read_sheet(tmp_path / "a.csv", form()).rows
    assert (row.number, row.values["name"], row.values["id_number"]) == (2, "王示范", "51000019900101003X")


def test_csv_with_rare_characters_in_gb18030(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(gb18030.encode(CSV.replace("王示范", RARE)))
    (row,) = read_sheet(tmp_path / "a.csv", form()).rows
    assert row.values["name"] == RARE


def test_csv_cells_that_force_text_or_lost_their_digits(tmp_path: Path) -> None:
    forced = CSV.replace("51000019900101003X", '="510000199001010036"')
    lost = '2,乙,5.10000199001E+17,2026-07,1\r\n3,丙,\'510000199001010052,2026-07,"1,200.50"\r\n'
    (tmp_path / "a.csv").write_bytes((forced + lost).encode())
    first, second, third = read_sheet(tmp_path / "a.csv", form()).rows
    assert first.values["id_number"] == "510000199001010036"
    assert [finding.code for finding in second.findings] == ["NUMBER_ID"]
    assert (third.values["id_number"], third.values["wage"]) == ("510000199001010052", "1,200.50")


def test_short_csv_records_and_line_breaks_in_cells(tmp_path: Path) -> None:
    text = '姓名,证件号码,参保年月,缴费工资,备注\r\n王示范,51000019900101003X,2026-07,6500\r\n乙,1,2026-07,1,"a\nb"\r\n'
    (tmp_path / "a.csv").write_bytes(text.encode())
    first, second = read_sheet(tmp_path / "a.csv", form()).rows
    assert (first.values["remark"], second.values["remark"], second.number) == ("", "a\nb", 3)


@pytest.mark.parametrize("name", ["a.xls", "a.csv", "a.dat"])
def test_content_decides_not_the_extension(tmp_path: Path, name: str) -> None:
    shutil.copy(workbook(tmp_path / "a.xlsx", [HEADER, ROW]), tmp_path / name)
    read = read_sheet(tmp_path / name, form())
    assert len(list(read.rows)) == 1
    assert [finding.code for finding in read.findings] == ["SHEET_EXTENSION"]


TEXT = st.text(st.characters(exclude_categories=("Cs", "Co", "Cn"), exclude_characters="\0"), max_size=12)
TRICKY = st.builds(
    str.__add__, st.sampled_from(["", "'", "''", "=", "+", "-", "@", "\t", "\r", "＝", "'=", '="']), TEXT
)


@given(TEXT | TRICKY)
def test_safe_text_runs_nowhere_and_comes_back(text: str) -> None:
    safe = safe_text(text)
    assert not safe.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"))
    assert plain_text(safe) == text


@example([";;;\t|", "a\nb"], "utf-8-sig")
@example(["|", "\r|", "\r|"], "utf-8-sig")
@given(st.lists(TEXT | TRICKY, min_size=1, max_size=4), st.sampled_from(["utf-8-sig", "gb18030"]))
def test_csv_round_trip(cells: list[str], encoding: str) -> None:
    from unitclient.sheets.text_file import read_records

    # A separator line fixes the delimiter, as a header does in real files.
    header = [f"列{number}" for number in range(len(cells) + 1)]
    data = csv_bytes(header, [[*cells, "完"]], encoding)
    assert read_records(data) == [header, [*cells, "完"]]
