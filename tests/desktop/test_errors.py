"""Faults: caught wherever they are raised, reported without a value, and the program goes on."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PyQt6.QtCore import QTimer
from PyQt6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from unitclient.desktop.errors import CRASH_NAME, FAULT_NAME, FaultCatcher, report_of
from unitclient.errors import Cancelled, UserError

SECRET = "11010519491231002X"
AT = datetime(2026, 11, 10, tzinfo=UTC)


def fail(value: str) -> None:
    """Raise with a person's number in everything."""
    try:
        int(f"no number {value}")
    except ValueError as first:
        raise KeyError(value) from first


def fault_of(value: str) -> BaseException:
    """A raised fault."""
    try:
        fail(value)
    except KeyError as raised:
        return raised
    raise AssertionError


def test_a_report_holds_frames_and_no_value() -> None:
    report = report_of(fault_of(SECRET), AT)
    assert report.kind == "KeyError"
    assert "test_errors.py" in report.text
    assert "caused (ValueError)" in report.text
    assert SECRET not in report.text
    assert str(Path(__file__).parent) not in report.text


@pytest.fixture
def catcher(tmp_path: Path, qapp: QApplication) -> Iterator[FaultCatcher]:
    made = FaultCatcher(tmp_path)
    made.install()
    yield made
    made.uninstall()


def test_faults_of_slots_and_threads_come_to_the_window(catcher: FaultCatcher, tmp_path: Path, qtbot: QtBot) -> None:
    shown: list[BaseException] = []
    with qtbot.captureExceptions():
        catcher.install()
        QTimer.singleShot(0, lambda: fail(SECRET))
        thread = threading.Thread(target=fail, args=(SECRET,))
        thread.start()
        thread.join()
        qtbot.waitUntil(lambda: len(catcher._early) == 2)
        catcher.show_by(shown.append)
    assert [type(fault) for fault in shown] == [KeyError, KeyError]
    assert SECRET not in (tmp_path / FAULT_NAME).read_text("utf-8")


def test_cancelled_is_silent_and_a_refusal_leaves_no_report(catcher: FaultCatcher, tmp_path: Path) -> None:
    shown: list[BaseException] = []
    catcher.show_by(shown.append)
    catcher.catch(Cancelled())
    catcher.catch(UserError("no-unit"))
    assert [type(fault) for fault in shown] == [UserError]
    assert not (tmp_path / FAULT_NAME).exists()


CRASH = """
import faulthandler, sys
from pathlib import Path
from unitclient.desktop.errors import watch_for_crashes, stop_watching
left = watch_for_crashes(Path(sys.argv[1]))
print(len(left))
if sys.argv[2] == "crash":
    faulthandler._sigsegv()
stop_watching()
"""


def run(folder: Path, how: str) -> subprocess.CompletedProcess[str]:
    """A program that crashes, or ends well."""
    command = [sys.executable, "-c", CRASH, str(folder), how]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def test_a_hard_crash_is_found_at_the_next_start(tmp_path: Path) -> None:
    assert run(tmp_path, "crash").returncode < 0
    assert "Segmentation fault" in (tmp_path / CRASH_NAME).read_text("utf-8")
    assert int(run(tmp_path, "well").stdout) > 100
    assert run(tmp_path, "well").stdout == "0\n"
    assert not (tmp_path / CRASH_NAME).exists()
    assert (tmp_path / "crash-last.txt").exists()
