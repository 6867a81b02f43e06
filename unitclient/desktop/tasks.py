"""Work off the window's thread: what pages ask for (TaskRunner), and a runner for tests that does all at once.

There are four lanes, and one work at a time in each. DB and NET and SIGN are threads with a desk of their own; PROC
starts a child process. `work` never touches a widget; `done` and `failed` are called on the window's thread.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, cast

from PyQt6.QtCore import QObject, pyqtSignal

from unitclient.errors import Cancelled
from unitclient.texts import say

if TYPE_CHECKING:
    from unitclient.desktop.session import Session
    from unitclient.store.units import Unit
    from unitclient.workflows.desk import Desk

T = TypeVar("T")
Fail = Callable[[BaseException], None]
NOTHING: frozenset[str] = frozenset()


class Lane(StrEnum):
    """Where a work runs."""

    DB = "db"
    """Queries over 50 ms and writes."""
    NET = "net"
    """Everything that waits for a centre."""
    PROC = "proc"
    """A child process: sheets in and out, PDF, big calculations. The work is a ProcJob."""
    SIGN = "sign"
    """The key: KeyHelper runs the vendor's library in a process of its own."""


class TaskState(StrEnum):
    """How far a task is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


ENDED = (TaskState.DONE, TaskState.FAILED, TaskState.CANCELLED)


class JobContext(Protocol):
    """What every work is given, in a thread or in a child process."""

    def progress(self, done: int, total: int) -> None:
        """Tell how far it is; total 0 means unknown. Raises Cancelled when the person stopped it."""

    def text(self, key: str, **params: object) -> None:
        """Say what is being done now (a text)."""

    def cancelled(self) -> bool:
        """Whether the person stopped it."""


class TaskContext(JobContext, Protocol):
    """What a work in a thread lane is given: signs of life, and a desk that belongs to the lane's thread."""

    def desk(self) -> Desk:
        """The lane's own open desk, by the clock of the unit's centre."""

    def unit(self) -> Unit:
        """The unit that was selected when the work was asked for; UserError no-unit."""


@dataclass(frozen=True, slots=True)
class ProcJob:
    """A work for the child process: "package.module:function", called as function(context, **arguments).

    Arguments and answer are what JSON can hold. The context is a JobContext.
    """

    function: str
    arguments: Mapping[str, Any] = field(default_factory=dict)

    def resolve(self) -> Callable[..., Any]:
        """The function itself."""
        module, _, name = self.function.partition(":")
        return cast("Callable[..., Any]", getattr(import_module(module), name))


Work = Callable[[TaskContext], T] | ProcJob


class TaskHandle(QObject):
    """One task as the task centre shows it."""

    changed = pyqtSignal()
    _numbers = itertools.count(1)

    def __init__(self, lane: Lane, title_key: str) -> None:
        super().__init__()
        self.id = next(self._numbers)
        self.lane = lane
        self.title_key = title_key
        self.state = TaskState.WAITING
        self.progress: tuple[int, int] = (0, 0)
        self.said = ""
        self._cancelled = False
        self._on_cancel: list[Callable[[], None]] = []

    def title(self) -> str:
        """What the task is, in the language in use."""
        return say(self.title_key)

    def cancel(self) -> None:
        """Ask it to stop; it ends as soon as it can. After the end it does nothing."""
        if self.state in ENDED or self._cancelled:
            return
        self._cancelled = True
        for call in tuple(self._on_cancel):
            call()

    def is_cancelled(self) -> bool:
        """Whether it was asked to stop."""
        return self._cancelled

    def on_cancel(self, call: Callable[[], None]) -> None:
        """Have `call` called when it is asked to stop (to break off what waits); may be called from any thread."""
        self._on_cancel.append(call)

    def ended(self) -> bool:
        """Whether nothing more will come."""
        return self.state in ENDED

    def tell(self, *, state: TaskState | None = None, progress: tuple[int, int] | None = None,
             said: str | None = None) -> None:  # fmt: skip
        """Set what is shown; on the window's thread only."""
        self.state = state or self.state
        self.progress = progress or self.progress
        self.said = self.said if said is None else said
        self.changed.emit()


class TaskRunner(Protocol):
    """Runs work in lanes."""

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
        """Start a work. Afterwards `done(answer)` or `failed(fault)` is called, then data_changed(topics) is sent.

        Without `failed` a refusal is shown as a dialog, Cancelled is silent, and anything else becomes an error report.
        """
        ...

    def tasks(self) -> list[TaskHandle]:
        """Everything that waits or runs."""
        ...

    def close_desks(self) -> None:
        """Close the lanes' databases once their present work ends (a restore replaces the file)."""
        ...

    def stop(self) -> None:
        """Cancel everything and end the lanes."""
        ...


class InlineContext:
    """The context of InlineTaskRunner: the session's own desk."""

    def __init__(self, session: Session, handle: TaskHandle) -> None:
        self._session = session
        self._handle = handle

    def progress(self, done: int, total: int) -> None:
        """See JobContext."""
        if self._handle.is_cancelled():
            raise Cancelled
        self._handle.tell(progress=(done, total))

    def text(self, key: str, **params: object) -> None:
        """See JobContext."""
        self._handle.tell(said=say(key, **params))

    def cancelled(self) -> bool:
        """See JobContext."""
        return self._handle.is_cancelled()

    def desk(self) -> Desk:
        """See TaskContext."""
        return self._session.desk()

    def unit(self) -> Unit:
        """See TaskContext."""
        return self._session.need_unit()


class InlineTaskRunner:
    """For tests: a work is done before `run` returns, on the caller's thread, and a fault nobody takes is raised."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.ran: list[TaskHandle] = []

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
        self.ran.append(handle)
        context = InlineContext(self.session, handle)
        handle.tell(state=TaskState.RUNNING)
        try:
            answer = work.resolve()(context, **work.arguments) if isinstance(work, ProcJob) else work(context)
        except Exception as fault:
            handle.tell(state=TaskState.CANCELLED if isinstance(fault, Cancelled) else TaskState.FAILED)
            if failed is None and not isinstance(fault, Cancelled):
                raise
            if failed is not None:
                failed(fault)
            return handle
        handle.tell(state=TaskState.DONE)
        done(answer)
        if topics:
            self.session.data_changed.emit(topics)
        return handle

    def tasks(self) -> list[TaskHandle]:
        """See TaskRunner."""
        return []

    def close_desks(self) -> None:
        """See TaskRunner."""

    def stop(self) -> None:
        """See TaskRunner."""
