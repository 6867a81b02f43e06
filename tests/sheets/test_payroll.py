"""Payroll workbooks: which column is whose deduction, by titles as real payrolls have them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from tests.sheets.forms import form, workbook
from unitclient.errors import UserError
from unitclient.sheets.payroll import kind_of_title, open_payroll

ID = "11000019900307001X"


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("养老保险个人", "pension"),
        ("养老保险（个人8%）", "pension"),
        ("基本养老", "pension"),
        ("扣养老金", "pension"),
        ("个人社保养老", "pension"),
        ("医疗个人", "medical"),
        ("医保", "medical"),
        ("医疗（含大病）个人", "medical"),
        ("医疗保险(含生育)", "medical"),
        ("生育医疗", "medical"),
        ("大病医疗个人", "serious_illness"),
        ("大额互助", "serious_illness"),
        ("失业个人", "unemployment"),
        ("失业 保险", "unemployment"),
        ("工伤", "injury"),
        ("生育保险", "maternity"),
        ("代扣社保", "total"),
        ("社保个人合计", "total"),
        ("三险扣款", "total"),
        ("代扣社保及公积金养老", "pension"),
        ("单位代扣代缴养老", "pension"),
        ("单位及个人社保个人部分养老", "pension"),
        ("养老保险单位", ""),
        ("养老保险（单位16%）", ""),
        ("公司承担社保", ""),
        ("养老个人缴费基数", ""),
        ("社保基数", ""),
        ("养老保险缴费比例", ""),
        ("社保号", ""),
        ("住房公积金", ""),
        ("五险一金", ""),
        ("社保公积金合计", ""),
        ("企业年金个人", ""),
        ("补缴养老", ""),
        ("实发工资", ""),
        ("个税", ""),
        ("", ""),
    ],
)
def test_a_title_says_the_insurance(title: str, kind: str) -> None:
    assert kind_of_title(title) == kind


def test_a_plain_sheet_is_read(tmp_path: Path) -> None:
    head = [
        "序号",
        "姓名",
        "身份证号",
        "基本工资",
        "养老保险（单位）",
        "养老保险（个人）",
        "医疗个人",
        "公积金",
        "实发工资",
    ]
    rows: list[list[Any]] = [["星海公司工资表"], head, [1, "王一", ID, 6000, 960, 480, 120.5, 300, 5099.5]]
    opened = open_payroll(workbook(tmp_path / "p.xlsx", rows, "工资"), form())
    (row,) = opened.sheet.rows
    assert opened.titles == {"pension": "养老保险（个人）", "medical": "医疗个人"}
    assert row.values == {"id_number": ID, "name": "王一", "pension": 480, "medical": 120.5}


def _under_headings(path: Path, upper: Sequence[str], lower: Sequence[str], row: Sequence[object]) -> Path:
    """A sheet with a header of two rows; an upper title reaches as far as the blanks after it."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for line in (upper, lower, row):
        sheet.append(list(line))
    starts = [at for at, text in enumerate(upper) if text] + [len(upper)]
    for at, end in pairwise(starts):
        if end - at > 1:
            sheet.merge_cells(start_row=1, start_column=at + 1, end_row=1, end_column=end)
        elif not lower[at]:
            sheet.merge_cells(start_row=1, start_column=at + 1, end_row=2, end_column=at + 1)
    book.save(path)
    return path


def test_columns_under_a_heading(tmp_path: Path) -> None:
    """The unit's columns come first and have the same titles below: the heading tells them apart."""
    path = _under_headings(
        tmp_path / "p.xlsx",
        ["姓名", "身份证号码", "单位部分", "", "", "个人部分", "", "", "实发"],
        ["", "", "养老", "医疗", "小计", "养老", "医疗", "失业", ""],
        ["王一", ID, 960, 480, 1440, 480, 120, 30, 5000],
    )
    (row,) = open_payroll(path, form()).sheet.rows
    assert row.values == {"id_number": ID, "name": "王一", "pension": 480, "medical": 120, "unemployment": 30}


def test_two_columns_of_one_insurance_are_not_guessed(tmp_path: Path) -> None:
    path = workbook(tmp_path / "p.xlsx", [["姓名", "身份证号", "养老个人", "扣养老"], ["王一", ID, 480, 480]])
    with pytest.raises(UserError) as refused:
        open_payroll(path, form())
    assert refused.value.code == "payroll-column-twice"
    assert (refused.value.params["one"], refused.value.params["other"]) == ("C 养老个人", "D 扣养老")


@pytest.mark.parametrize(
    ("head", "code"),
    [
        (["姓名", "身份证号", "养老单位", "实发工资"], "payroll-no-columns"),
        (["姓名", "工号", "养老个人", "医疗个人"], "sheet-missing-columns"),
    ],
)
def test_what_a_payroll_must_have(tmp_path: Path, head: list[str], code: str) -> None:
    path = workbook(tmp_path / "p.xlsx", [head, ["王一", ID, 480, 5000]])
    with pytest.raises(UserError) as refused:
        open_payroll(path, form())
    assert refused.value.code == code
