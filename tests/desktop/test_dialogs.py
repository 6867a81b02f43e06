"""Dialogs: questions and refusals without blocking, reports that can be read before they go anywhere."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QApplication, QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from tests.desktop.hands import click, key
from tests.desktop.stage import Stage
from tests.desktop.walker import unnamed
from unitclient.desktop.dialogs.confirm import Confirm, Refusal
from unitclient.desktop.dialogs.error_report import ErrorReport, show_report
from unitclient.desktop.dialogs.fake import FakeDialogs
from unitclient.desktop.dialogs.qt import QtDialogs
from unitclient.desktop.dialogs.service import FileAsk, FileMode, texts_of
from unitclient.desktop.errors import FaultReport, report_of
from unitclient.errors import UserError


@pytest.fixture
def dialogs(stage: Stage, qtbot: QtBot) -> QtDialogs:
    parent = QWidget()
    qtbot.addWidget(parent)
    parent.show()
    made = QtDialogs()
    made.attach(stage.services, parent)
    return made


def front() -> QWidget:
    """The dialog in front."""
    shown = QApplication.activeModalWidget()
    assert shown is not None
    return shown


def test_a_question_is_answered_by_its_act(dialogs: QtDialogs, qtbot: QtBot) -> None:
    answers: list[bool] = []
    dialogs.confirm("d-close-title", "会停下一项任务。", "d-close-act", answers.append)
    asked = front()
    assert isinstance(asked, Confirm)
    assert asked.yes.text() == "停下并退出"
    assert unnamed(asked) == []
    click(asked.yes)
    assert answers == [True]


def test_esc_is_no_and_a_dangerous_act_is_not_what_enter_does(dialogs: QtDialogs, qtbot: QtBot) -> None:
    answers: list[bool] = []
    for pressed in (Qt.Key.Key_Escape, Qt.Key.Key_Return):
        dialogs.confirm("d-close-title", "会停下一项任务。", "d-close-act", answers.append, danger=True)
        asked = front()
        assert isinstance(asked, Confirm)
        assert asked.no.isDefault()
        key(asked, pressed)
    assert answers == [False, False]


def test_a_refusal_says_what_why_and_what_to_do(dialogs: QtDialogs, qtbot: QtBot) -> None:
    done: list[int] = []
    dialogs.refuse(texts_of(UserError("no-unit")), lambda: done.append(1))
    told = front()
    assert isinstance(told, Refusal)
    assert told.accessibleName()
    assert told.accessibleDescription()
    click(told.ok)
    assert done == [1]


def test_a_dialog_opens_over_the_dialog_in_front(dialogs: QtDialogs, qtbot: QtBot) -> None:
    dialogs.confirm("d-close-title", "甲", "d-close-act", lambda _yes: None)
    first = front()
    dialogs.refuse(texts_of(UserError("no-unit")))
    assert front().parent() is first
    front().close()
    first.close()


@pytest.mark.parametrize("mode", list(FileMode))
def test_a_path_is_asked_for_without_blocking(dialogs: QtDialogs, stage: Stage, tmp_path: Path, mode: FileMode) -> None:
    chosen: list[Path | None] = []
    ask = FileAsk(mode, "d-save-as", (("d-file-text", "*.txt"),), str(tmp_path / "报告.txt"))
    dialogs.choose_file(ask, chosen.append)
    dialog = front()
    assert isinstance(dialog, QFileDialog)
    dialog.reject()
    assert chosen == [None]


def test_there_is_or_is_no_dialog_of_a_name(dialogs: QtDialogs) -> None:
    assert dialogs.has("about")
    assert not dialogs.has("nothing")


def report(kind: str) -> FaultReport:
    """A report of a raised fault."""
    fault: BaseException = {"KeyError": KeyError(), "OSError": OSError()}[kind]
    return report_of(fault, datetime(2026, 11, 10, tzinfo=UTC))


def test_faults_share_one_dialog_and_the_same_one_is_only_counted(stage: Stage, qtbot: QtBot, tmp_path: Path) -> None:
    dialog = show_report(stage.services, report("KeyError"), None)
    assert show_report(stage.services, report("KeyError"), None) is dialog
    assert show_report(stage.services, report("OSError"), None) is dialog
    qtbot.addWidget(dialog)
    text = dialog.text.toPlainText()
    assert text.count("KeyError") == 1
    assert text.count("OSError") == 1
    assert "3" in dialog.title.text()
    assert unnamed(dialog) == []
    dialog.copy()
    assert stage.files.copied == [text]
    stage.dialogs.files = [tmp_path / "r.txt", tmp_path / "no" / "folder.txt", None]
    for _ in range(3):
        dialog.save()
    assert (tmp_path / "r.txt").read_text("utf-8") == text
    assert "no" in dialog.said.text()
    dialog.accept()
    again = show_report(stage.services, report("KeyError"), None)
    assert isinstance(again, ErrorReport)
    assert again is not dialog
    again.accept()


def test_fake_dialogs_answer_in_order_and_complain_without_an_answer() -> None:
    fake = FakeDialogs(confirms=[True], wizards={"pin": ["x"]})
    answers: list[object] = []
    fake.confirm("d-close-title", "甲", "d-close-act", answers.append)
    fake.open_wizard("pin", {}, answers.append)
    fake.refuse(texts_of(UserError("no-unit")), lambda: answers.append("refused"))
    assert answers == [True, "x", "refused"]
    with pytest.raises(AssertionError):
        fake.choose_file(FileAsk(FileMode.OPEN, "d-save-as"), answers.append)
