"""The real forms, and small workbooks made of rows, for the tests of this room."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from openpyxl import Workbook

from unitclient.catalog import load_catalog
from unitclient.catalog.model import Form
from unitclient.paths import forms_root, resources_root

HEADER = ("序号", "姓名", "证件号码", "参保年月", "缴费工资")
ROW = ("1", "王示范", "51000019900101003X", "2026-07", 6500)


@cache
def form(form_id: str = "enrol") -> Form:
    """A form of the program."""
    return load_catalog(forms_root(), resources_root()).form(form_id)


def workbook(path: Path, rows: Sequence[Sequence[object]], title: str = "增员") -> Path:
    """An .xlsx file with one sheet of these rows."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    book.save(path)
    return path
