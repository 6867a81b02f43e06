"""The picture of the first page: kept when the window closes, shown at the next start only where it is true."""

from __future__ import annotations

import shutil
import time
from datetime import datetime
from pathlib import Path

import pytest
from PyQt6.QtGui import QColor, QImage
from PyQt6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.desktop.stage import UNIT, add_units, parts
from tests.desktop.test_start import start
from unitclient.app import open_desk
from unitclient.clock import CHINA, SystemClock
from unitclient.desktop import front, kept
from unitclient.desktop.shell.frame import Frame
from unitclient.store import keys
from unitclient.store.store import Store

SIZE = (900, 500)
LOOK = ["1", "zh", False, ""]


@pytest.fixture(scope="module")
def with_unit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a practice unit; tests take copies."""
    home = tmp_path_factory.mktemp("unit")
    add_units(home, UNIT)
    return home


@pytest.fixture
def home(with_unit: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copytree(with_unit, tmp_path / "home"))


def picture(colour: str = "#336699") -> QImage:
    """A picture of one colour, with a speck in a corner."""
    image = QImage(*SIZE, QImage.Format.Format_ARGB32)
    image.fill(QColor(colour))
    image.setPixelColor(3, 2, QColor("#ff0000"))
    return image


def keep(home: Path, moving: kept.Moving | None = None, lasts_s: float = 3600) -> None:
    """Keep it as the closing window does."""
    kept.keep(home, keys.load(home), picture(), (moving, time.time() + lasts_s), LOOK)


def write(home: Path) -> None:
    """Something happens in the home while no window is open."""
    with open_desk(home, parts=parts()) as desk, desk.store.write("test.written"):
        pass


def test_what_was_kept_is_found_pixel_by_pixel(home: Path, qapp: QApplication) -> None:
    keep(home)
    found = kept.find(home, LOOK)
    assert found is not None
    assert found == picture().convertToFormat(QImage.Format.Format_RGB32)


def test_it_is_not_found_when_something_was_written_since(home: Path, qapp: QApplication) -> None:
    keep(home)
    write(home)
    assert kept.find(home, LOOK) is None


@pytest.mark.parametrize("place", range(4))
def test_it_is_not_found_for_another_look(home: Path, qapp: QApplication, place: int) -> None:
    keep(home)
    other: list[object] = [*LOOK]
    other[place] = "other"
    assert kept.find(home, other) is None


def test_what_moved_on_is_blank(home: Path, qapp: QApplication) -> None:
    over, ahead = time.time() - 1, time.time() + 600
    for until, expected in ((over, "#ffffff"), (ahead, "#336699")):
        keep(home, ((10, 20, 100, 30), "#ffffff", until))
        found = kept.find(home, LOOK)
        assert found is not None
        assert found.pixelColor(50, 30).name() == expected
        assert found.pixelColor(200, 200).name() == "#336699"


def test_after_the_deadline_there_is_none(home: Path, qapp: QApplication) -> None:
    keep(home, lasts_s=-1)
    assert kept.find(home, LOOK) is None


def test_it_lies_encrypted_and_for_its_owner_only(home: Path, qapp: QApplication) -> None:
    keep(home)
    path = home / kept.FOLDER / kept.FILE_NAME
    content = path.read_bytes()
    assert not content.startswith(b"SQLite format 3")
    assert b"front" not in content
    assert path.stat().st_mode & 0o077 == 0


def test_a_home_with_a_passphrase_shows_none(home: Path, qapp: QApplication) -> None:
    keep(home)
    keys.change_passphrase(home, None, "correct horse")
    assert kept.find(home, LOOK) is None


def test_rubbish_and_a_foreign_key_are_no_picture(home: Path, qapp: QApplication, tmp_path: Path) -> None:
    keep(home)
    path = home / kept.FOLDER / kept.FILE_NAME
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    assert kept.find(home, LOOK) is None
    path.write_bytes(whole)
    other = tmp_path / "other"
    Store.open(other, clock=SystemClock()).close()
    shutil.copytree(home / kept.FOLDER, other / kept.FOLDER)
    assert kept.find(other, LOOK) is None


def test_the_frame_shows_it_until_it_is_uncovered(qapp: QApplication, qtbot: QtBot) -> None:
    frame = Frame(dark=False, picture=picture())
    qtbot.addWidget(frame)
    frame.resize(*SIZE)
    frame.show()
    assert frame.grab().toImage().pixelColor(200, 200).name() == "#336699"
    content = QWidget()
    content.setStyleSheet("background: #00ff00")
    frame.take(content)
    qapp.processEvents()
    assert frame.grab().toImage().pixelColor(200, 200).name() == "#336699"
    assert frame.childAt(200, 200) is content, "the mouse must reach the page below"
    frame.uncover()
    assert frame.grab().toImage().pixelColor(200, 200).name() == "#00ff00"
    assert frame.picture is None


def test_a_window_of_another_size_shows_outlines(qapp: QApplication, qtbot: QtBot) -> None:
    frame = Frame(dark=False, picture=picture())
    qtbot.addWidget(frame)
    frame.resize(SIZE[0] + 40, SIZE[1])
    frame.show()
    qapp.processEvents()
    assert frame.grab().toImage().pixelColor(200, 200).name() != "#336699"
    frame.take(QWidget())
    assert frame.picture is None


TWICE = """
import unitclient.desktop.app as apps
from PyQt6.QtCore import QTimer
import unitclient.desktop.pages.dashboard.view as views
from unitclient.desktop.shell.frame import Frame
seen = []
paint = Frame.paintEvent
def painted(self, event):
    if not seen:
        seen.append(1)
        print("picture", self.picture is not None, flush=True)
    paint(self, event)
Frame.paintEvent = painted
uncover = Frame.uncover
def uncovered(self):
    covered = self._cover is not None
    uncover(self)
    page = self.content.host.current_page() if self.content is not None else None
    if covered:
        print("uncovered with figures", page.presenter.state is not None, flush=True)
Frame.uncover = uncovered
show = views.DashboardPage._show_trends
def shown(self):
    show(self)
    QTimer.singleShot(200, self.window().content.close_now) if self.window().content else None
views.DashboardPage._show_trends = shown
"""


def test_the_second_start_shows_the_dashboard_at_once_and_a_write_ends_that(home: Path) -> None:
    told = []
    for _ in range(2):
        with start(TWICE, home=home) as program:
            out, err = program.communicate(timeout=60)
        assert program.returncode == 0, err
        assert not (home / "logs" / "fault.txt").exists()
        told.append(out.splitlines())
    assert told[0] == ["picture False"]
    assert told[1] == ["picture True", "uncovered with figures True"]
    assert (home / kept.FOLDER / kept.FILE_NAME).exists()
    write(home)
    with start(TWICE, home=home) as program:
        out, err = program.communicate(timeout=60)
    assert out.splitlines() == ["picture False"], err


def test_a_picture_is_of_one_day() -> None:
    """Certificate days, the age of a backup: what counts days says another number tomorrow."""
    late = datetime(2026, 11, 10, 23, 59, tzinfo=CHINA)
    assert front._midnight(late) - time.time() == pytest.approx(60, abs=2)
    assert front._midnight(late.replace(hour=0, minute=0)) - time.time() == pytest.approx(86_400, abs=2)
