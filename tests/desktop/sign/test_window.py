"""Signing in the running program: real lanes, the real PIN dialog, and a window that answers whatever the key does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
from PyQt6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.desktop.sign.hands import keys
from tests.desktop.sign.keys import Keyed, keyed
from tests.desktop.sign.office import Room
from tests.tokens.conftest import shim
from tests.tokens.lab import PIN
from unitclient.desktop.dialogs.pin import PinDialog
from unitclient.desktop.dialogs.qt import QtDialogs
from unitclient.desktop.lanes import LaneRunner
from unitclient.desktop.pages.sign.page import make_page
from unitclient.desktop.pages.sign.state import Phase
from unitclient.desktop.pages.sign.view import SignView
from unitclient.desktop.watchdog import Watchdog

__all__ = ["shim"]
LIMIT_MS = 20_000


class Program:
    """The page over real lanes and real dialogs, watched for blocks of the window's thread."""

    def __init__(self, token: Keyed, qtbot: QtBot) -> None:
        self.token, self.qtbot = token, qtbot
        self.faults: list[BaseException] = []
        self.lanes = LaneRunner(token.room.session, lambda _texts: None, self.faults.append)
        dialogs = QtDialogs()
        self.services = replace(token.room.services, tasks=self.lanes, dialogs=dialogs)
        self.window = QWidget()
        qtbot.addWidget(self.window)
        dialogs.attach(self.services, self.window)
        self.page: SignView = make_page(self.services, token.helper)
        qtbot.addWidget(self.page)
        self.page.show()
        self.page.on_shown()
        self.until(lambda: len(self.page.state.waiting) == 2)
        self.watchdog = Watchdog(0.25)
        self.watchdog.start()

    def until(self, true: Callable[[], bool]) -> None:
        """Let the window live until something holds."""
        self.qtbot.waitUntil(true, timeout=LIMIT_MS)

    def pin_dialog(self) -> PinDialog:
        """The PIN dialog, once it is open."""
        self.until(lambda: isinstance(QApplication.activeModalWidget(), PinDialog))
        return cast("PinDialog", QApplication.activeModalWidget())

    def idle(self) -> None:
        """Wait until nothing is under way."""
        self.until(lambda: not self.page.state.busy and not self.lanes.tasks())

    def close(self) -> None:
        """End lanes and watchdog."""
        self.watchdog.stop()
        self.lanes.stop()


@pytest.fixture
def program(desk: Room, tmp_path: Path, shim: str, qtbot: QtBot) -> Iterator[Program]:
    made = Program(keyed(desk, tmp_path, shim), qtbot)
    yield made
    made.close()
    assert made.faults == []


def test_sign_with_the_dialog_and_send(program: Program) -> None:
    program.page.act.click()
    dialog = program.pin_dialog()
    assert program.page.state.phase is Phase.ASKING
    keys(dialog.field, PIN)
    dialog.act.click()
    program.idle()
    assert "已签名 2 份" in program.page.banner.text()
    program.page.send.click()
    program.until(lambda: program.page.work.steps.count() > 2)
    program.idle()
    assert program.token.transports() == ["delivered", "delivered"]
    assert program.watchdog.blocks == []


def test_a_hanging_key_leaves_the_window_alive_and_can_be_cancelled(program: Program) -> None:
    """The library hangs in C_Sign: the window answers, the person cancels, everything still waits."""
    program.token.lab.control("C_Sign hang")
    program.page.act.click()
    dialog = program.pin_dialog()
    keys(dialog.field, PIN)
    dialog.act.click()
    program.until(lambda: program.page.state.phase is Phase.SIGNING and program.token.lab.calls("C_Sign") > 0)
    assert program.page.work.stop.isVisible()
    program.page.work.stop.click()
    program.idle()
    assert "签名已停止" in program.page.banner.text()
    assert program.token.transports() == ["checked", "checked"]
    assert program.watchdog.blocks == []


def test_giving_up_the_dialog_lets_the_lane_go(program: Program) -> None:
    program.page.act.click()
    program.pin_dialog().reject()
    program.idle()
    assert "签名已停止" in program.page.banner.text()


def test_the_program_may_end_while_the_pin_is_asked_for(program: Program) -> None:
    """Nobody waits for an answer that no longer comes."""
    program.page.act.click()
    dialog = program.pin_dialog()
    program.lanes.stop()
    program.until(lambda: not program.page.state.busy)
    dialog.reject()
