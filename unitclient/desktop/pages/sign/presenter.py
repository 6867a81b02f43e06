"""The signing page's presenter: choose, show exactly what is signed, ask for one PIN, sign, send, follow."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, pyqtSignal

from unitclient.desktop.dialogs.service import SignLine, SignSummary
from unitclient.desktop.pages.queue.clock_watch import ClockWatch
from unitclient.desktop.pages.sign import work
from unitclient.desktop.pages.sign.prompt import LanePrompt
from unitclient.desktop.pages.sign.state import Moved, Outcome, Phase, SignState, totals_of, with_required
from unitclient.desktop.pages.sign.words import named
from unitclient.desktop.session import Connection
from unitclient.desktop.tasks import Lane, TaskHandle
from unitclient.errors import Cancelled, UserError
from unitclient.store.transport import Transport
from unitclient.texts import say
from unitclient.workflows.signable import Signable

if TYPE_CHECKING:
    from unitclient.desktop.services import Services
    from unitclient.desktop.tasks import TaskContext
    from unitclient.store.declarations import Declaration, Event
    from unitclient.store.units import Unit
    from unitclient.workflows.syncing import SyncResult

MOVED = frozenset({"declarations", "outbox", "items"})
RETRY_CODES = frozenset({"pin-wrong", "pin-wrong-tries", "pin-wrong-final", "pin-form"})
"""Refusals after which the person may enter the PIN again. The program never tries one again by itself."""
_STEPS_KEPT = 200


class SignPresenter(QObject):
    """Leads signing. It tells the view by two signals: the state, and what came out of an act."""

    changed = pyqtSignal(object)
    """SignState."""
    signed = pyqtSignal(object)
    """Outcome of signing."""
    synced = pyqtSignal(object)
    """SyncResult of sending."""
    refused = pyqtSignal(object)
    """UserError of sending."""
    _begun = pyqtSignal(str)
    _moved = pyqtSignal(object)

    def __init__(self, services: Services, open_helper: work.OpenHelper = work.helper_for) -> None:
        super().__init__()
        self._services = services
        self._open_helper = open_helper
        self._handle: TaskHandle | None = None
        self._acts_for: Unit | None = None
        self._deselected: set[str] = set()
        self._only: set[str] = set()
        self._read = 0
        self._review = False
        self.state = SignState()
        self._begun.connect(self._on_begun)
        self._moved.connect(self._on_moved)

    # -- what waits

    def refresh(self) -> None:
        """Read what waits again; an older answer that comes later is dropped."""
        self._read += 1
        number = self._read
        self._services.tasks.run(
            Lane.DB,
            "d-sign-reading",
            work.read_waiting,
            done=lambda read: self._show(read) if number == self._read else None,
        )

    def toggle(self, declaration_id: str, chosen: bool) -> None:
        """Take a declaration in or leave it out; what a chosen one counts on stays in."""
        (self._deselected.discard if chosen else self._deselected.add)(declaration_id)
        self._choose()

    def choose_all(self, chosen: bool) -> None:
        """All or none."""
        self._deselected = set() if chosen else {one.id for one in self.state.waiting}
        self._choose()

    def choose_only(self, ids: set[str]) -> None:
        """Exactly these, with what they count on; also when what waits is read later."""
        self._only = set(ids)
        self._take_only()

    def _take_only(self) -> None:
        known = {one.id for one in self.state.waiting}
        if self._only & known:
            self._deselected = known - self._only
            self._only = set()
        self._choose()

    def _show(self, read: work.Waiting) -> None:
        unit = self._services.session.unit()
        self._review = read.review
        number = unit.unit_number if unit else ""
        if number != self.state.unit_number:
            self._set(steps=())
        self._set(
            phase=Phase.IDLE if not self.state.busy else self.state.phase,
            unit_name=unit.name if unit else "",
            unit_number=number,
            practice=unit is not None and unit.practice,
            certificate=read.certificate,
            days_left=read.days_left,
            waiting=read.signables,
            queued=read.queued,
        )
        self._take_only()

    def _choose(self) -> None:
        waiting = self.state.waiting
        wanted = frozenset(one.id for one in waiting if one.id not in self._deselected and not one.sent_back)
        chosen, required = with_required(waiting, wanted)
        taken = [one for one in waiting if one.id in chosen]
        missing = sum(one.transport is not Transport.REVIEWED for one in taken) if self._review else 0
        self._set(chosen=chosen, required=required, totals=totals_of(waiting, chosen), review_missing=missing)

    # -- signing

    def summary(self) -> SignSummary:
        """What the PIN dialog shows: exactly what is chosen, from the bytes."""
        state = self.state
        certificate = state.certificate
        return SignSummary(
            unit_name=state.unit_name,
            unit_number=state.unit_number,
            certificate=f"{certificate.subject} · {certificate.serial}" if certificate else "",
            lines=tuple(sign_line(one) for one in self._taken()),
            practice=state.practice,
        )

    def sign(self, *, retry: bool = False) -> None:
        """Ask for the PIN and sign what is chosen. `retry` after a wrong PIN: the dialog says so."""
        if not self.state.ready:
            return
        shown = {one.id: one.digest for one in self._taken()}
        unit = self._acts_for = self._services.session.need_unit()
        helper = self._open_helper(self._services.session.desk(), unit)
        prompt = LanePrompt(self._services.dialogs, self.summary())
        self._set(phase=Phase.ASKING, progress=(0, len(shown)), current="", steps=())
        self._handle = self._services.tasks.run(
            Lane.SIGN,
            "d-sign-task",
            lambda context: work.sign(context, shown, helper, prompt, retry=retry, begun=self._tell_begun),
            done=self._on_signed,
            failed=self._on_fault(self._on_signed_fault),
            topics=MOVED,
        )
        self._handle.on_cancel(prompt.give_up)
        self._handle.on_cancel(helper.cancel)

    def cancel(self) -> None:
        """Stop what runs: the key helper is ended at once, and nothing that was signed is lost."""
        if self._handle is not None:
            self._handle.cancel()

    def _taken(self) -> list[Signable]:
        return [one for one in self.state.waiting if one.id in self.state.chosen]

    def _tell_begun(self, declaration: Declaration) -> None:
        """Called on the lane's thread."""
        self._begun.emit(declaration.id)

    def _on_begun(self, declaration_id: str) -> None:
        done, total = self.state.progress
        one = next((each for each in self.state.waiting if each.id == declaration_id), None)
        begun = done + 1 if self.state.phase is Phase.SIGNING else 1
        self._set(phase=Phase.SIGNING, progress=(begun, total), current=_name(one) if one else "")

    def _on_signed(self, outcome: Outcome) -> None:
        names = {one.id: _name(one) for one in self.state.waiting}
        self._handle = None
        self._set(phase=Phase.IDLE, current="")
        told = replace(
            outcome,
            signed=tuple(names.get(name, name) for name in outcome.signed),
            left=tuple(names.get(name, name) for name in outcome.left),
        )
        if self._still_in_front():
            self.signed.emit(told)

    def _on_signed_fault(self, fault: UserError | None) -> None:
        self._on_signed(Outcome((), tuple(one.id for one in self._taken()), fault, cancelled=fault is None))

    # -- sending

    def send(self) -> None:
        """Send what is queued and follow it live."""
        if self.state.busy:
            return
        self._acts_for = self._services.session.need_unit()
        self._set(phase=Phase.SENDING, steps=())
        clock = ClockWatch(self._services)
        self._services.session.note_connection(Connection.WORKING)
        self._handle = self._services.tasks.run(
            Lane.NET,
            "d-sign-sending",
            self._follow,
            done=lambda result: self._on_sent(result, clock),
            failed=self._on_fault(self._on_not_sent),
            topics=MOVED | {"roster", "documents"},
        )

    def _follow(self, context: TaskContext) -> SyncResult:
        return work.follow(context, self._tell_moved)

    def _tell_moved(self, known: Declaration, event: Event) -> None:
        """Called on the lane's thread."""
        form = self._services.session.parts().catalog.forms.get(known.form)
        title = str(form.title) if form else known.form
        self._moved.emit(Moved(named(title, known.period, known.kind), event.track, event.state, event.note))

    def _on_moved(self, step: Moved) -> None:
        self._set(steps=(*self.state.steps, step)[-_STEPS_KEPT:])

    def _on_sent(self, result: SyncResult, clock: ClockWatch) -> None:
        self._handle = None
        clock.tell()
        self._set(phase=Phase.IDLE)
        if self._still_in_front():
            self._services.session.note_connection(Connection.OFFLINE if result.trouble else Connection.ONLINE)
            self.synced.emit(result)

    def _on_not_sent(self, refusal: UserError | None) -> None:
        self._handle = None
        self._set(phase=Phase.IDLE)
        if not self._still_in_front():
            return
        self._services.session.note_connection(Connection.OFFLINE if refusal else Connection.UNKNOWN)
        if refusal is not None:
            self.refused.emit(refusal)

    # -- small

    def _still_in_front(self) -> bool:
        """Whether the unit that was signed or sent for is in front; else its name is said, and no more."""
        unit = self._acts_for
        if unit is None or unit.unit_number == self._services.session.unit_number():
            return True
        self._services.shell.say(say("d-sign-elsewhere", name=unit.name))
        return False

    def _on_fault(self, take: Callable[[UserError | None], None]) -> Callable[[BaseException], None]:
        """Refusals and cancelling go to `take` (None: cancelled); a fault of the program goes on as one."""

        def told(fault: BaseException) -> None:
            take(fault if isinstance(fault, UserError) else None)
            if not isinstance(fault, UserError | Cancelled):
                raise fault

        return told

    def _set(self, **changes: object) -> None:
        self.state = replace(self.state, **changes)  # type: ignore[arg-type]  # names of the state's own members
        self.changed.emit(self.state)


def _name(one: Signable) -> str:
    return named(one.form_title, one.period, one.kind)


def sign_line(one: Signable) -> SignLine:
    """A declaration as the PIN dialog shows it."""
    total = one.total_fen if one.unit_fen or one.person_fen else None
    return SignLine(_name(one), one.period, one.persons, one.rows, total, one.digest)
