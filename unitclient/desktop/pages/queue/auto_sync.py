"""The automatic sync: every few minutes, and when something in the queue is due; hung into the window once.

Nothing is asked and nothing pops up: what came is seen on the pages, and whether the centre answers in the top bar.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, QTimer, pyqtSignal

from unitclient.desktop.session import Connection
from unitclient.desktop.tasks import Lane
from unitclient.errors import Cancelled, UserError

if TYPE_CHECKING:
    from PyQt6.QtWidgets import QWidget

    from unitclient.desktop.pages.queue.work import Round
    from unitclient.desktop.services import Services

EVERY = timedelta(minutes=3)
"""How often the centre is asked for news when nothing is due."""
SOONEST = timedelta(seconds=5)
"""How soon after one round the next may follow."""
FIRST = timedelta(seconds=8)
"""After the window was opened: its first page comes first."""
_TOPICS = frozenset({"declarations", "outbox", "items", "roster", "documents"})


class AutoSync(QObject):
    """Runs rounds in the NET lane while the session is open. `paused` stops it (a restore, a test)."""

    finished = pyqtSignal(object)
    """Round."""

    def __init__(self, services: Services, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._running = False
        self.paused = False
        self.last: Round | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.run)

    def start(self, after: timedelta = FIRST) -> None:
        """Have the next round after so long."""
        self._timer.start(max(0, round(after.total_seconds() * 1000)))

    def stop(self) -> None:
        """No more rounds."""
        self.paused = True
        self._timer.stop()

    def waits(self) -> timedelta:
        """How long until the next round."""
        return timedelta(milliseconds=max(0, self._timer.remainingTime()))

    def run(self) -> None:
        """A round now, unless one runs, the lane is busy with the person's own sending, or there is nobody to ask."""
        from unitclient.desktop.pages.queue.work import sync_all

        session = self._services.session
        ready = session.is_open() and session.unit() is not None and not session.why_not("send")
        if self.paused or self._running or not ready or self._busy():
            self.start(EVERY if self.paused else SOONEST * 6)
            return
        self._running = True
        self._services.tasks.run(Lane.NET, "d-auto-sync", sync_all, done=self._done, failed=self._failed)

    def _busy(self) -> bool:
        return any(handle.lane is Lane.NET and not handle.ended() for handle in self._services.tasks.tasks())

    def _done(self, told: Round) -> None:
        self._running = False
        self.last = told
        session = self._services.session
        number = session.unit_number()
        if number in told.troubles:
            session.note_connection(Connection.OFFLINE)
        elif number in told.results:
            session.note_connection(Connection.ONLINE)
        self.start(pause_until(told.next_at, session.system_clock.now()))
        topics = (_TOPICS if told.moved else frozenset()) | (frozenset({"units"}) if told.clock_moved else frozenset())
        if topics:
            session.data_changed.emit(topics)
        self.finished.emit(told)

    def _failed(self, fault: BaseException) -> None:
        self._running = False
        self.start(EVERY)
        if not isinstance(fault, UserError | Cancelled):
            raise fault


def pause_until(next_at: datetime | None, now: datetime) -> timedelta:
    """How long to pause: to the next try that is due, at most EVERY, at least SOONEST; by this computer's clock."""
    wait = EVERY if next_at is None else min(EVERY, next_at - now)
    return max(SOONEST, wait)


def install(services: Services, window: QWidget) -> AutoSync:
    """Hang it into the window."""
    made = AutoSync(services, window)
    made.start()
    return made
