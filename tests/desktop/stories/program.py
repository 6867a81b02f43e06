"""The running program under a person's hands: the real window over a home, driven by keys and clicks, read by eye.

Everything is the program's own: the desktop with its pages, lanes and child processes, the hooks, the report of
faults. A test presses what a person would press and reads what stands there.
"""

from __future__ import annotations

import faulthandler
import sys
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

from PyQt6.QtCore import QEvent, QMimeData, QObject, QPointF, Qt, QTranslator, QUrl
from PyQt6.QtGui import QDragEnterEvent, QDropEvent, QInputMethodEvent
from PyQt6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QDialog,
    QFileDialog,
    QLabel,
    QLineEdit,
    QMenu,
    QWidget,
)
from pytestqt.exceptions import TimeoutError as WaitedTooLong
from pytestqt.qtbot import QtBot

from tests.desktop.hands import click, click_at, key, type_in
from tests.desktop.watched import WatchedApplication
from unitclient.clock import Clock
from unitclient.desktop.app import Desktop
from unitclient.desktop.errors import FaultCatcher, stop_watching, watch_for_crashes
from unitclient.desktop.pages.base import Page
from unitclient.desktop.pages.queue.auto_sync import AutoSync
from unitclient.desktop.settings import Settings
from unitclient.desktop.shell.frame import Frame
from unitclient.desktop.widgets.table_view import TableView

LIMIT_MS = 10_000
"""So long a person waits for anything on a busy machine."""
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
Widget = TypeVar("Widget", bound=QWidget)
Top = TypeVar("Top", bound=QDialog)


