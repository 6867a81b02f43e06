"""The frame: outlines at once, in the place where the window was left, then the content."""

from __future__ import annotations

import pytest
from PyQt6.QtGui import QCloseEvent
from PyQt6.QtWidgets import QApplication, QMainWindow, QWidget
from pytestqt.qtbot import QtBot

from unitclient.desktop.shell.frame import Frame
from unitclient.desktop.shell.outlines import COLOURS, shapes


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize(("width", "height"), [(1280, 800), (900, 500), (720, 460), (3840, 2160)])
def test_outlines_lie_inside_the_window(dark: bool, width: int, height: int) -> None:
    for (left, top, wide, high), colour, _radius in shapes(width, height, dark):
        assert colour in COLOURS[dark].values()
        assert left >= 0
        assert top >= 0
        assert left + wide <= width
        assert top + high <= height


def test_the_first_paint_is_told_once(qapp: QApplication, qtbot: QtBot) -> None:
    frame = Frame(dark=False)
    qtbot.addWidget(frame)
    told: list[int] = []
    frame.first_paint.connect(lambda: told.append(1))
    with qtbot.waitSignal(frame.first_paint):
        frame.show()
    frame.repaint()
    qapp.processEvents()
    assert told == [1]


def test_the_window_is_a_main_window(qapp: QApplication, qtbot: QtBot) -> None:
    """Of any other widget Qt tells assistive technology that it is filling, and not a window."""
    frame = Frame(dark=False)
    qtbot.addWidget(frame)
    assert isinstance(frame, QMainWindow)


class _Content(QWidget):
    asked = 0
    holds = True

    def closeEvent(self, event: QCloseEvent | None) -> None:  # noqa: N802 - Qt's name
        self.asked += 1
        if event is not None and self.holds:
            event.ignore()


def test_the_content_decides_about_closing(qapp: QApplication, qtbot: QtBot) -> None:
    frame, content = Frame(dark=True), _Content()
    qtbot.addWidget(frame)
    frame.show()
    frame.take(content)
    frame.close()
    assert content.asked == 1
    assert frame.isVisible()
    content.holds = False


def test_the_window_opens_where_it_was_left(qapp: QApplication, qtbot: QtBot) -> None:
    frame = Frame(dark=False, left={"at": [20, 30, 760, 500], "maximized": False})
    qtbot.addWidget(frame)
    assert frame.where() == {"at": [20, 30, 760, 500], "maximized": False}


@pytest.mark.parametrize(
    "left",
    [None, 3, {}, {"at": [1, 2]}, {"at": "x"}, {"at": [9000, 9000, 800, 600]}, {"at": [10, -400, 800, 600]},
     {"at": [1.5, 2, 3, 4]}],
)  # fmt: skip
def test_a_place_that_is_on_no_screen_is_forgotten(qapp: QApplication, qtbot: QtBot, left: object) -> None:
    frame = Frame(dark=False, left=left)
    qtbot.addWidget(frame)
    screen = qapp.primaryScreen()
    assert screen is not None
    assert screen.availableGeometry().contains(frame.geometry().center())


def test_a_window_left_maximized_is_so_again(qapp: QApplication, qtbot: QtBot) -> None:
    frame = Frame(dark=False, left={"maximized": True})
    qtbot.addWidget(frame)
    assert frame.isMaximized()
