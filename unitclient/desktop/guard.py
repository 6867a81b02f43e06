"""Watches over the database while the window is open: reads it through after the start, backs up before a deadline.

Both have a thread and a connection of their own, so that neither the window nor a lane waits for them.
"""

from __future__ import annotations

from threading import Thread
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, QTimer, pyqtSignal

from unitclient.desktop.leaving import back_up, leaving
from unitclient.desktop.theme.tokens import State
from unitclient.texts import say

if TYPE_CHECKING:
    from unitclient.desktop.leaving import Leaving
    from unitclient.desktop.services import Services
    from unitclient.desktop.shell.main_window import MainWindow

FIRST_MS = 15_000
"""After the window was opened; its pages come first."""
_EVERY_MS = 30 * 60_000
_CHECK_S = 20.0
"""How long the check may read: some gigabytes."""


class Guard(QObject):
    """Looks after the start, and every half an hour."""

    checked = pyqtSignal(object)
    """Faults of the database as a tuple; an empty one is good."""
    backed_up = pyqtSignal()

    def __init__(self, services: Services, window: MainWindow) -> None:
        super().__init__(window)
        self._services, self._window = services, window
        self._threads: list[Thread] = []
        self._seen = False
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.look)
        self.checked.connect(self._tell)
        self.backed_up.connect(lambda: services.session.data_changed.emit(frozenset({"settings"})))
        window.closing.connect(self._timer.stop)

    def start(self) -> None:
        """Begin after a while."""
        self._timer.start(FIRST_MS)

    def look(self) -> None:
        """Check once; back up when a deadline is near."""
        self._timer.setInterval(_EVERY_MS)
        told = leaving(self._services.session)
        if told is None or any(thread.is_alive() for thread in self._threads):
            return
        due = self._is_due()
        if not self._seen or due:
            thread = Thread(target=self._work, args=(told, not self._seen, due), name="guard")
            self._seen = True
            self._threads = [thread]
            thread.start()

    def wait(self) -> None:
        """Until the work under way is done."""
        for thread in self._threads:
            thread.join()

    def _is_due(self) -> bool:
        from unitclient.workflows.automatic_backup import due_before_deadline

        session = self._services.session
        unit = session.unit()
        return unit is not None and due_before_deadline(session.desk(), unit)

    def _work(self, told: Leaving, check: bool, due: bool) -> None:
        if check:
            self.checked.emit(faults_of(told))
        if due:
            back_up(told, "deadline")
            self.backed_up.emit()

    def _tell(self, faults: tuple[str, ...]) -> None:
        if faults:
            self._window.notices.show_notice("damaged", State.ERR, say("d-guard-damaged"), lasting=True)


def faults_of(told: Leaving) -> tuple[str, ...]:
    """What is wrong with the database, as far as can be read in the time there is."""
    from unitclient.errors import UserError
    from unitclient.store.check import quick_check
    from unitclient.store.store import Store

    try:
        with Store.open(told.home, create=False, clock=told.clock, key=told.key, operator=told.operator) as store:
            return quick_check(store, _CHECK_S).faults
    except UserError as refusal:
        return (refusal.code,) if refusal.code in ("store-damaged", "store-io") else ()


def install(services: Services, window: MainWindow) -> Guard:
    """Hang it into the window."""
    made = Guard(services, window)
    made.start()
    return made
