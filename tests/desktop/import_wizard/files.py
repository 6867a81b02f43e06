"""Spreadsheets for the tests of the import wizard: what an HR office sends."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from openpyxl import Workbook

TITLES = ("序号", "姓名", "身份证号", "入职日期", "缴费工资")
GOOD = (
    (1, "王示范", "420100198505051023", "2026-11", 6500),
    (2, "赵示范", "420100199208122037", "2026-11", 7000),
    (3, "钱示范", "11000019900307001X", "2026-11", 21000),
)
BAD = ((4, "孙示范", "420100198505051021", "2026-11", 6500), (5, "李示范", "110000199003070175", "2026-11", "面议"))


def sheet(path: Path, *rows: Sequence[object], titles: Sequence[str] = TITLES, above: Sequence[str] = ()) -> Path:
    """A workbook with one sheet."""
    book = Workbook()
    page = book.active
    assert page is not None
    page.title = "名单"
    for text in above:
        page.append([text])
    page.append(list(titles))
    for row in rows:
        page.append(list(row))
    book.save(path)
    return path
