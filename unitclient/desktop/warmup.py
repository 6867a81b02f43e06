"""Warming up: what is heavy is imported and read on a thread of its own, after the window can be seen."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import QLibraryInfo, QObject, QTranslator, pyqtSignal, pyqtSlot

from unitclient.texts import language

if TYPE_CHECKING:
    from unitclient.app import Parts
    from unitclient.clock import Clock

MODULES = ("unitclient.app", "unitclient.sheets", "unitclient.workflows.month_state", "unitclient.workflows.trends")
"""What the session and the page shown first are read with, every package that is a circle of imports, and no more.

Two threads that enter such a circle at different places get a half of it from Python, and one of them fails.
"""
_CALM_S = 2.0
"""How long the rest waits at most for the first page."""


@dataclass(frozen=True)
class Ready:
    """What the session is opened with: the database is there, of this version, and its key is known."""

    parts: Parts
    key: bytes = field(repr=False)
    passphrase: str | None = field(repr=False)
    operator: str = ""


class WarmUp(QObject):
    """Makes the opening of the session quick; when the first page is there, imports the hooks and the other pages."""

    ready = pyqtSignal(object)
    """A Ready."""
    failed = pyqtSignal(object)
    """What opening refused with, or a fault."""
    hooks_ready = pyqtSignal()
    """The hook modules are imported: installing them is quick."""

    def __init__(self, home: Path, clock: Clock) -> None:
        super().__init__()
        self._home, self._clock = home, clock
        self._parts: Parts | None = None
        self._threads: list[threading.Thread] = []
        self._leave, self._calm = threading.Event(), threading.Event()

    def start(self) -> None:
        """Begin; `ready` or `failed` comes on the thread that made this object."""
        self.open_with(None)

    def open_with(self, passphrase: str | None, operator: str = "") -> None:
        """Try to open the database, with this passphrase (of this operator) where it needs one."""
        self._run(lambda: self._prepare(passphrase, operator))

    def import_rest(self, pages: list[str]) -> None:
        """Import hooks, then the pages' views, so that the first visit of each is quick; begins at `calm_now`.

        Two threads share one interpreter: what is imported earlier takes its time from the page that is waited for.
        """
        self._run(lambda: self._import(pages))

    @pyqtSlot()
    def calm_now(self) -> None:
        """The first page was read."""
        self._calm.set()

    def stop(self) -> None:
        """End after the present step; waits for it."""
        self._leave.set()
        self._calm.set()
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

    def _prepare(self, passphrase: str | None, operator: str) -> None:
        try:
            parts = self._read()
            # The first opening makes the database or brings it to this version, which may take its time.
            with import_module("unitclient.store.store").Store.open(
                self._home, clock=self._clock, passphrase=passphrase, operator=operator
            ) as store:
                key: bytes = store.key
        except Exception as fault:
            self.failed.emit(fault)
        else:
            self.ready.emit(Ready(parts, key, passphrase, operator))

    def _read(self) -> Parts:
        if self._parts is None:
            for name in MODULES:
                import_module(name)
            self._parts = import_module("unitclient.app").load_parts(self._home)
        return self._parts

    def _import(self, pages: list[str]) -> None:
        from unitclient.desktop.shell.registry import import_hooks, import_page

        self._calm.wait(_CALM_S)
        if not self._leave.is_set():
            import_hooks()
            self.hooks_ready.emit()
        for page in pages:
            if self._leave.is_set():
                return
            import_page(page)
