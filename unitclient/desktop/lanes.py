"""The lanes: threads that do work one after the other, and hand its outcome to the window's thread."""

from __future__ import annotations

import contextvars
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, TypeVar

from PyQt6.QtCore import QObject, pyqtSignal, pyqtSlot

from unitclient.desktop.lane_desk import LaneDesk, Seat
from unitclient.desktop.tasks import NOTHING, Fail, Lane, ProcJob, TaskContext, TaskHandle, TaskState
from unitclient.errors import Cancelled, UserError
from unitclient.texts import ErrorTexts, error_texts, say

if TYPE_CHECKING:
    from unitclient.desktop.session import Session
    from unitclient.store.units import Unit
    from unitclient.workflows.desk import Desk

T = TypeVar("T")
_TELL_EVERY_S = 0.25
"""Progress is shown four times a second at most: a remote desktop sends every repaint."""
_LEAVE_S = 5.0
"""How long the end of the program waits for a lane."""


@dataclass(frozen=True)
class _Order:
    handle: TaskHandle
    work: Callable[[TaskContext], Any] | ProcJob
    done: Callable[[Any], None]
    failed: Fail | None
    topics: frozenset[str]
    seat: Seat
    variables: contextvars.Context


class _Context:
    """The TaskContext of a lane's thread."""

    def __init__(self, order: _Order, desk: LaneDesk, post: Callable[[Callable[[], None]], None]) -> None:
        self._order, self._desk, self._post = order, desk, post
        self._told_at = 0.0

    def progress(self, done: int, total: int) -> None:
        """See JobContext."""
        if self.cancelled():
            raise Cancelled
        now = time.monotonic()
        if now - self._told_at >= _TELL_EVERY_S or (total and done == total):
            self._told_at = now
            self._post(lambda: self._order.handle.tell(progress=(done, total)))

    def text(self, key: str, **params: object) -> None:
        """See JobContext."""
        said = say(key, **params)
        self._post(lambda: self._order.handle.tell(said=said))

    def cancelled(self) -> bool:
        """See JobContext."""
        return self._order.handle.is_cancelled()

    def desk(self) -> Desk:
        """See TaskContext."""
        return self._desk.desk(self._order.seat)

    def unit(self) -> Unit:
        """See TaskContext."""
        return self._desk.unit(self._order.seat)


class _LaneThread(threading.Thread):
    """One lane: orders in, outcomes posted."""

    def __init__(self, lane: Lane, post: Callable[[Callable[[], None]], None],
                 finish: Callable[[_Order, Any, BaseException | None], None]) -> None:  # fmt: skip
        super().__init__(name=f"lane-{lane.value}", daemon=True)
        self.orders: SimpleQueue[_Order | Callable[[], None] | None] = SimpleQueue()
        self.desk = LaneDesk()
        self._post, self._finish = post, finish

    def run(self) -> None:
        """Work until told to leave."""
        while (order := self.orders.get()) is not None:
            if isinstance(order, _Order):
                order.variables.run(self._do, order)
            else:
                order()
        self.desk.close()

    def close_desk(self) -> None:
        """Close the lane's database after its present work, and wait for it."""
        closed = threading.Event()
        self.orders.put(self.desk.close)
        self.orders.put(closed.set)
        closed.wait(_LEAVE_S)

    def _do(self, order: _Order) -> None:
        answer, fault = None, None
        try:
            answer = self._work(order)
        except BaseException as raised:  # noqa: BLE001, RUF100 - whatever it is, the window's thread decides
            fault = raised
        self.desk.rest()
        self._post(lambda: self._finish(order, answer, fault))

    def _work(self, order: _Order) -> Any:
        if order.handle.is_cancelled():
            raise Cancelled
        self._post(lambda: order.handle.tell(state=TaskState.RUNNING))
        context = _Context(order, self.desk, self._post)
        if isinstance(order.work, ProcJob):
            from unitclient.desktop.proc.child import run_child

            return run_child(order.work, context)
        return order.work(context)


class LaneRunner(QObject):
    """The TaskRunner of the running program."""

    added = pyqtSignal(object)
    """A new TaskHandle."""
    rested = pyqtSignal()
    """The last of the open works ended, and its answer was shown."""
    _posted = pyqtSignal(object)

    def __init__(self, session: Session, refuse: Callable[[ErrorTexts], None],
                 report: Callable[[BaseException], None]) -> None:  # fmt: skip
        super().__init__()
        self._session, self._refuse, self._report = session, refuse, report
        self._open: list[TaskHandle] = []
        self._lanes: dict[Lane, _LaneThread] = {}
        # Emitted on a lane's thread, received on the window's: Qt queues it.
        self._posted.connect(self._receive)

    def run(
        self,
        lane: Lane,
        title_key: str,
        work: Callable[[TaskContext], T] | ProcJob,
        *,
        done: Callable[[T], None],
        failed: Fail | None = None,
        topics: frozenset[str] = NOTHING,
    ) -> TaskHandle:
        """See TaskRunner."""
        handle = TaskHandle(lane, title_key)
        self._open.append(handle)
        order = _Order(handle, work, done, failed, topics, self._seat(), contextvars.copy_context())
        self._lane(lane).orders.put(order)
        self.added.emit(handle)
        return handle

    def tasks(self) -> list[TaskHandle]:
        """See TaskRunner."""
        return list(self._open)

    def close_desks(self) -> None:
        """See TaskRunner."""
        for thread in self._lanes.values():
            thread.close_desk()

    def stop(self) -> None:
        """See TaskRunner."""
        for handle in self.tasks():
            handle.cancel()
        for thread in self._lanes.values():
            thread.orders.put(None)
        for thread in self._lanes.values():
            thread.join(_LEAVE_S)
        self._lanes.clear()

    @pyqtSlot(object)
    def _receive(self, call: Callable[[], None]) -> None:
        call()

    def _seat(self) -> Seat:
        session = self._session
        return Seat(
            home=session.home,
            unit_number=session.unit_number(),
            clock=session.system_clock,
            parts=session.known_parts(),
            key=session.key(),
            actor=session.operator(),
            operator=session.signed_in,
        )

    def _lane(self, lane: Lane) -> _LaneThread:
        if lane not in self._lanes:
            self._lanes[lane] = _LaneThread(lane, self._posted.emit, self._finish)
            self._lanes[lane].start()
        return self._lanes[lane]

    def _finish(self, order: _Order, answer: Any, fault: BaseException | None) -> None:
        self._open.remove(order.handle)
        if fault is None:
            order.handle.tell(state=TaskState.DONE)
            order.done(answer)
        else:
            stopped = isinstance(fault, Cancelled)
            order.handle.tell(state=TaskState.CANCELLED if stopped else TaskState.FAILED)
            (order.failed or self._failed)(fault)
        if order.topics:
            self._session.data_changed.emit(order.topics)
        if not self._open:
            self.rested.emit()

    def _failed(self, fault: BaseException) -> None:
        if isinstance(fault, UserError):
            self._refuse(error_texts(fault.code, fault.params))
        elif not isinstance(fault, Cancelled):
            self._report(fault)
