"""Real HR sheets: headers anywhere and in levels, aliases, rows that are not people, cells that cannot be taken."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from tests.sheets.forms import HEADER, ROW, form, workbook
from unitclient.domain.findings import Severity
from unitclient.domain.period import Period
from unitclient.errors import UserError
from unitclient.sheets import read_sheet


def test_header_is_found_below_a_title_and_rows_keep_their_numbers(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [["增员花名册"], [], ["制表日期：2026-07-01"], HEADER, ROW, [], ROW])
    read = read_sheet(path, form())
    rows = list(read.rows)
    assert read.header_rows == (4, 4)
    assert [row.number for row in rows] == [5, 7]
    assert rows[0].values == {
        "name": "王示范",
        "id_number": "51000019900101003X",
        "start_month": "2026-07",
        "wage": 6500.0,
    }
    assert read.columns == {"name": "B", "id_number": "C", "start_month": "D", "wage": "E"}
    assert (read.sheet, read.findings, read.unknown_columns) == ("增员", [], ())


def test_table_that_begins_in_the_third_column_keeps_its_letters(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [[None, None, *HEADER], [None, None, *ROW]])
    assert read_sheet(path, form()).columns["name"] == "D"


@pytest.mark.parametrize(
    "header",
    [
        ("职工姓名", "身份证号", "参保时间(yyyy-MM-dd)", "申报工资"),
        ("*姓名", "公民身份号码", "起缴时间", "社保工资（元）"),
        ("name", "id_number", "start_month", "wage"),
        (" 姓 名 ", "证件号码\n（必填）", "参保年月", "缴费工资 "),
        ("EMPLOYEE_NAME", "CARD_ID", "参保年月", "AAC040"),
    ],
)
def test_aliases_brackets_blanks_and_codes_name_the_columns(tmp_path: Path, header: tuple[str, ...]) -> None:
    path = workbook(tmp_path / "a.xlsx", [header, ROW[1:]])
    assert set(read_sheet(path, form()).columns) >= {"name", "id_number", "start_month"}


def test_two_level_header_with_merged_titles(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["花名册"])
    sheet.append(["序号", "人员信息", None, "社保", None, "备注"])
    sheet.append([None, "姓名", "证件号码", "起缴年月", "工资", None])
    sheet.append(["1", "王示范", "51000019900101003X", "2026-07", 5000, ""])
    for area in ("A1:F1", "A2:A3", "B2:C2", "D2:E2", "F2:F3"):
        sheet.merge_cells(area)
    book.save(tmp_path / "a.xlsx")
    read = read_sheet(tmp_path / "a.xlsx", form())
    assert read.header_rows == (2, 3)
    assert read.columns == {"name": "B", "id_number": "C", "start_month": "D", "wage": "E", "remark": "F"}
    assert [row.number for row in read.rows] == [4]


def test_single_level_header_merged_downwards_hides_no_row(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(list(HEADER))
    sheet.append([None] * 5)
    sheet.append(list(ROW))
    for letter in "ABCDE":
        sheet.merge_cells(f"{letter}1:{letter}2")
    book.save(tmp_path / "a.xlsx")
    read = read_sheet(tmp_path / "a.xlsx", form())
    assert read.header_rows == (1, 2)
    assert [row.number for row in read.rows] == [3]


def test_machine_keys_above_the_chinese_titles_are_both_header(tmp_path: Path) -> None:
    keys = ("NO", "EMPLOYEE_NAME", "CARD_ID", "start_month", "wage")
    read = read_sheet(workbook(tmp_path / "a.xlsx", [keys, HEADER, ROW]), form())
    assert (read.header_rows, [row.number for row in read.rows]) == ((1, 2), [3])


def test_example_total_footer_and_repeated_header_rows_are_skipped_and_told(tmp_path: Path) -> None:
    rows = [
        HEADER,
        ["例", *ROW[1:]],
        ["1", "示例：张三", *ROW[2:]],
        ["", "必填", "必填", "必填", "必填"],
        ROW,
        HEADER,
        ["2", *ROW[1:]],
        ["合  计", None, None, None, 13000],
        [None, "小计", None, None, 13000],
        ["填表人：李某", None, "复核人：", None, None],
        ["3", None, None, None, None],
    ]
    read = read_sheet(workbook(tmp_path / "a.xlsx", rows), form())
    assert [row.number for row in read.rows] == [5, 7]
    told = {finding.code: finding.params["rows"] for finding in read.findings}
    assert told == {
        "SHEET_EXAMPLE_ROWS": "2、3、4",
        "SHEET_HEADER_AGAIN": "6",
        "SHEET_TOTAL_ROWS": "8、9",
        "SHEET_FOOTER_ROWS": "10",
    }
    assert all(finding.severity is Severity.NOTICE for finding in read.findings)


def test_people_whose_names_begin_like_a_mark_are_taken(tmp_path: Path) -> None:
    names = ["范例华", "全小计", "共和", "例丽", "总合", "示强", "样本初", "注明"]
    rows = [HEADER, *(["1", name, *ROW[2:]] for name in names if name != "样本初")]
    read = read_sheet(workbook(tmp_path / "a.xlsx", rows), form())
    assert [row.values["name"] for row in read.rows] == [name for name in names if name != "样本初"]


def test_a_person_without_an_id_is_not_lost(tmp_path: Path) -> None:
    read = read_sheet(workbook(tmp_path / "a.xlsx", [HEADER, ["1", "王示范", None, "2026-07", 1]]), form())
    assert [row.values["id_number"] for row in read.rows] == [""]


def test_id_stored_as_a_number_is_refused_and_never_repaired(tmp_path: Path) -> None:
    number = 510000199001010036
    rows = [HEADER, ["1", "甲", number, "2026-07", 1], ["2", "乙", "5.10000199001E+17", "2026-07", 1], ROW]
    first, second, third = read_sheet(workbook(tmp_path / "a.xlsx", rows), form()).rows
    assert [finding.code for finding in first.findings] == ["NUMBER_ID"]
    place = first.findings[0].place
    assert place is not None
    assert (place.sheet, place.row, place.column) == ("增员", 2, "C")
    assert isinstance(first.values["id_number"], float)
    assert [finding.code for finding in second.findings] == ["NUMBER_ID"]
    assert third.findings == ()


def test_short_numbers_in_an_id_column_are_left_to_the_catalog(tmp_path: Path) -> None:
    (row,) = read_sheet(
        workbook(tmp_path / "a.xlsx", [HEADER, ["1", "甲", 510000900101003, "2026-07", 1]]), form()
    ).rows
    assert row.findings == ()


def test_hidden_rows_are_taken_and_told(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [HEADER, ROW, ROW, ROW])
    book = load_workbook(path)
    book["增员"].row_dimensions[3].hidden = True
    book["增员"].column_dimensions["A"].hidden = True
    book.save(path)
    read = read_sheet(path, form())
    assert len(list(read.rows)) == 3
    assert [(finding.code, finding.params["rows"]) for finding in read.findings] == [("SHEET_HIDDEN_ROWS", "3")]


def test_formula_without_a_result_and_error_values_are_findings(tmp_path: Path) -> None:
    rows = [HEADER, [*ROW[:4], "=1+1"], [*ROW[:4], "#DIV/0!"], [*ROW[:2], "#NAME?", *ROW[3:]], ROW]
    formula, error, bad_id, good = read_sheet(workbook(tmp_path / "a.xlsx", rows), form()).rows
    assert [(f.code, f.field, f.value) for f in formula.findings] == [("FORMULA_NO_VALUE", "wage", "=1+1")]
    assert [(f.code, f.field, f.value) for f in error.findings] == [("CELL_ERROR", "wage", "#DIV/0!")]
    assert [(f.code, f.field) for f in bad_id.findings] == [("CELL_ERROR", "id_number")]
    assert formula.values["wage"] is None
    assert good.findings == ()


def test_rows_of_nothing_but_formulas_are_not_lost(tmp_path: Path) -> None:
    rows = [HEADER, ROW, [None, None, None, None, "#N/A"], [None] * 5, [None, "=A1", "=B1", "=C1", None]]
    read = read_sheet(workbook(tmp_path / "a.xlsx", rows), form())
    assert [(row.number, [f.code for f in row.findings]) for row in read.rows] == [
        (2, []),
        (5, ["FORMULA_NO_VALUE"] * 3),
    ]
    assert [(finding.code, finding.params["rows"]) for finding in read.findings] == [("SHEET_ERROR_ROWS", "3")]


def test_first_visible_sheet_with_a_header_is_read_and_the_others_are_named(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [["说明", "请看第二张表"]], title="说明")
    book = load_workbook(path)
    for title in ("藏", "七月", "八月"):
        sheet = book.create_sheet(title)
        sheet.append(list(HEADER))
        sheet.append(list(ROW))
    book["藏"].sheet_state = "hidden"
    book.save(path)
    read = read_sheet(path, form())
    assert read.sheet == "七月"
    assert [(finding.code, finding.params["others"]) for finding in read.findings] == [("SHEET_OTHERS", "说明、八月")]


def test_unknown_and_doubled_columns_are_told(tmp_path: Path) -> None:
    header = (*HEADER, "工资", "血型")
    read = read_sheet(workbook(tmp_path / "a.xlsx", [header, [*ROW, 9999, "O"]]), form())
    assert next(iter(read.rows)).values["wage"] == 6500
    codes = {finding.code: finding for finding in read.findings}
    assert codes["SHEET_UNKNOWN_COLUMNS"].params["columns"] == "G 血型"
    assert codes["SHEET_COLUMN_TWICE"].params["used"] == "E 缴费工资"
    assert read.unknown_columns == ("工资", "血型")


def test_dates_come_as_dates(tmp_path: Path) -> None:
    (row,) = read_sheet(workbook(tmp_path / "a.xlsx", [HEADER, [*ROW[:3], date(2026, 7, 1), 1]]), form()).rows
    assert row.values["start_month"] == date(2026, 7, 1)


@pytest.mark.parametrize(
    "head",
    [
        ["单位编号：510100999"],
        ["单位编号", "510100999"],
        ["社保单位编号:", None, 510100999],
        ["单位名称", "某公司", "单位编码", "510100999"],
    ],
)
def test_sheet_of_another_unit_is_refused(tmp_path: Path, head: list[object]) -> None:
    path = workbook(tmp_path / "a.xlsx", [["增员表"], head, HEADER, ROW])
    with pytest.raises(UserError) as refused:
        read_sheet(path, form(), unit_number="510100123")
    assert (refused.value.code, refused.value.params["found"]) == ("sheet-wrong-unit", "510100999")
    assert len(list(read_sheet(path, form(), unit_number="510100999").rows)) == 1
    assert len(list(read_sheet(path, form()).rows)) == 1


def test_unit_number_in_a_row_of_labels_above_a_row_of_values(tmp_path: Path) -> None:
    head = [["单位编号", "单位名称", "结算号"], ["510100999", "某公司", "7"]]
    path = workbook(tmp_path / "a.xlsx", [*head, HEADER, ROW])
    with pytest.raises(UserError, match="sheet-wrong-unit"):
        read_sheet(path, form(), unit_number="510100123")


def test_leading_zeros_lost_in_a_number_are_forgiven(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [["单位编号", 510100], HEADER, ROW])
    assert len(list(read_sheet(path, form(), unit_number="00510100").rows)) == 1


@pytest.mark.parametrize(
    "head", [["费款所属期：2026-06"], ["所属月份", 202606], ["费款所属期", date(2026, 6, 1)], ["申报年月：2026年6月"]]
)
def test_sheet_of_another_period_is_refused(tmp_path: Path, head: list[object]) -> None:
    path = workbook(tmp_path / "a.xlsx", [head, HEADER, ROW])
    with pytest.raises(UserError) as refused:
        read_sheet(path, form(), period=Period(2026, 7))
    assert (refused.value.code, refused.value.params["found"]) == ("sheet-wrong-period", "2026-06")
    assert len(list(read_sheet(path, form(), period=Period(2026, 6)).rows)) == 1


def test_rows_of_another_unit_in_a_unit_column_are_findings(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [(*HEADER, "单位编号"), [*ROW, "510100123"], [*ROW, "510100999"]])
    good, bad = read_sheet(path, form(), unit_number="510100123").rows
    assert good.findings == ()
    assert [finding.code for finding in bad.findings] == ["SHEET_ROW_UNIT"]


def test_missing_header_columns_and_rows_have_their_own_refusals(tmp_path: Path) -> None:
    cases: dict[str, list[Sequence[object]]] = {
        "sheet-no-header": [["随便", "什么"], ["1", "2"]],
        "sheet-missing-columns": [["姓名", "证件号码"], ["王示范", "1"]],
        "sheet-no-rows": [HEADER, ["例", *ROW[1:]]],
    }
    for code, rows in cases.items():
        with pytest.raises(UserError) as refused:
            read_sheet(workbook(tmp_path / "a.xlsx", rows), form())
        assert refused.value.code == code


def test_fields_given_elsewhere_need_no_column(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [HEADER[:4], ROW[:4]])
    assert len(list(read_sheet(path, form(), given={"wage"}).rows)) == 1
