"""A clerk's month: from the sheet of new people to the slip of the bank, and the month after it."""

from __future__ import annotations

from pathlib import Path

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtPrintSupport import QPrintDialog
from PyQt6.QtWidgets import QLabel, QLineEdit

from tests.desktop.import_wizard.files import GOOD, sheet
from tests.desktop.stories.conftest import Rooms
from tests.desktop.stories.program import CTRL, Program
from tests.e2e.office import ask
from tests.tokens.lab import PIN
from unitclient.central.server import RunningCentre
from unitclient.desktop.dialogs.import_wizard.dialog import ImportDialog
from unitclient.desktop.dialogs.pin import PinDialog
from unitclient.desktop.pages.documents.preview import PaperPreview
from unitclient.desktop.widgets.stepper import Stepper

BELOW = (4, "李示范", "110000199003070175", "2026-11", 500)
"""A wage with a nought too few: it may be meant, so it is a warning and no error."""
DECEMBER = "2026-12-05T09:00:00+08:00"


@pytest.fixture
def office(rooms: Rooms, own_centre: RunningCentre) -> tuple[Program, str]:
    """The program of a unit without anybody yet, and the address of its centre."""
    clerk = rooms.office(own_centre.url)
    return rooms.start(clerk), own_centre.url


def import_people(program: Program, path: Path) -> None:
    """Ctrl+I, the path, and Ctrl+Enter through the wizard."""
    program.press(Qt.Key.Key_I, CTRL)
    wizard = program.dialog(ImportDialog)
    program.write(program.named(QLineEdit, "文件"), str(path))
    for word in ("对应列", "4 行", "已导入"):
        program.press(Qt.Key.Key_Return, CTRL)
        program.settle()
        program.sees(word)
    assert wizard.pages.currentWidget() is wizard.outcome
    program.press(Qt.Key.Key_Return, CTRL)
    program.settle()


def sign_and_send(program: Program) -> None:
    """Ctrl+Enter for the PIN, Enter in its field, Ctrl+Enter to send, and wait for what comes back."""
    program.press(Qt.Key.Key_Return, CTRL)
    program.dialog(PinDialog)
    program.keys(PIN)
    program.press(Qt.Key.Key_Return)
    program.settle()
    assert "放入待发队列" in program.banner()
    program.press(Qt.Key.Key_Return, CTRL)
    program.settle()


def steps(program: Program) -> dict[str, str]:
    """The stepper of the dashboard: what is said of each step."""
    stepper = program.page().findChild(Stepper)
    assert isinstance(stepper, Stepper)
    return {one.view.title: one.view.note for one in stepper.buttons}


def test_a_clerks_month(office: tuple[Program, str], tmp_path: Path) -> None:
    program, url = office
    # The dashboard says what is first, and Ctrl+Enter leads there.
    program.sees("还没有参保人员，先导入增员表。")
    program.press(Qt.Key.Key_Return, CTRL)
    program.settle()
    assert program.page().page_id == "business"
    import_people(program, sheet(tmp_path / "增员.xlsx", *GOOD, BELOW))

    # One wage looks wrong: F8 goes there, F2 takes it up, Ctrl+S saves it.
    assert len(program.rows()) == 4
    program.press(Qt.Key.Key_F8)
    program.sees("缴费工资低于 2026-11 的最低缴费基数")
    program.press(Qt.Key.Key_F2)
    program.write(program.named(QLineEdit, "缴费工资"), "5000")
    program.press(Qt.Key.Key_S, CTRL)
    program.settle()
    assert {row["姓名"]: row["缴费工资"] for row in program.rows()}["李示范"] == "5,000.00"
    program.press(Qt.Key.Key_F8)
    program.sees("没有")

    # The month is prepared, and one person's amounts are looked at.
    program.go(4)
    program.sees("这个月还没有生成申报")
    program.press(Qt.Key.Key_Return, CTRL)
    program.settle()
    assert "4 人" in program.banner()
    assert {row["姓名"]: row["变化"] for row in program.rows()} == dict.fromkeys(
        ("王示范", "赵示范", "钱示范", "李示范"), "新增"
    )
    place = [row["姓名"] for row in program.rows()].index("李示范")
    program.cell(place, "姓名")
    program.settle()
    program.sees("单位：5,000.00 × 16% = 800.00", "个人：5,000.00 × 8% = 400.00", "上月：没有", "参考数据")

    # What is seen is what is signed; one PIN for both; sent and followed to the slip.
    total = next(text for text in program.seen().splitlines() if text.startswith("¥14"))
    program.press(Qt.Key.Key_Return, CTRL)
    program.settle()
    assert program.page().page_id == "sign"
    program.press(Qt.Key.Key_Return, CTRL)
    program.dialog(PinDialog)
    program.sees("月度申报（2026-11）", "增员申报（2026-11）", total, "SHA-256", "演练用人单位")
    program.press(Qt.Key.Key_Escape)
    program.settle()
    assert "签名已停止" in program.banner()
    sign_and_send(program)
    assert "全部办结" in program.banner()

    # The record says three things apart; the dashboard says the month is done.
    program.go(7)
    monthly = next(row for row in program.rows() if row["业务"] == "月度申报")
    assert (monthly["传输"], monthly["受理"], monthly["缴费"]) == ("已送达", "已受理", "已出回单")
    program.cell(0, "业务")
    program.settle()
    program.click("验证回执")
    program.settle()
    assert monthly["受理单号"] in program.banner()
    program.go(1)
    assert steps(program)["报送"] != "未开始"
    program.sees("已报送")

    # The slip: seen, saved as PDF, printed.
    program.go(7)
    program.click("文书")
    program.settle()
    program.sees("电子缴费凭证：月度申报（2026-11）", "✓ 中心电子签章")
    program.until(lambda: program.page().findChild(PaperPreview).findChildren(QLabel))
    program.click("另存为 PDF")
    program.choose_file(tmp_path / "电子缴费凭证.pdf")
    program.settle()
    assert (tmp_path / "电子缴费凭证.pdf").read_bytes().startswith(b"%PDF")
    program.click("打印")
    output = next(one for one in program.dialog(QPrintDialog).findChildren(QLineEdit) if one.isVisible())
    program.write(output, str(tmp_path / "printed.pdf"))
    program.click("打印(&P)")
    program.until(lambda: (tmp_path / "printed.pdf").exists() and b"%%EOF" in (tmp_path / "printed.pdf").read_bytes())

    # The month after: nobody new, one wage is typed into the table; the difference is what is looked at.
    ask(url, "PUT", "/practice/clock", {"now": DECEMBER})
    program.next_round()
    program.press(Qt.Key.Key_Period, CTRL)
    program.go(2)
    program.sees("2026 年 12 月", "共 4 人")
    place = [row["姓名"] for row in program.rows()].index("王示范")
    program.cell(place, "新缴费工资")
    program.keys("9000")
    program.press(Qt.Key.Key_Return)
    program.settle()
    assert program.rows()[place]["新缴费工资"] == "9,000.00"
    program.go(4)
    program.press(Qt.Key.Key_Return, CTRL)
    program.settle()
    assert [(row["姓名"], row["变化"]) for row in program.rows()] == [("王示范", "工资变动")]
    sign_from_review(program)
    assert "全部办结" in program.banner()


def sign_from_review(program: Program) -> None:
    """On to the signature, and through it."""
    program.press(Qt.Key.Key_Return, CTRL)
    program.settle()
    sign_and_send(program)
