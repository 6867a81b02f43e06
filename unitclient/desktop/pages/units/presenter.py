"""The units page's presenter: look at every unit, put one in front, add one, act for many."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, pyqtSignal

from unitclient.desktop.pages.sign.work import helper_for
from unitclient.desktop.pages.units import work
from unitclient.desktop.pages.units.keys import LaneKeys, OpenHelper
from unitclient.desktop.pages.units.state import UnitLine, UnitsState
from unitclient.desktop.tasks import Lane
from unitclient.errors import Cancelled, UserError
from unitclient.workflows.unit_months import BatchAct

if TYPE_CHECKING:
    from unitclient.desktop.services import Services
    from unitclient.desktop.tasks import TaskContext, TaskHandle
    from unitclient.workflows.unit_outcomes import UnitOutcome

_LANES: Mapping[BatchAct, tuple[Lane, str]] = {
    BatchAct.PREPARE: (Lane.DB, "d-units-preparing"),
    BatchAct.SIGN: (Lane.SIGN, "d-units-signing"),
    BatchAct.SEND: (Lane.NET, "d-units-sending"),
}
_MOVED = frozenset({"declarations", "outbox", "items"})
_TOPICS: Mapping[BatchAct, frozenset[str]] = {
    BatchAct.PREPARE: _MOVED,
    BatchAct.SIGN: _MOVED,
    BatchAct.SEND: _MOVED | {"roster", "documents", "units"},
}


class UnitsPresenter(QObject):
    """Leads the units page."""

    changed = pyqtSignal(object)
    """UnitsState."""
    switched = pyqtSignal(str)
    """Name of the unit that is now in front."""
    ended = pyqtSignal(object)
    """UnitsState with the outcomes of an act."""
    refused = pyqtSignal(object)
    """UserError that kept a whole act from being done."""

    def __init__(self, services: Services, open_helper: OpenHelper = helper_for) -> None:
        super().__init__()
        self._services = services
        self._open_helper = open_helper
        self._read = 0
        self.state = UnitsState()

    def refresh(self) -> None:
        """Read every unit again."""
        session = self._services.session
        period = session.period()
        self._read += 1
        number = self._read

        def done(units: tuple[UnitLine, ...]) -> None:
            if number == self._read:
                current = self.state.current if any(one.number == self.state.current for one in units) else ""
                self._set(reading=False, units=units, period=str(period), front=session.unit_number(),
                          current=current or session.unit_number())  # fmt: skip

        self._services.tasks.run(Lane.DB, "d-units-reading", lambda context: work.read_units(context, period),
                                 done=done)  # fmt: skip

    def select(self, number: str) -> None:
        """Look at a unit's line."""
        self._set(current=number)

    def switch(self) -> None:
        """Put the unit looked at in front."""
        line = self.state.line()
        if line is None or line.number == self._services.session.unit_number():
            return
        self._services.session.set_unit(line.number)
        self._set(front=line.number)
        self.switched.emit(line.name)

    def open_month(self) -> None:
        """Put it in front and go to its month."""
        self.switch()
        self._services.shell.go("dashboard")

    def add(self) -> None:
        """The first-run wizard, for one more unit."""
        self._services.dialogs.open_wizard("first_run", {"mode": "unit"}, lambda _answer: None)

    # -- for many units

    def choose(self, numbers: tuple[str, ...]) -> None:
        """For which units the next act is; none means all."""
        if numbers != self.state.chosen:
            self._set(chosen=numbers)

    def prepare_many(self) -> None:
        """Prepare the month of the units taken."""
        period, numbers = self._services.session.period(), self.state.taken()
        self._act(BatchAct.PREPARE, lambda context: work.prepare(context, numbers, period))

    def sign_many(self) -> None:
        """Sign what waits of the units taken; each key is asked for once."""
        numbers = self.state.taken()
        keys = LaneKeys(self._services.dialogs, self._open_helper)
        handle = self._act(BatchAct.SIGN, lambda context: work.sign(context, numbers, keys))
        if handle is not None:
            handle.on_cancel(keys.stop)

    def send_many(self) -> None:
        """Send what the units taken have queued."""
        numbers = self.state.taken()
        self._act(BatchAct.SEND, lambda context: work.send(context, numbers))

    def _act(self, act: BatchAct, does: Callable[[TaskContext], list[UnitOutcome]]) -> TaskHandle | None:
        if self.state.acting is not None or not self.state.units:
            return None
        lane, title = _LANES[act]
        self._set(acting=act)
        return self._services.tasks.run(lane, title, does, done=lambda outcomes: self._ended(act, outcomes),
                                        failed=self._failed, topics=_TOPICS[act])  # fmt: skip

    def _ended(self, act: BatchAct, outcomes: list[UnitOutcome]) -> None:
        self._set(acting=None, acted=act, outcomes={one.unit_number: one for one in outcomes})
        self.ended.emit(self.state)

    def _failed(self, fault: BaseException) -> None:
        self._set(acting=None)
        if isinstance(fault, UserError):
            self.refused.emit(fault)
        elif not isinstance(fault, Cancelled):
            raise fault

    def _set(self, **changes: object) -> None:
        self.state = replace(self.state, **changes)  # type: ignore[arg-type]  # names of the state's own members
        self.changed.emit(self.state)
