"""The queue page's presenter: look, send now, withdraw, carry out as a file, bring the reply in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from PyQt6.QtCore import QObject, pyqtSignal

from unitclient.desktop.dialogs.service import FileAsk, FileMode
from unitclient.desktop.pages.queue import work
from unitclient.desktop.pages.queue.clock_watch import ClockWatch
from unitclient.desktop.pages.queue.record import RecordMaker
from unitclient.desktop.pages.queue.state import RETRYABLE, WITHDRAWABLE, QueueState
from unitclient.desktop.pages.sign.words import named
from unitclient.desktop.pages.sign.work import OpenHelper, helper_for
from unitclient.desktop.session import Connection
from unitclient.desktop.tasks import Lane, TaskContext
from unitclient.errors import Cancelled, UserError
from unitclient.store.attempts import Attempt
from unitclient.texts import say

if TYPE_CHECKING:
    from unitclient.desktop.services import Services
    from unitclient.store.queue_view import QueueEntry
    from unitclient.workflows.syncing import SyncResult

T = TypeVar("T")
MOVED = frozenset({"outbox", "declarations", "items"})
FETCHED = MOVED | {"roster", "documents"}


class QueuePresenter(QObject):
    """Leads the queue page."""

    changed = pyqtSignal(object)
    """QueueState."""
    synced = pyqtSignal(object)
    """SyncResult."""
    exported = pyqtSignal(object)
    """list[Path] of the containers that were written."""
    replied = pyqtSignal(object)
    """What a reply file said: {"id", "acceptance_number", "timely"}."""
    withdrawn = pyqtSignal(str)
    """Name of the submission that was taken out."""
    recorded = pyqtSignal(object)
    """{what: path} of the record of attempts."""
    refused = pyqtSignal(object)
    """UserError."""

    def __init__(self, services: Services, open_helper: OpenHelper = helper_for) -> None:
        super().__init__()
        self._services = services
        self._record = RecordMaker(services, self.recorded.emit, self._refuse, open_helper)
        self._read = 0
        self.state = QueueState()

    def refresh(self) -> None:
        """Read the queue again."""
        self._read += 1
        number = self._read

        def done(read: work.QueueRead) -> None:
            if number == self._read:
                self._set(reading=False, entries=read.entries, need=read.need, titles=tuple(read.titles.items()))
                self.select(self.state.current)

        self._services.tasks.run(Lane.DB, "d-queue-reading", work.read_queue, done=done)

    def show_ended(self, shown: bool) -> None:
        """List what is at its end too."""
        self._set(with_ended=shown)

    def select(self, submission_id: str) -> None:
        """Put one in front and read its attempts."""
        self._set(current=submission_id)
        if not submission_id or self.state.entry() is None:
            self._set(tries=())
            return

        def done(tries: list[Attempt]) -> None:
            if self.state.current == submission_id:
                self._set(tries=tuple(tries))

        self._services.tasks.run(
            Lane.DB, "d-queue-reading", lambda context: work.read_tries(context, submission_id), done=done
        )

    # -- acts

    def send_all(self) -> None:
        """One round now: what is due is sent, what came is fetched."""
        self._send(work.send_round)

    def send_one(self) -> None:
        """The one in front at once, whatever its next try was."""
        entry = self.state.entry()
        if entry is not None and entry.state in RETRYABLE:
            ids = (entry.submission_id,)
            self._send(lambda context: work.send_now(context, ids))

    def withdraw(self) -> None:
        """Ask, then take the one in front out of the queue."""
        entry = self.state.entry()
        if entry is None or entry.state not in WITHDRAWABLE:
            return
        name = self._name(entry)
        counting = [self._name(other) for other in self.state.entries if entry.submission_id in other.waits_for]
        text = say("d-queue-withdraw-ask", name=name)
        if counting:
            text += "\n" + say("d-queue-withdraw-with", names="、".join(counting))

        def answer(yes: bool) -> None:
            if yes:
                self._act("d-queue-withdrawing", lambda context: work.withdraw(context, entry.submission_id),
                          lambda _none: self.withdrawn.emit(name), MOVED)  # fmt: skip

        self._services.dialogs.confirm("d-queue-withdraw", text, "d-queue-withdraw", answer, danger=True)

    def export(self) -> None:
        """Ask for a folder and write the container of the one in front there (报盘)."""
        entry = self.state.entry()
        if entry is None:
            return
        ids = (entry.submission_id,)

        def chosen(folder: Path | None) -> None:
            if folder is not None:
                self._act("d-queue-exporting", lambda context: work.export(context, ids, folder), self.exported.emit)

        self._services.dialogs.choose_file(FileAsk(FileMode.FOLDER, "d-queue-export-where"), chosen)

    def import_reply(self) -> None:
        """Ask for the centre's reply file (回盘) and take it."""
        ask = FileAsk(FileMode.OPEN, "d-queue-reply-which", (("d-queue-reply-files", "*.json"),))
        self._services.dialogs.choose_file(ask, lambda path: self.take_reply(path) if path is not None else None)

    def take_reply(self, path: Path) -> None:
        """Take a reply file (chosen, or dropped on the page)."""
        self._act("d-queue-replying", lambda context: work.import_reply(context, path), self.replied.emit, FETCHED)

    def record(self) -> None:
        """Sign the record of what was tried this month, for the bureau."""
        self._record.start()

    # -- small

    def _send(self, act: Callable[[TaskContext], SyncResult]) -> None:
        if self.state.sending:
            return
        self._set(sending=True)
        clock = ClockWatch(self._services)
        self._services.session.note_connection(Connection.WORKING)

        def done(result: SyncResult) -> None:
            self._ended(Connection.OFFLINE if result.trouble else Connection.ONLINE)
            clock.tell()
            self.synced.emit(result)

        def failed(fault: BaseException) -> None:
            self._ended(Connection.OFFLINE if isinstance(fault, UserError) else Connection.UNKNOWN)
            self._refuse(fault)

        self._services.tasks.run(Lane.NET, "d-queue-sending", act, done=done, failed=failed, topics=FETCHED)

    def _ended(self, connection: Connection) -> None:
        self._set(sending=False)
        self._services.session.note_connection(connection)

    def _act(
        self,
        title_key: str,
        act: Callable[[TaskContext], T],
        done: Callable[[T], Any],
        topics: frozenset[str] = frozenset(),
    ) -> None:
        self._services.tasks.run(Lane.DB, title_key, act, done=done, failed=self._refuse, topics=topics)

    def _refuse(self, fault: BaseException) -> None:
        if isinstance(fault, UserError):
            self.refused.emit(fault)
        elif not isinstance(fault, Cancelled):
            raise fault

    def _name(self, entry: QueueEntry) -> str:
        return named(self.state.title(entry.form), entry.period, entry.kind)

    def _set(self, **changes: object) -> None:
        self.state = replace(self.state, **changes)  # type: ignore[arg-type]  # names of the state's own members
        self.changed.emit(self.state)
