"""Four eyes: the unit asks for them, and nothing is signed before somebody else has looked."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QCheckBox, QLineEdit

from tests.desktop.stories.program import CTRL, Program
from tests.desktop.stories.test_a_month import sign_and_send
from tests.e2e.office import Office, staff
from unitclient.desktop.dialogs.confirm import Confirm


def open_page(program: Program, name: str) -> None:
    """Ctrl+K, the page's name, Enter."""
    program.press(Qt.Key.Key_K, CTRL)
    program.keys(name)
    program.press(Qt.Key.Key_Return)
    program.settle()


def test_another_operator_reviews_before_it_is_signed(sits_down: Callable[..., tuple[Office, Program]]) -> None:
    clerk, program = sits_down()
    clerk.enrols(staff(2))
    # The unit sets it.
    open_page(program, "设置")
    tick = next(box for box in program.page().findChildren(QCheckBox) if box.text() == "签名前必须复核")
    tick.setFocus()
    program.press(Qt.Key.Key_Space)
    program.settle()
    program.go(4)
    program.press(Qt.Key.Key_Return, CTRL)
    program.settle()
    # Signing refuses, says why, and leads to the review.
    program.go(5)
    assert not program.button("签名").isEnabled()
    program.sees("复核")
    program.press(Qt.Key.Key_Return, CTRL)
    program.settle()
    assert program.top() is program.frame, "no PIN is asked for"
    program.click("去申报核对")
    program.settle()
    assert program.page().page_id == "review"
    # It is sent for review; the one who prepared it cannot pass it.
    program.press(Qt.Key.Key_Return, CTRL)
    program.settle()
    pass_as(program, "经办人甲")
    told = program.banner().splitlines()
    assert len(told) == 3
    assert "经办人甲" in program.banner()
    pass_as(program, "主管乙")
    program.press(Qt.Key.Key_Return, CTRL)
    program.settle()
    assert program.page().page_id == "sign"
    assert {row["复核"] for row in program.rows()} == {"已复核"}
    sign_and_send(program)
    assert "全部办结" in program.banner()


def pass_as(program: Program, name: str) -> None:
    """A name in the reviewer's field, Ctrl+Enter, and yes to what exactly is passed."""
    program.write(program.named(QLineEdit, "复核人姓名"), name)
    program.press(Qt.Key.Key_Return, CTRL)
    dialog = program.dialog(Confirm)
    program.sees(name, "2 人", "¥4,445.46")
    program.click("复核通过", dialog)
    program.settle()