class Strays(QObject):
    """Sees windows that nobody asked for: a widget shown before it has its place flashes up and takes the focus."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:  # noqa: N802 - Qt's name
        """Note it with where it came from."""
        wanted = Frame | QDialog | QMenu
        if event is not None and event.type() == QEvent.Type.Show and isinstance(watched, QWidget):
            plain = watched.windowType() == Qt.WindowType.Window
            if watched.isWindow() and plain and not isinstance(watched, wanted):
                self.seen.append(f"{type(watched).__name__} {watched.accessibleName()}")
        return False


class Program:
    """One run of the program, from its start to its end. `faults` are those that became a report."""

    def __init__(self, qtbot: QtBot, home: Path, clock: Clock | None = None) -> None:
        self._qtbot, self.home = qtbot, home
        self.faults: list[BaseException] = []
        self._ended = False
        self._hooks = sys.excepthook, threading.excepthook, sys.unraisablehook
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        self.app = app
        self.catcher = FaultCatcher(home / "logs")
        self.catcher.install()
        self.strays = Strays()
        app.installEventFilter(self.strays)
        self.desktop = Desktop(app, home, Settings(home), self.catcher, clock)
        self.catcher.show_by(self._take_fault)
        # As `first.make` does it.
        crash = watch_for_crashes(home / "logs")
        self.frame = Frame(False)
        self.frame.resize(1280, 800)
        self.frame.show()
        self.desktop.start(self.frame)
        if crash:
            self.desktop.tell_crash(crash)
        self.frame.activateWindow()
        self.until(lambda: self.desktop.window.findChild(AutoSync) is not None)
        # A person looks at the first page for longer than the pages behind it take to be imported.
        self.until(lambda: not any(thread.name == "warm-up" for thread in threading.enumerate()))
        self.settle()

    def close(self) -> None:
        """The end, without questions; a second time does nothing."""
        if self._ended:
            return
        self._ended = True
        # The end waits for the lanes: nobody looks at the window any more.
        if isinstance(self.app, WatchedApplication):
            self.app.watching = False
        self.app.removeEventFilter(self.strays)
        for top in self.app.topLevelWidgets():
            if isinstance(top, QDialog | QMenu):
                top.close()
        self.desktop.window.close_now()
        self.desktop.stop()
        self.app.removePostedEvents(self.desktop.runner)  # after the loop's end nothing of the lanes is delivered
        self.catcher.uninstall()
        stop_watching()
        faulthandler.enable(sys.__stderr__ or 2)  # the test run's own
        sys.excepthook, threading.excepthook, sys.unraisablehook = self._hooks
        for words in self.app.findChildren(QTranslator):
            self.app.removeTranslator(words)
            words.deleteLater()
        self.desktop.window.deleteLater()
        self.frame.deleteLater()
        self.desktop.deleteLater()

    def _take_fault(self, fault: BaseException) -> None:
        self.faults.append(fault)
        self.desktop.show_fault(fault)

    # -- waiting

    def until(self, true: Callable[[], object], limit_ms: int = LIMIT_MS) -> None:
        """Let the window live until something holds."""
        self._qtbot.waitUntil(lambda: bool(true()), timeout=limit_ms)

    def settle(self) -> None:
        """Let the window live until nothing is being done and nothing waits to be drawn."""
        self.app.processEvents()
        self.until(lambda: not self.desktop.runner.tasks())
        self.app.processEvents()
        self.until(lambda: not self.desktop.runner.tasks())

    # -- what is in front

    def top(self) -> QWidget:
        """The dialog or menu in front, else the window."""
        active = self.app.activeWindow()
        beside = active if isinstance(active, QDialog) and active.isVisible() else None
        return self.app.activePopupWidget() or self.app.activeModalWidget() or beside or self.frame

    def page(self) -> Page:
        """The page in front."""
        page = self.desktop.window.host.current_page()
        assert page is not None
        return page

    def dialog(self, kind: type[Top]) -> Top:
        """The dialog of a kind, once it is in front."""
        self.until(lambda: isinstance(self.app.activeModalWidget(), kind))
        found = self.app.activeModalWidget()
        assert isinstance(found, kind)
        return found

    def seen(self, where: QWidget | None = None) -> str:
        """Every word on labels, buttons and fields that can be seen, in the dialog in front or the window."""
        where = where or self.top()
        told = [one.text() for one in self._of(where, QLabel)]
        told += [one.text() for one in self._of(where, QAbstractButton)]
        told += [one.text() for one in self._of(where, QLineEdit)]
        return "\n".join(told)

    def banner(self) -> str:
        """What the banner of the page says."""
        return self.page().banner.text()

    def sees(self, *words: str) -> None:
        """Wait until all these words can be seen in what is in front."""
        for word in words:
            try:
                self.until(lambda word=word: word in self.seen())  # type: ignore[misc]  # bound at once
            except WaitedTooLong as late:
                raise AssertionError(f"{word!r} is not seen in:\n{self.seen()}") from late

    # -- keys and clicks

    def press(self, which: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """A key, to whatever has the focus."""
        top = self.top()
        if isinstance(top, QMenu):
            key(top, which, modifiers)
            self.app.processEvents()
            return
        if self.app.activeWindow() is not top:
            top.activateWindow()
            self.until(lambda: self.app.activeWindow() is top)
        key(self.app.focusWidget() or top, which, modifiers)
        self.app.processEvents()

    def go(self, number: int) -> Page:
        """Ctrl and a number: the page at that place of the navigation. Gives it once it is filled."""
        self.press(Qt.Key(Qt.Key.Key_0 + number), CTRL)
        self.settle()
        return self.page()

    def button(self, word: str, where: QWidget | None = None) -> QAbstractButton:
        """The button that says `word` (all of it, or its beginning), in what is in front."""
        known = [one for one in self._of(where or self.top(), QAbstractButton) if one.text().startswith(word)]
        exact = [one for one in known if one.text() == word] or known
        assert len(exact) == 1, f"{word}: {[one.text() for one in known]} in:\n{self.seen(where)}"
        return exact[0]

    def click(self, word: str, where: QWidget | None = None) -> None:
        """Click the button that says `word`; it must be one that can be pressed."""
        found = self.button(word, where)
        assert found.isEnabled(), f"{word} cannot be pressed"
        self.app.processEvents()
        click(found)
        self.app.processEvents()

    def write(self, widget: QWidget, text: str) -> None:
        """Click into a field, clear it, type. Characters that no key has come as an input method brings them."""
        self.top().activateWindow()
        click(widget)
        self.until(widget.hasFocus)
        key(widget, Qt.Key.Key_A, CTRL)
        self.keys(text)
        offered = self.app.activePopupWidget()
        if offered is not None:
            key(offered, Qt.Key.Key_Escape)  # what is offered below the field is not wanted
            self.app.processEvents()

    def keys(self, text: str) -> None:
        """Type into whatever has the focus."""
        for character in text:
            target = self.app.focusWidget() or self.top()
            if character.isascii():
                type_in(target, character)
            else:
                composed = QInputMethodEvent()
                composed.setCommitString(character)
                self.app.sendEvent(target, composed)
        self.app.processEvents()

    def named(self, kind: type[Widget], name: str, where: QWidget | None = None) -> Widget:
        """The widget of a kind that assistive technology would call `name`."""
        known = [one for one in self._of(where or self.top(), kind) if one.accessibleName() == name]
        assert len(known) == 1, f"{name}: {[one.accessibleName() for one in self._of(where or self.top(), kind)]}"
        return known[0]

    def choose_file(self, path: Path) -> None:
        """Type a path into the file dialog in front, and Enter."""
        dialog = self.dialog(QFileDialog)
        field = dialog.findChild(QLineEdit, "fileNameEdit")
        assert isinstance(field, QLineEdit)
        field.setCompleter(None)  # offers like names whenever it has read the folder, be the dialog gone or not
        self.write(field, str(path))
        key(field, Qt.Key.Key_Return)
        self.until(lambda: self.app.activeModalWidget() is not dialog)
        self.app.processEvents()

    def drop(self, *paths: Path) -> None:
        """Drag files onto the window and let them go."""
        told = QMimeData()
        told.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
        target, where = self.desktop.window, QPointF(600, 400)
        buttons, plain = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        entered = QDragEnterEvent(where.toPoint(), Qt.DropAction.CopyAction, told, buttons, plain)
        self.app.sendEvent(target, entered)
        assert entered.isAccepted()
        dropped = QDropEvent(where, Qt.DropAction.CopyAction, told, buttons, plain, QEvent.Type.Drop)
        self.app.sendEvent(target, dropped)
        self.app.processEvents()

    # -- tables

    def table(self, where: QWidget | None = None) -> TableView:
        """The table that can be seen (the first, where there are several)."""
        return self._of(where or self.top(), TableView)[0]

    def rows(self, table: TableView | None = None) -> list[dict[str, str]]:
        """What a table shows, row by row, by the titles of its columns."""
        shown = table or self.table()
        model = shown.model()
        titles = [column.title() for column in model.columns]
        return [
            {title: str(model.index(row, place).data() or "") for place, title in enumerate(titles)}
            for row in range(model.count())
        ]

    def cell(self, row: int, title: str, table: TableView | None = None, *, twice: bool = False) -> None:
        """Click a cell, as `title` names its column; `twice` is a double click."""
        shown = table or self.table()
        place = [column.title() for column in shown.model().columns].index(title)
        pane, index = shown.panes.pane_of(place), shown.model().index(row, place)
        pane.scrollTo(index)
        click_at(pane.screen(), pane.visualRect(index).center(), twice=twice)
        self.app.processEvents()

    # -- time

    def auto_sync(self) -> AutoSync:
        """The automatic rounds."""
        found = self.desktop.window.findChild(AutoSync)
        assert isinstance(found, AutoSync)
        return found

    def next_round(self) -> None:
        """The time of the next automatic round has come; wait until it is over."""
        rounds = self.auto_sync()
        with self._qtbot.waitSignal(rounds.finished, timeout=LIMIT_MS):
            rounds.start(timedelta())
        self.settle()

    def _of(self, where: QWidget, kind: type[Widget]) -> list[Widget]:
        return [one for one in where.findChildren(kind) if one.isVisible() and one.window() is where.window()]
