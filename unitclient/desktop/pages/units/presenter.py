"""The units page's presenter: look at every unit, put one in front, add one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, pyqtSignal

from unitclient.desktop.pages.units import work
from unitclient.desktop.pages.units.state import UnitLine, UnitsState
from unitclient.desktop.tasks import Lane

if TYPE_CHECKING:
    from unitclient.desktop.services import Services


class UnitsPresenter(QObject):
    """Leads the units page."""

    changed = pyqtSignal(object)
    """UnitsState."""
    switched = pyqtSignal(str)
    """Name of the unit that is now in front."""

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
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

    def _set(self, **changes: object) -> None:
        self.state = replace(self.state, **changes)  # type: ignore[arg-type]  # names of the state's own members
        self.changed.emit(self.state)
