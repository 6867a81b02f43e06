"""The same people from every kind of file that offices have."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

from tests.cli.harness import HEADERS, Json, run, staff, this_month, workbook

MONTH = str(this_month())
ROWS = staff(4, MONTH, first=300)


@pytest.fixture
def home(settled_home: Path, tmp_path: Path) -> Path:
    """A copy of the settled home, so that every file meets the same roster."""
    home = tmp_path / "home"
    shutil.copytree(settled_home, home)
    return home


def _xlsx(path: Path) -> None:
    workbook(path, ROWS)


def _titled(path: Path) -> None:
    total = sum(int(row[3]) for row in ROWS)
    rows: list[list[str | int]] = [[], [*HEADERS], *ROWS, ["合计", "", "", total]]
    workbook(path, rows, ["某公司增员表"])


def _xls(path: Path) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("增员")
    for number, row in enumerate([HEADERS, *ROWS]):
        for column, value in enumerate(row):
            sheet.write(number, column, value)
    book.save(str(path))


def _ods(path: Path) -> None:
    book = OpenDocumentSpreadsheet()
    table = Table(name="增员")
    for row in (HEADERS, *ROWS):
        line = TableRow()
        for value in row:
            cell = TableCell(valuetype="string")
            cell.addElement(P(text=str(value)))
            line.addElement(cell)
        table.addElement(line)
    book.spreadsheet.addElement(table)
    book.save(str(path))


def _csv(path: Path, encoding: str) -> None:
    lines = [",".join(map(str, row)) for row in (HEADERS, *ROWS)]
    path.write_bytes("\r\n".join(lines).encode(encoding))


WRITERS: dict[str, Callable[[Path], None]] = {
    "staff.xlsx": _xlsx,
    "titled.xlsx": _titled,
    "staff.xls": _xls,
    "staff.ods": _ods,
    "utf8.csv": lambda path: _csv(path, "utf-8"),
    "bom.csv": lambda path: _csv(path, "utf-8-sig"),
    "gb18030.csv": lambda path: _csv(path, "gb18030"),
}


@pytest.mark.parametrize("name", WRITERS)
def test_the_same_rows_from_every_kind_of_file(home: Path, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    WRITERS[name](path)
    told = run(home, "import", "enrol", path)
    assert (told.code, told.data["read"], told.data["taken"]) == (0, len(ROWS), len(ROWS)), told.out
    assert _people(home) == {(row[1], row[0], int(row[3]) * 100) for row in ROWS}
    again = run(home, "import", "enrol", path)
    assert (again.data["taken"], again.data["unchanged"]) == (0, len(ROWS))


def _people(home: Path) -> set[tuple[str, str, int]]:
    persons: list[Json] = run(home, "roster").data["persons"]
    return {(one["id_number"], one["name"], one["wage"]) for one in persons if one["state"] == "pending"}


def test_an_error_workbook_that_is_being_mended_is_not_overwritten(home: Path, tmp_path: Path) -> None:
    wrong: list[list[str | int]] = [*ROWS, ["错", "1", MONTH, 1]]
    path = workbook(tmp_path / "staff.xlsx", wrong)
    first = Path(run(home, "import", "enrol", path).data["error_workbook"])
    assert first == home / "exports" / "staff-errors.xlsx"
    first.write_bytes(first.read_bytes() + b"mended")
    again = Path(run(home, "import", "enrol", path).data["error_workbook"])
    assert again == first
    kept = [one for one in first.parent.glob("staff-errors-*.xlsx") if one.read_bytes().endswith(b"mended")]
    assert len(kept) == 1
    assert run(home, "import", "enrol", again).data["error_workbook"] == str(first.with_name("staff-errors-2.xlsx"))


def test_a_template_that_is_being_filled_in_is_not_overwritten(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    assert run(home, "template", "enrol", path).data["moved_aside"] is None
    filled = path.read_bytes() + b"filled"
    path.write_bytes(filled)
    told = run(home, "template", "stop", path, "--prefill").data
    assert told["prefilled"] == 3
    assert Path(told["moved_aside"]).read_bytes() == filled


def test_rows_that_come_twice_name_the_row_of_the_sheet(home: Path, tmp_path: Path) -> None:
    path = workbook(tmp_path / "twice.xlsx", [*ROWS, [*ROWS[1][:3], 9999]])
    told = run(home, "import", "enrol", path)
    (finding,) = (one for one in told.data["findings"] if one["severity"] == "error")
    assert (finding["code"], finding["row"]) == ("DUPLICATE_ROW", 6)
    assert "第 3 行" in finding["reason"]
