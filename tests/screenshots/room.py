"""A window over a copy of one of the worlds, at a moment that stands still, and its picture."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from PyQt6.QtCore import QCoreApplication, QEvent, QPoint, QRect, Qt
from PyQt6.QtGui import QColor, QPainter, QPixmap
from PyQt6.QtWidgets import QApplication, QDialog, QWidget

from tests.desktop.stage import parts
from tests.screenshots.worlds import CURRENT, NOW
from unitclient.desktop.dialogs.fake import FakeDialogs, FakeFiles
from unitclient.desktop.dialogs.qt import QtDialogs
from unitclient.desktop.pages.base import Page
from unitclient.desktop.services import Services
from unitclient.desktop.session import Connection, Session, SessionClock
from unitclient.desktop.settings import Settings
from unitclient.desktop.shell.main_window import MainWindow
from unitclient.desktop.shell.registry import page_specs
from unitclient.desktop.tasks import InlineTaskRunner
from unitclient.desktop.theme.fonts import body
from unitclient.desktop.theme.look import colour, look
from unitclient.workflows.centre_process import practice_home

_ROUNDS = 10
_PUT_OFF = 0.4
"""Seconds after which every timer of a page that is not typed into has fired."""
TITLE_BAR = 30
"""Height of the bar that a desktop draws above a dialog."""


class Standing:
    """A clock that stands."""

    def __init__(self, now: datetime = NOW) -> None:
        self._now = now

    def now(self) -> datetime:
        """Always the same moment."""
        return self._now


class _Way:
    """The shell of Services: leads to pages once the window is there."""

    def __init__(self) -> None:
        self.window: MainWindow | None = None

    def go(self, page_id: str, **target: str) -> None:
        """See Shell."""
        if self.window is not None:
            self.window.go(page_id, **target)

    def say(self, text: str) -> None:
        """See Shell."""
        if self.window is not None:
            self.window.say(text)


@dataclass
class Room:
    """A window with everything in it."""

    services: Services
    window: MainWindow
    dialogs: FakeDialogs
    """Answers given beforehand; the dialogs of `real` are shown instead where a dialog is the subject."""
    real: QtDialogs

    def page(self, page_id: str, **target: str) -> Any:
        """Bring a page to the front; it."""
        self.dialogs.confirms = [True]  # what was typed on the page before may be lost
        self.window.go(page_id, **target)
        page = self.window.host.page(page_id)
        assert isinstance(page, Page)
        settle()
        return page

    def over(self) -> Services:
        """Services whose dialogs are the real ones, over the window."""
        return Services(**{**self.services.__dict__, "dialogs": self.real})


@contextmanager
def room(home: Path | None, copy: Path, size: tuple[int, int], token: str = "") -> Iterator[Room]:
    """A window over a copy of a home (None: a home that was never used), `size` logical pixels large.

    `token` is the folder of a token that is plugged in.
    """
    if home is not None:
        shutil.copytree(home, copy, dirs_exist_ok=True)
    if token:
        _take_token(Path(token), practice_home(copy) / "softhsm")
    settings = Settings(copy)
    session = Session(copy, settings, Standing())
    dialogs, real, way = FakeDialogs(), QtDialogs(), _Way()
    runner = InlineTaskRunner(session)
    services = Services(copy, runner, dialogs, FakeFiles(), SessionClock(session), session, settings, way)
    window = way.window = MainWindow(services, page_specs())
    real.attach(services, window)
    window.resize(*size)
    window.show()
    window.nav.take_focus()
    session.open(parts())
    if session.unit() is not None:
        session.set_period(CURRENT)
        session.note_connection(Connection.ONLINE)
    try:
        yield Room(services, window, dialogs, real)
    finally:
        settle(_PUT_OFF)  # what pages count a little later would look for the database when that is gone
        window._may_close = True
        window.close()
        window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        session.close()


def _take_token(folder: Path, place: Path) -> None:
    """Put a copy of a token where a practice unit's is looked for."""
    shutil.copytree(folder, place)
    conf = place / "softhsm2.conf"
    conf.write_text(conf.read_text("utf-8").replace(str(folder), str(place)), "utf-8")


def settle(seconds: float = 0.03) -> None:
    """Let layouts, timers and what was put off have their turn.

    At least some rounds, however long they take: what was just shown asks for a layout, which shows more.
    """
    end, rounds = time.monotonic() + seconds, 0
    while rounds < _ROUNDS or time.monotonic() < end:
        QApplication.processEvents()
        rounds += 1
        if rounds > _ROUNDS:
            time.sleep(0.005)


def picture(window: QWidget, dialog: QWidget | None = None) -> QPixmap:
    """The window as it is, and the dialog over its middle below a title bar as a desktop draws one."""
    whole = window.grab()
    if dialog is None:
        return whole
    inside = dialog.grab()
    ratio = whole.devicePixelRatioF()
    wide, high = round(inside.width() / ratio), round(inside.height() / ratio)
    frame = QRect(0, 0, wide + 2, high + TITLE_BAR + 1)
    frame.moveCenter(QRect(QPoint(), window.size()).center())
    painter = QPainter(whole)
    painter.fillRect(QRect(QPoint(), window.size()), QColor(0, 0, 0, 70))
    painter.fillRect(frame, colour("outline"))
    bar = QRect(frame.left() + 1, frame.top() + 1, wide, TITLE_BAR - 1)
    painter.fillRect(bar, colour("nav"))
    painter.setPen(colour("text"))
    painter.setFont(body(look().font_size))
    painter.drawText(bar.adjusted(12, 0, -12, 0), Qt.AlignmentFlag.AlignVCenter, dialog.windowTitle())
    painter.drawText(bar.adjusted(12, 0, -12, 0), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, "✕")
    painter.drawPixmap(QPoint(frame.left() + 1, frame.top() + TITLE_BAR), inside)
    painter.end()
    return whole


def away(dialog: QWidget) -> None:
    """Close a dialog for good, without its answer mattering."""
    if isinstance(dialog, QDialog):
        dialog.done(0)
    dialog.hide()
    dialog.setParent(None)
    dialog.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
