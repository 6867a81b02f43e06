"""One run of the window: the outlines first, then the content, then the session.

What is needed for the outlines is imported here; the rest is imported on a thread while they are seen.
"""

from __future__ import annotations

import gc
import json
import sys
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from PyQt6.QtCore import QLockFile, QObject, Qt, pyqtSignal, pyqtSlot
from PyQt6.QtWidgets import QApplication

from unitclient import __version__
from unitclient.desktop import kept
from unitclient.desktop.shell.frame import PLACE, Frame

if TYPE_CHECKING:
    from unitclient.desktop.app import Desktop
    from unitclient.desktop.errors import FaultCatcher
    from unitclient.desktop.watchdog import Watchdog

SHOWN_ELSEWHERE = 0
"""Exit code when a window of this home is open already and was brought forward."""
LOCK_NAME = "desktop.lock"


def show(home: Path, language: str = "") -> int:
    """See desktop.main.run; there is a screen."""
    # As desktop.collector does later: what is imported on a thread would be collected on it.
    gc.disable()
    # An exception in a slot would abort the process: there must be a hook before the first object of Qt.
    sys.excepthook = _early_hook
    app = QApplication(sys.argv[:1])
    app.setApplicationName("unitclient")
    app.setDesktopFileName("unitclient")
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = QLockFile(str(home / LOCK_NAME))
    lock.setStaleLockTime(0)
    if not lock.tryLock(0):
        from unitclient.desktop.single import ask_first

        ask_first(home)
        return SHOWN_ELSEWHERE
    try:
        run = _Run(app, home, language)
        code = run.go()
    finally:
        lock.unlock()
    run.back_up()
    return code


class _Run(QObject):
    """From the outlines to the clean end."""

    _imported = pyqtSignal(object)

    def __init__(self, app: QApplication, home: Path, language: str) -> None:
        super().__init__()
        self._app, self._home, self._language = app, home, language
        left = _left(home)
        dark = _dark(app, left.get("theme"))
        picture = kept.find(home, kept.look_of(home, __version__, language, dark))
        self.frame = Frame(dark, left.get("layout", {}).get(PLACE), picture)
        self._desktop: Desktop | None = None
        self._catcher: FaultCatcher | None = None
        self._watchdog: Watchdog | None = None
        self._imported.connect(self._fill)
        self.frame.first_paint.connect(self._import)

    def go(self) -> int:
        """Show the frame and stay until it is closed."""
        self.frame.show()
        code = self._app.exec()
        if self._watchdog is not None:
            self._watchdog.stop()
        if self._desktop is not None:
            self._desktop.stop()
            self._keep_front(self._desktop)
        if self._catcher is not None:
            from unitclient.desktop.errors import stop_watching

            stop_watching()
            self._catcher.uninstall()
        return code

    def back_up(self) -> None:
        """The automatic backup, when the window is gone and the home free for another one."""
        left = self._desktop.left if self._desktop is not None else None
        if left is not None:
            from unitclient.desktop.leaving import back_up

            back_up(left)

    def _keep_front(self, desktop: Desktop) -> None:
        from unitclient.desktop import front

        dark = _dark(self._app, _left(self._home).get("theme"))
        front.keep(self._home, desktop.front, kept.look_of(self._home, __version__, self._language, dark))

    @pyqtSlot()
    def _import(self) -> None:
        from threading import Thread

        Thread(target=self._import_rest, name="import", daemon=True).start()

    def _import_rest(self) -> None:
        try:
            from unitclient.desktop.first import import_first

            import_first(self._home)
        except Exception as fault:
            self._imported.emit(fault)
        else:
            self._imported.emit(None)

    @pyqtSlot(object)
    def _fill(self, fault: BaseException | None) -> None:
        from unitclient.desktop.first import give_up, make

        if fault is None:
            try:
                self._desktop, self._catcher, self._watchdog = make(self._app, self._home, self._language, self.frame)
            except Exception as raised:
                fault = raised
        if fault is not None:
            # Nothing of ours is left to show it with: it is said plainly, and the program ends.
            give_up(self._app, self._home, self.frame, fault)


def _left(home: Path) -> dict[str, Any]:
    """What desktop.json says, unchecked but for its shape: enough for a colour and a place."""
    try:
        told = json.loads((home / "desktop.json").read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return told if isinstance(told, dict) and isinstance(told.get("layout", {}), dict) else {}


def _dark(app: QApplication, theme: object) -> bool:
    if theme in ("light", "dark"):
        return theme == "dark"
    hints = app.styleHints()
    return hints is not None and hints.colorScheme() == Qt.ColorScheme.Dark


def _early_hook(kind: type[BaseException], fault: BaseException, trace: TracebackType | None) -> None:
    sys.__excepthook__(kind, fault, trace)
