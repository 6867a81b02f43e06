"""The watchdog: sees a block and where it was, and nothing else."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from threading import Thread

import pytest
from PyQt6.QtCore import QTimer
from PyQt6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from unitclient.desktop.watchdog import Watchdog


@pytest.fixture
def watchdog(qapp: QApplication) -> Iterator[Watchdog]:
    made = Watchdog(limit_s=0.15)
    made.start()
    yield made
    made.stop()


def hold_up() -> None:
    """Something slow on the window's thread."""
    time.sleep(0.4)


@pytest.mark.may_block("that is what is to be seen")
def test_a_block_is_seen_with_its_place(watchdog: Watchdog, qtbot: QtBot) -> None:
    with qtbot.waitSignal(watchdog.blocked) as seen:
        QTimer.singleShot(0, hold_up)
    block = seen.args[0]
    assert 0.3 < block.seconds < 5
    assert "hold_up" in block.frames


def test_many_short_works_are_no_block(watchdog: Watchdog, qtbot: QtBot) -> None:
    done: list[int] = []

    def work() -> None:
        time.sleep(0.005)
        done.append(1)
        if len(done) < 80:
            QTimer.singleShot(0, work)

    QTimer.singleShot(0, work)
    qtbot.waitUntil(lambda: len(done) == 80)
    assert watchdog.blocks == []


def test_an_idle_window_is_no_block(watchdog: Watchdog, qtbot: QtBot) -> None:
    timer = QTimer()
    timer.setSingleShot(True)
    with qtbot.waitSignal(timer.timeout):
        timer.start(400)
    assert watchdog.blocks == []


@pytest.mark.may_block("to see that the tests would fail")
def test_the_tests_notice_a_block_too(no_block: list[str], qtbot: QtBot) -> None:
    QTimer.singleShot(0, hold_up)
    qtbot.waitUntil(lambda: bool(no_block))
    assert no_block[0].startswith("QSingleShotTimer") or "MetaCall" in no_block[0]


@pytest.mark.may_warn("to see that the tests would fail")
def test_the_tests_notice_a_warning_of_a_lane_too(no_warning: list[logging.LogRecord]) -> None:
    log = logging.getLogger("unitclient.central")
    thread = Thread(target=lambda: log.warning("number %d", 7))
    thread.start()
    thread.join()
    log.info("nothing to worry about")
    assert [record.getMessage() for record in no_warning] == ["number 7"]
