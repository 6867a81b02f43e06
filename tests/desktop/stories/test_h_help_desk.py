"""The help desk looks on: values are masked by one switch, one cell is shown with a word in the journal."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QGuiApplication
from PyQt6.QtWidgets import QCheckBox, QComboBox

from tests.desktop.stories.program import CTRL, SHIFT, Program
from tests.desktop.stories.test_f_four_eyes import open_page
from tests.e2e.office import Office, id_number, staff
from tests.tokens.lab import PIN
from unitclient.desktop.dialogs.pin import PinDialog

Sit = Callable[..., tuple[Office, Program]]
NUMBER = id_number(1)


def unmasked(clerk: Office) -> list[tuple[str, str]]:
    """(column, who) of every word in the journal about a value that was shown."""
    query = "SELECT subject, actor FROM journal WHERE act = 'unmask' ORDER BY seq"
    return [(row[0], row[1]) for row in clerk.base.store.connection.execute(query)]


def test_masking_and_one_cell(sits_down: Sit) -> None:
    clerk, program = sits_down()
    clerk.enrols(staff(2))
    clerk.prepares()
    program.press(Qt.Key.Key_M, CTRL | SHIFT)
    assert program.desktop.window.top.masking.isChecked()
    for number in (2, 3, 4, 5, 7):
        program.go(number)
        told = str(program.rows()) + program.seen()
        assert NUMBER not in told, program.page().page_id
        assert "6,137.50" not in told, program.page().page_id
    # One cell, by the key its menu names; the journal says which column and who.
    program.go(2)
    program.cell(0, "证件号码")
    program.press(Qt.Key.Key_R, CTRL | SHIFT)
    shown = [row["证件号码"] for row in program.rows()]
    assert sum("*" not in number for number in shown) == 1
    assert unmasked(clerk) == [("id_number", "经办人甲")]
    # What is copied is what is seen.
    program.press(Qt.Key.Key_A, CTRL)
    program.press(Qt.Key.Key_C, CTRL)
    clipboard = QGuiApplication.clipboard()
    assert clipboard is not None
    assert clipboard.text().count("*") > 0
    assert "6,137.50" not in clipboard.text()
    # Off again with the same key; on again the cell is hidden as the others are.
    program.press(Qt.Key.Key_M, CTRL | SHIFT)
    assert all("*" not in row["证件号码"] for row in program.rows())
    program.press(Qt.Key.Key_M, CTRL | SHIFT)
    assert all("*" in row["证件号码"] for row in program.rows())


def test_remote_mode(sits_down: Sit) -> None:
    """Said in the status bar, nothing blinks, and a signature needs one more word."""
    clerk, program = sits_down()
    clerk.enrols(staff(2))
    clerk.prepares()
    assert not program.desktop.window.status.remote.isVisible()
    open_page(program, "设置")
    choice = next(box for box in program.page().findChildren(QComboBox) if "远程" in box.accessibleName())
    choice.setFocus()
    for _ in range(choice.count()):
        if choice.currentText().startswith("始终") or choice.currentData() == "on":
            break
        program.press(Qt.Key.Key_Down)
    program.settle()
    assert program.desktop.window.status.remote.isVisible()
    assert program.app.cursorFlashTime() == 0
    program.go(5)
    program.press(Qt.Key.Key_Return, CTRL)
    dialog = program.dialog(PinDialog)
    program.sees("您正在通过远程桌面签名")
    program.keys(PIN)
    program.press(Qt.Key.Key_Return)
    assert program.top() is dialog
    tick = next(box for box in dialog.findChildren(QCheckBox) if box.isVisible())
    tick.setFocus()
    program.press(Qt.Key.Key_Space)
    dialog.field.setFocus()
    program.press(Qt.Key.Key_Return)
    program.settle()
    assert "已签名 2 份" in program.banner()
