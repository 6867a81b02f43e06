"""Warming up: what is heavy is imported and read on a thread of its own, after the window can be seen."""

from __future__ import annotations

import threading
from importlib import import_module
from typing import TYPE_CHECKING

from PyQt6.QtCore import QLibraryInfo, QObject, QTranslator, pyqtSignal

from unitclient.texts import language

if TYPE_CHECKING:
    from unitclient.app import Parts

_MODULES = ("unitclient.app", "unitclient.workflows.calendar", "unitclient.workflows.status")


class WarmUp(QObject):
    """Gives the Parts of every desk, then imports the pages' views one by one."""

    ready = pyqtSignal(object)
    """The Parts."""
    failed = pyqtSignal(object)

    def __init__(self) -> None:
        super().__init__()
        self.parts: Parts | None = None
        self._threads: list[threading.Thread] = []
        self._leave = threading.Event()

    def start(self) -> None:
        """Begin; `ready` comes on the thread that made this object."""
        self._run(self._read)

    def import_views(self, pages: list[str]) -> None:
        """Import the pages' views, so that the first visit of each is quick."""
        self._run(lambda: self._import(pages))

    def stop(self) -> None:
        """End after the present step; waits for it."""
        self._leave.set()
        for thread in self._threads:
            thread.join(5)

    def translator(self, parent: QObject) -> QTranslator:
        """Qt's own words (file dialogs, context menus) in the language in use."""
        made = QTranslator(parent)
        if language() == "zh":
            made.load("qtbase_zh_CN", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath))
        return made

    def _run(self, work: object) -> None:
        assert callable(work)
        thread = threading.Thread(target=work, name="warm-up", daemon=True)
        self._threads.append(thread)
        thread.start()

    def _read(self) -> None:
        try:
            for name in _MODULES:
                import_module(name)
            parts = import_module("unitclient.app").load_parts()
            import_module("unitclient.desktop.shell.registry").import_hooks()
            self.ready.emit(parts)
        except Exception as fault:
            self.failed.emit(fault)

    def _import(self, pages: list[str]) -> None:
        from unitclient.desktop.shell.registry import import_page

        for page in pages:
            if self._leave.is_set():
                return
            import_page(page)
