"""The program itself fails: work is kept, the report is read before it goes anywhere, and one goes on."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QLabel, QLineEdit

from tests.desktop.business.helpers import ANNA
from tests.desktop.stories.conftest import Rooms
from tests.desktop.stories.program import CTRL, Program
from tests.e2e.office import Office, staff
from unitclient.central.server import RunningCentre
from unitclient.desktop.dialogs.confirm import Refusal
from unitclient.desktop.dialogs.error_report import ErrorReport
from unitclient.desktop.errors import CRASH_NAME
from unitclient.desktop.pages.business import presenter as business
from unitclient.desktop.pages.business.presenter import BusinessPresenter
from unitclient.store import connection
from unitclient.store.items import items

TITLES = {"name": "姓名", "id_number": "证件号码", "start_month": "参保年月", "wage": "缴费工资"}
CRASH = """
import faulthandler, sys
from pathlib import Path
from unitclient.desktop.errors import watch_for_crashes
watch_for_crashes(Path(sys.argv[1]))
faulthandler._sigabrt()
"""


class BrokenError(RuntimeError):
    """A mistake of the program, with a value in its message."""


@pytest.fixture
def desk(rooms: Rooms, centre: RunningCentre) -> tuple[Office, Program]:
    """The page of businesses is in front."""
    clerk = rooms.office(centre.url)
    program = rooms.start(clerk)
    program.go(3)
    return clerk, program


def type_anna(program: Program) -> None:
    """A row is typed and not saved yet."""
    for name, title in TITLES.items():
        program.write(program.named(QLineEdit, title), ANNA[name])


def waiting(clerk: Office) -> int:
    """How many rows wait to be declared."""
    return len(items(clerk.base.store, clerk.unit_number, "enrol"))


def test_a_fault_in_a_page_keeps_the_work(
    desk: tuple[Office, Program], rooms: Rooms, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    clerk, program = desk
    type_anna(program)

    def broken(*_: object, **__: object) -> None:
        raise BrokenError(ANNA["id_number"])

    with monkeypatch.context() as patch:
        patch.setattr(business, "stage_one", broken)
        program.press(Qt.Key.Key_S, CTRL)
        program.settle()
        report = program.dialog(ErrorReport)
    text = report.text.toPlainText()
    assert "kind BrokenError" in text
    assert ANNA["id_number"] not in text, "the report holds places, never values"
    assert report.text.isVisible()
    program.click("另存为")
    program.choose_file(tmp_path / "报告.txt")
    assert (tmp_path / "报告.txt").read_text("utf-8") == text
    program.press(Qt.Key.Key_Escape)
    program.settle()
    # What was typed is still there, and is saved now.
    assert program.named(QLineEdit, "姓名").text() == ANNA["name"]
    program.press(Qt.Key.Key_S, CTRL)
    program.settle()
    assert waiting(clerk) == 1
    rooms.expected = list(program.faults)
    assert [type(fault) for fault in program.faults] == [BrokenError]


def test_a_fault_on_the_windows_thread(
    desk: tuple[Office, Program], rooms: Rooms, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Many faults are one dialog; every other page works."""
    clerk, program = desk

    def broken(_self: BusinessPresenter) -> None:
        raise BrokenError("7")

    with monkeypatch.context() as patch:
        patch.setattr(BusinessPresenter, "refresh", broken)
        for _ in range(3):
            program.press(Qt.Key.Key_F5)
            program.dialog(ErrorReport)
            program.press(Qt.Key.Key_Escape)
            program.settle()
    for number in (1, 2, 4, 5, 6, 7):
        program.go(number)
    program.go(3)
    type_anna(program)
    program.press(Qt.Key.Key_S, CTRL)
    program.settle()
    assert waiting(clerk) == 1
    rooms.expected = list(program.faults)
    assert len(program.faults) == 3


def without(name: str, value: int) -> tuple[tuple[str, object], ...]:
    """The settings of the database with one more."""
    return (*[pair for pair in connection._PRAGMAS if pair[0] != name], (name, value))


def refused(program: Program, clerk: Office) -> str:
    """Ctrl+S is refused in three sentences; the row stays in the inputs."""
    program.press(Qt.Key.Key_S, CTRL)
    program.settle()
    dialog = program.dialog(Refusal)
    words = [one.text() for one in dialog.findChildren(QLabel) if one.text()]
    assert len(words) == 3
    assert "unitclient " not in " ".join(words), "no command is named"
    program.press(Qt.Key.Key_Return)
    program.settle()
    assert waiting(clerk) == 0
    assert program.named(QLineEdit, "姓名").text() == ANNA["name"]
    assert program.button("保存").isEnabled()
    return " ".join(words)


def saves(program: Program, clerk: Office) -> None:
    """The same key, and now it is there."""
    program.press(Qt.Key.Key_S, CTRL)
    program.settle()
    assert waiting(clerk) == 1
    assert program.named(QLineEdit, "姓名").text() == ""


def test_another_program_holds_the_database(
    rooms: Rooms, centre: RunningCentre, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a while it is said; once the other one lets go the row is saved."""
    clerk = rooms.office(centre.url)
    monkeypatch.setattr(connection, "_PRAGMAS", without("busy_timeout", 300))
    program = rooms.start(clerk)
    program.go(3)
    type_anna(program)
    held = clerk.base.store.connection
    held.execute("BEGIN IMMEDIATE")
    try:
        assert "数据库正忙" in refused(program, clerk)
    finally:
        held.execute("ROLLBACK")
    saves(program, clerk)


def test_the_disk_is_full(rooms: Rooms, centre: RunningCentre) -> None:
    """SQLite's own words for it, said when the row is to be written."""
    clerk = rooms.office(centre.url)
    program = rooms.start(clerk)
    program.go(3)
    type_anna(program)
    own = clerk.base.store.connection
    own.execute("CREATE TRIGGER full BEFORE INSERT ON item BEGIN SELECT RAISE(FAIL, 'database or disk is full'); END")
    assert "空间" in refused(program, clerk)
    own.execute("DROP TRIGGER full")
    saves(program, clerk)


def test_a_hard_crash_is_found_at_the_next_start(rooms: Rooms, centre: RunningCentre) -> None:
    """It is offered to be read; nothing is sent anywhere."""
    clerk = rooms.office(centre.url)
    clerk.enrols(staff(1))
    logs = clerk.home / "logs"
    ended = subprocess.run([sys.executable, "-c", CRASH, str(logs)], check=False, capture_output=True)
    assert ended.returncode < 0
    assert "Current thread" in (logs / CRASH_NAME).read_text()
    program = rooms.start(clerk)
    program.sees("上次程序意外中断。已保存的数据都在")
    program.click("查看报告")
    report = program.dialog(ErrorReport)
    assert "Current thread" in report.text.toPlainText()
    program.press(Qt.Key.Key_Escape)
    program.settle()
    program.go(4)
    program.close()
    assert not (logs / CRASH_NAME).exists(), "a clean end leaves nothing to be found"
