"""The PIN dialog: what it says before a PIN is typed, and where the PIN can and cannot come from and go to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PyQt6.QtCore import QMimeData, QPointF, Qt
from PyQt6.QtGui import QDropEvent, QGuiApplication, QInputMethodEvent
from PyQt6.QtWidgets import QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from tests.desktop.sign.hands import click, keys, press
from unitclient.desktop.dialogs.pin import PinDialog, practice_pin
from unitclient.desktop.dialogs.service import SignLine, SignSummary
from unitclient.tokens.keyref import PinAsk, PinState
from unitclient.workflows.centre_process import pin_file

DIGEST = "0123456789abcdef" * 4
SUMMARY = SignSummary(
    "演练用人单位",
    "42010000000001",
    "演练用人单位 · 4F2A",
    (SignLine("月度申报（2026-11）", "2026-11", 200, 1000, 26_187_500, DIGEST),),
    practice=True,
)


class Asked:
    """A dialog that was opened, and what it answered."""

    def __init__(self, qtbot: QtBot, state: PinState = PinState.OK, **more: object) -> None:
        self.answers: list[str | None] = []
        parts = {name: more.pop(name) for name in ("tries_left", "retry", "on_device") if name in more}
        question = PinAsk("单位密钥", state, **{"tries_left": None, **parts})  # type: ignore[arg-type]  # by name
        self.dialog = PinDialog(question, SUMMARY, self.answers.append, **more)  # type: ignore[arg-type]  # by name
        qtbot.addWidget(self.dialog)
        self.dialog.open()

    def text(self) -> str:
        """Everything that is shown."""
        shown = [one.text() for one in self.dialog.findChildren(QLabel) if one.isVisible()]
        return "\n".join(shown)


@pytest.fixture(autouse=True)
def _clipboard() -> Iterator[None]:
    clipboard = QGuiApplication.clipboard()
    assert clipboard is not None
    clipboard.setText("from-the-clipboard")
    yield
    clipboard.clear()


def test_it_shows_exactly_what_is_signed(qtbot: QtBot) -> None:
    shown = Asked(qtbot).text()
    for part in (
        "演练用人单位（42010000000001）",
        "演练用人单位 · 4F2A",
        "月度申报（2026-11）",
        "200 人",
        "¥261,875.00",
    ):
        assert part in shown
    assert DIGEST in shown.replace(" ", "").replace("\n", "")


def test_who_rehearses_is_told_the_practice_key_s_pin(qtbot: QtBot, tmp_path: Path) -> None:
    assert practice_pin(tmp_path) == ""
    pin_file(tmp_path).parent.mkdir()
    pin_file(tmp_path).write_text("29711202\n")
    assert "29711202" in Asked(qtbot, rehearsed=practice_pin(tmp_path)).text()
    assert "演练密钥" not in Asked(qtbot).text()


def test_enter_in_the_field_gives_the_pin_and_empties_it(qtbot: QtBot) -> None:
    asked = Asked(qtbot)
    assert not asked.dialog.act.isEnabled()
    keys(asked.dialog.field, "1234")
    press(asked.dialog.field, Qt.Key.Key_Return)
    assert asked.answers == ["1234"]
    assert asked.dialog.field.text() == ""
    asked.dialog.field.undo()
    assert asked.dialog.field.text() == ""


def test_enter_elsewhere_does_nothing(qtbot: QtBot) -> None:
    asked = Asked(qtbot)
    keys(asked.dialog.field, "1234")
    for elsewhere in (asked.dialog, asked.dialog.act, asked.dialog.confirm_last):
        press(elsewhere, Qt.Key.Key_Return)
    assert asked.answers == []
    press(asked.dialog.act, Qt.Key.Key_Space)
    assert asked.answers == ["1234"]


def test_an_empty_field_gives_nothing(qtbot: QtBot) -> None:
    asked = Asked(qtbot)
    press(asked.dialog.field, Qt.Key.Key_Return)
    assert asked.answers == []
    press(asked.dialog, Qt.Key.Key_Escape)
    assert asked.answers == [None]


def test_giving_up_empties_the_field(qtbot: QtBot) -> None:
    asked = Asked(qtbot)
    keys(asked.dialog.field, "1234")
    asked.dialog.stop.click()
    assert asked.answers == [None]
    assert asked.dialog.field.text() == ""


def test_nothing_comes_from_the_clipboard_or_goes_there(qtbot: QtBot) -> None:
    asked = Asked(qtbot)
    field = asked.dialog.field
    press(field, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    press(field, Qt.Key.Key_Insert, Qt.KeyboardModifier.ShiftModifier)
    click(field, Qt.MouseButton.MiddleButton)
    assert field.text() == ""
    keys(field, "1234")
    press(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    press(field, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    press(field, Qt.Key.Key_X, Qt.KeyboardModifier.ControlModifier)
    clipboard = QGuiApplication.clipboard()
    assert clipboard is not None
    assert clipboard.text() == "from-the-clipboard"
    assert field.text() == "1234"


def test_nothing_is_dropped_or_composed_into_it(qtbot: QtBot) -> None:
    field = Asked(qtbot).dialog.field
    carried = QMimeData()
    carried.setText("dropped")
    drop = QDropEvent(QPointF(4, 4), Qt.DropAction.CopyAction, carried, Qt.MouseButton.LeftButton,
                      Qt.KeyboardModifier.NoModifier)  # fmt: skip
    QGuiApplication.sendEvent(field, drop)
    composed = QInputMethodEvent()
    composed.setCommitString("拼音")
    QGuiApplication.sendEvent(field, composed)
    assert field.text() == ""
    assert field.echoMode() is QLineEdit.EchoMode.Password
    hints = field.inputMethodHints()
    assert hints & Qt.InputMethodHint.ImhHiddenText
    assert hints & Qt.InputMethodHint.ImhSensitiveData
    assert not field.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)


def test_the_last_try_needs_a_word(qtbot: QtBot) -> None:
    asked = Asked(qtbot, PinState.FINAL, tries_left=1, retry=True)
    shown = asked.text()
    assert "只剩最后一次机会" in shown
    assert "刚才输入的 PIN 码不正确" in shown
    keys(asked.dialog.field, "1234")
    press(asked.dialog.field, Qt.Key.Key_Return)
    assert asked.answers == []
    asked.dialog.confirm_last.click()
    press(asked.dialog.field, Qt.Key.Key_Return)
    assert asked.answers == ["1234"]


def test_a_remote_session_needs_a_word(qtbot: QtBot) -> None:
    asked = Asked(qtbot, remote=True)
    assert "您正在通过远程桌面签名" in asked.text()
    keys(asked.dialog.field, "1234")
    assert not asked.dialog.act.isEnabled()
    asked.dialog.confirm_remote.click()
    assert asked.dialog.act.isEnabled()


def test_no_word_is_asked_for_without_need(qtbot: QtBot) -> None:
    asked = Asked(qtbot)
    assert not asked.dialog.confirm_last.isVisible()
    assert not asked.dialog.confirm_remote.isVisible()
    assert "机会" not in asked.text()


def test_a_keypad_takes_the_pin_itself(qtbot: QtBot) -> None:
    asked = Asked(qtbot, on_device=True)
    assert not asked.dialog.field.isVisible()
    asked.dialog.act.click()
    assert asked.answers == [""]


def test_it_closes_when_nobody_types(qtbot: QtBot) -> None:
    asked = Asked(qtbot, timeout_ms=30)
    keys(asked.dialog.field, "12")
    with qtbot.waitSignal(asked.dialog.finished, timeout=3000):
        pass
    assert asked.answers == [None]
    assert asked.dialog.field.text() == ""
