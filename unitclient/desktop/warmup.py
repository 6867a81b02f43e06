"""Warming up: what is heavy is imported and read on a thread of its own, after the window can be seen."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import QLibraryInfo, QObject, QTranslator, pyqtSignal

from unitclient.texts import language

if TYPE_CHECKING:
    from unitclient.app import Parts
    from unitclient.clock import Clock

_MODULES = ("unitclient.app", "unitclient.workflows.calendar", "unitclient.workflows.status")


@dataclass(frozen=True)
class Ready:
    """What the session is opened with: the database is there, of this version, and its key is known."""

    parts: Parts
    key: bytes = field(repr=False)
    passphrase: str | None = field(repr=False)


class WarmUp(QObject):
    """Makes the opening of the session quick, then imports the pages one by one."""

    ready = pyqtSignal(object)
    """A Ready."""
    failed = pyqtSignal(object)
    """What opening refused with, or a fault."""

    def __init__(self, home: Path, clock: Clock) -> None:
        super().__init__()
        self._home, self._clock = home, clock
        self._parts: Parts | None = None
        self._threads: list[threading.Thread] = []
        self._leave = threading.Event()

    def start(self) -> None:
        """Begin; `ready` or `failed` comes on the thread that made this object."""
        self.open_with(None)

    def open_with(self, passphrase: str | None) -> None:
        """Try to open the database, with this passphrase where it needs one."""
        self._run(lambda: self._prepare(passphrase))

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

    def _prepare(self, passphrase: str | None) -> None:
        try:
            parts = self._read()
            # The first opening makes the database or brings it to this version, which may take its time.
            with import_module("unitclient.store.store").Store.open(
                self._home, clock=self._clock, passphrase=passphrase
            ) as store:
                key: bytes = store.key
        except Exception as fault:
            self.failed.emit(fault)
        else:
            self.ready.emit(Ready(parts, key, passphrase))

    def _read(self) -> Parts:
        if self._parts is None:
            for name in _MODULES:
                import_module(name)
            import_module("unitclient.desktop.shell.registry").import_hooks()
            self._parts = import_module("unitclient.app").load_parts(self._home)
        return self._parts

    def _import(self, pages: list[str]) -> None:
        from unitclient.desktop.shell.registry import import_page

        for page in pages:
            if self._leave.is_set():
                return
            import_page(page)
