"""A sheet whose titles say nothing, or the wrong thing: somebody matches the columns, and it is read that way."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from tests.sheets.forms import HEADER, ROW, form, workbook
from unitclient.catalog import load_catalog
from unitclient.domain.findings import Finding
from unitclient.errors import UserError
from unitclient.paths import forms_root, resources_root
from unitclient.sheets import Chosen, RefusedRow, outline, read_sheet, write_error_workbook, write_template
from unitclient.sheets.outline import best_form

ODD_HEADER = ("编", "谁", "号", "几时", "多少", "旧工资")
ODD_ROW = (*ROW, 6000)
COLUMNS = {"name": "B", "id_number": "C", "start_month": "D", "wage": "E"}


def test_titles_nobody_knows_are_read_as_chosen(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [["名单"], ODD_HEADER, ODD_ROW])
    with pytest.raises(UserError, match="sheet-no-header"):
        read_sheet(path, form())
    read = read_sheet(path, form(), chosen=Chosen(COLUMNS, header_rows=(2, 2)))
    assert [row.values for row in read.rows] == [
        {"name": "王示范", "id_number": "51000019900101003X", "start_month": "2026-07", "wage": 6500.0}
    ]
    assert read.columns == COLUMNS
    assert read.unknown_columns == ("编", "旧工资")


def test_chosen_columns_stand_before_what_the_titles_say(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [(*HEADER, "新数"), (*ROW, 7000)])
    read = read_sheet(path, form(), chosen=Chosen({**COLUMNS, "wage": "F"}))
    assert next(read.rows).values["wage"] == 7000
    assert read.unknown_columns == ("缴费工资",)


def test_a_field_without_a_column_is_not_read_whatever_its_title(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [(*HEADER, "备注"), (*ROW, "内部")])
    assert "remark" in read_sheet(path, form()).columns
    assert "remark" not in next(read_sheet(path, form(), chosen=Chosen(COLUMNS)).rows).values


def test_a_chosen_matching_without_a_required_field_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [ODD_HEADER, ODD_ROW])
    with pytest.raises(UserError) as caught:
        read_sheet(path, form(), chosen=Chosen({"name": "B", "id_number": "C"}, header_rows=(1, 1)))
    assert (caught.value.code, caught.value.params["columns"]) == ("sheet-missing-columns", "参保年月、缴费工资")


def test_the_chosen_sheet_is_read_and_not_the_first(tmp_path: Path) -> None:
    book = Workbook()
    for name, person in (("一月", "李一"), ("二月", "李二")):
        sheet = book.create_sheet(name)
        sheet.append(HEADER)
        sheet.append((ROW[0], person, *ROW[2:]))
    book.remove(book.worksheets[0])
    book.save(tmp_path / "a.xlsx")
    read = read_sheet(tmp_path / "a.xlsx", form(), chosen=Chosen(COLUMNS, sheet="二月"))
    assert next(read.rows).values["name"] == "李二"


@pytest.mark.parametrize(
    "chosen",
    [
        Chosen(COLUMNS, sheet="三月"),
        Chosen(COLUMNS, header_rows=(5, 5)),
        Chosen(COLUMNS, header_rows=(0, 1)),
        Chosen({**COLUMNS, "wage": "ZZ"}),
    ],
)
def test_what_is_no_longer_there_is_refused(tmp_path: Path, chosen: Chosen) -> None:
    path = workbook(tmp_path / "a.xlsx", [HEADER, ROW])
    with pytest.raises(UserError, match="sheet-other-layout"):
        read_sheet(path, form(), chosen=chosen)


def test_the_error_workbook_of_a_chosen_reading_can_be_read_the_same_way(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [ODD_HEADER, ODD_ROW])
    chosen = Chosen(COLUMNS, header_rows=(1, 1))
    read = read_sheet(path, form(), chosen=chosen)
    row = next(read.rows)
    write_error_workbook(
        path, read, [RefusedRow(row.number, [Finding("REQUIRED", field="wage")], row)], tmp_path / "e.xlsx"
    )
    again = read_sheet(tmp_path / "e.xlsx", form(), chosen=chosen)
    assert next(again.rows).values == row.values
    assert load_workbook(tmp_path / "e.xlsx").active is not None
    assert outline(tmp_path / "e.xlsx", form()).layout == outline(path, form()).layout


def test_outline_shows_titles_samples_and_what_they_mean(tmp_path: Path) -> None:
    rows = [["名单"], HEADER, ROW, ("2", "赵示范", "11000019900307001X", datetime(2026, 8, 1), 7000.5), ROW]
    seen = outline(workbook(tmp_path / "a.xlsx", rows), form())
    assert (seen.sheets, seen.sheet, seen.header_rows, seen.recognised, seen.rows) == (
        ("增员",),
        "增员",
        (2, 2),
        True,
        3,
    )
    assert seen.columns == COLUMNS
    assert [(title.letters, title.label) for title in seen.titles] == list(zip("ABCDE", HEADER, strict=True))
    assert seen.titles[3].samples == ("2026-07", "2026-08-01", "2026-07")
    assert seen.titles[4].samples == ("6500", "7000.5", "6500")


def test_outline_guesses_the_header_it_does_not_know(tmp_path: Path) -> None:
    seen = outline(workbook(tmp_path / "a.xlsx", [["名单"], ODD_HEADER, ODD_ROW]), form())
    assert (seen.recognised, seen.header_rows, seen.columns) == (False, (2, 2), {})
    other = outline(tmp_path / "a.xlsx", form(), header_rows=(1, 1))
    assert (other.titles[0].label, other.rows) == ("名单", 2)
    with pytest.raises(UserError, match="sheet-other-layout"):
        outline(tmp_path / "a.xlsx", form(), header_rows=(3, 9))
    with pytest.raises(UserError, match="sheet-other-layout"):
        outline(tmp_path / "a.xlsx", form(), sheet="没有")


def test_outline_of_an_empty_workbook_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="sheet-no-rows"):
        outline(workbook(tmp_path / "a.xlsx", []), form())


def test_layout_is_the_same_for_files_of_one_kind(tmp_path: Path) -> None:
    july = outline(workbook(tmp_path / "a.xlsx", [["七月"], HEADER, ROW]), form())
    august = outline(workbook(tmp_path / "b.xlsx", [["八月名单"], [], HEADER, ROW, ROW]), form())
    other = outline(workbook(tmp_path / "c.xlsx", [(*HEADER, "备注"), ROW]), form())
    assert july.layout == august.layout != other.layout


def test_columns_without_a_title_can_be_matched_too(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "a.xlsx", [("姓名", "证件号码", "参保年月"), ("王示范", "51000019900101003X", "2026-07", 6500)]
    )
    seen = outline(path, form())
    assert (seen.titles[3].letters, seen.titles[3].label, seen.titles[3].samples) == ("D", "", ("6500",))
    read = read_sheet(path, form(), chosen=Chosen({**seen.columns, "wage": "D"}))
    assert next(read.rows).values["wage"] == 6500


@pytest.mark.parametrize("form_id", ["enrol", "stop", "annual-wage", "base-change", "back-payment"])
def test_a_template_is_taken_for_the_form_it_is_of(tmp_path: Path, form_id: str) -> None:
    forms = [each for each in load_catalog(forms_root(), resources_root()).forms.values() if each.importable]
    write_template(form(form_id), tmp_path / "t.xlsx")
    found = best_form(tmp_path / "t.xlsx", forms)
    assert found is not None
    assert found.id == form_id


def test_a_file_of_no_form_is_taken_for_none(tmp_path: Path) -> None:
    assert best_form(workbook(tmp_path / "a.xlsx", [("颜色", "重量"), ("红", 3)]), [form()]) is None
