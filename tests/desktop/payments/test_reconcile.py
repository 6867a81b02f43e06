"""The tab of the reconciliation: a payroll is opened, its differences shown and written; another month clears it."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook
from pytestqt.qtbot import QtBot

from tests.desktop.sign.office import Room
from tests.e2e.office import MONTH, staff
from unitclient.desktop.pages.payments.page import make_page
from unitclient.desktop.pages.payments.view import PaymentsView
from unitclient.sheets.table import write_table


@pytest.fixture
def page(desk: Room, qtbot: QtBot) -> PaymentsView:
    """The page at its tab."""
    made = make_page(desk.services)
    qtbot.addWidget(made)
    made.resize(1200, 640)
    made.show()
    desk.clerk.enrols(staff(2))
    desk.clerk.declares()
    made.on_shown()
    made.open_reconcile()
    return made


def payroll(path: Path, amounts: list[float]) -> Path:
    """A payroll with one column for everything."""
    rows = [[person[0], person[1], amount] for person, amount in zip(staff(2), amounts, strict=True)]
    write_table(path, "工资表", ["姓名", "身份证号", "代扣社保"], rows)
    return path


def test_a_payroll_is_opened_shown_and_written(page: PaymentsView, desk: Room, tmp_path: Path) -> None:
    panel = page.reconcile
    assert not panel.export.isEnabled()
    desk.dialogs.files.append(payroll(tmp_path / "工资表.xlsx", [1.0, 0.0]))
    page.main_action()
    rows = panel.model.rows()
    assert [row["kind"] for row in rows] == ["金额不一致", "已申报，工资表未扣"]
    assert sum(row["payroll"] for row in rows) == 100
    assert "代扣社保" in panel.words.text()

    desk.session.set_masked(True)
    out = tmp_path / "差异.xlsx"
    desk.dialogs.files.append(out)
    panel.export.click()
    assert "差异.xlsx" in page.banner.text()
    sheet = load_workbook(out).active
    assert sheet is not None
    assert "*" in str(sheet.cell(3, 3).value), "what is masked on the screen is masked in the file"

    right = payroll(tmp_path / "right.xlsx", [row["declared"] / 100 for row in rows])
    desk.dialogs.files.append(right)
    panel.open.click()
    assert panel.model.rows() == []
    assert panel.empty.accessibleName() == "全部一致，没有差异。"

    desk.session.set_period(MONTH + 1)
    page.refresh()
    assert not panel.words.isVisible()
    desk.dialogs.files.append(right)
    panel.open.click()
    assert "还没有月度申报" in page.banner.text()
    assert not panel.export.isEnabled()
