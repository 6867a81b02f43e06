"""The records page's presenter: list, history, verify, save the receipt, correct, void."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from PyQt6.QtCore import QObject, pyqtSignal

from unitclient.desktop.pages.records.state import RecordsState
from unitclient.desktop.pages.sign.words import named
from unitclient.desktop.tasks import Lane, TaskContext
from unitclient.domain.period import Period
from unitclient.errors import Cancelled, UserError
from unitclient.texts import say
from unitclient.workflows import following
from unitclient.workflows.prepare import prepare_month, prepare_void
from unitclient.workflows.statements import write_receipt_envelope

if TYPE_CHECKING:
    from unitclient.desktop.services import Services
    from unitclient.workflows.following import Detail, ReceiptCheck, Record

T = TypeVar("T")
PREPARED = frozenset({"declarations", "items"})


class RecordsPresenter(QObject):
    """Leads the records page."""

    changed = pyqtSignal(object)
    """RecordsState."""
    verified = pyqtSignal(object)
    """ReceiptCheck."""
    envelope_made = pyqtSignal(object)
    """Path."""
    corrected = pyqtSignal(str)
    """The period whose correction was prepared."""
    voided = pyqtSignal(str)
    """Name of the declaration whose void was prepared."""
    refused = pyqtSignal(object)
    """UserError."""

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        self._read = 0
        self.state = RecordsState()

    def refresh(self) -> None:
        """Read the list and the history in front again."""
        self._read += 1
        number = self._read

        def done(read: list[Record]) -> None:
            if number == self._read:
                self._set(reading=False, records=tuple(read))
                self._read_detail()

        self._services.tasks.run(
            Lane.DB, "d-records-reading", lambda context: following.records(context.desk(), context.unit()), done=done
        )

    def show_lights(self, lights: frozenset[str]) -> None:
        """List only these."""
        self._set(lights=lights)

    def select(self, declaration_id: str) -> None:
        """Put a declaration in front and read its history."""
        self._set(current=declaration_id, detail=None)
        self._read_detail()

    def _read_detail(self) -> None:
        wanted = self.state.current
        if not any(one.id == wanted for one in self.state.records):
            self._set(current="", detail=None)
            return

        def done(detail: Detail) -> None:
            if self.state.current == wanted:
                self._set(detail=detail)

        self._act("d-records-detail-reading", lambda context: following.detail(context.desk(), context.unit(), wanted),
                  done)  # fmt: skip

    # -- acts on the declaration in front

    def verify(self) -> None:
        """Check the stored receipt again, off line."""
        wanted = self.state.current

        def work(context: TaskContext) -> ReceiptCheck:
            return following.check_receipt(context.desk(), context.unit(), wanted)

        self._act("d-records-verifying", work, self.verified.emit)

    def envelope(self) -> None:
        """Save the signed receipt itself, which anybody can verify."""
        wanted = self.state.current

        def work(context: TaskContext) -> Path:
            desk = context.desk()
            return write_receipt_envelope(desk, context.unit(), wanted, desk.exports)

        self._act("d-records-papers-making", work, self.envelope_made.emit)

    def correct(self) -> None:
        """Ask, then prepare a correction of the month."""
        record = self._record()
        if record is None:
            return
        period = Period.parse(record.period)
        text = say("d-records-correct-ask", period=period, number=record.acceptance_number)

        def work(context: TaskContext) -> str:
            prepare_month(context.desk(), context.unit(), period, correct=True)
            return str(period)

        self._ask("d-records-correct", text, lambda: self._act("d-records-correcting", work, self.corrected.emit,
                                                               PREPARED))  # fmt: skip

    def void(self) -> None:
        """Ask, then prepare a void of the declaration."""
        record = self._record()
        if record is None:
            return
        name = named(record.form_title, record.period, record.kind)

        def work(context: TaskContext) -> str:
            prepare_void(context.desk(), context.unit(), record.id)
            return name

        text = say("d-records-void-ask", name=name)
        self._ask("d-records-void", text, lambda: self._act("d-records-voiding", work, self.voided.emit, PREPARED),
                  danger=True)  # fmt: skip

    # -- small

    def _record(self) -> Record | None:
        return next((one for one in self.state.records if one.id == self.state.current), None)

    def _ask(self, key: str, text: str, act: Callable[[], None], *, danger: bool = False) -> None:
        self._services.dialogs.confirm(key, text, key, lambda yes: act() if yes else None, danger=danger)

    def _act(
        self,
        title_key: str,
        work: Callable[[TaskContext], T],
        done: Callable[[T], Any],
        topics: frozenset[str] = frozenset(),
    ) -> None:
        self._services.tasks.run(Lane.DB, title_key, work, done=done, failed=self._refuse, topics=topics)

    def _refuse(self, fault: BaseException) -> None:
        if isinstance(fault, UserError):
            self.refused.emit(fault)
        elif not isinstance(fault, Cancelled):
            raise fault

    def _set(self, **changes: object) -> None:
        self.state = replace(self.state, **changes)  # type: ignore[arg-type]  # names of the state's own members
        self.changed.emit(self.state)
