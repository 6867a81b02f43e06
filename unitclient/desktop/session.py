"""The session: the open desk of the window's thread, the unit in front, the period, and whether values are masked.

A Store belongs to the thread that opened it: this one is for the window's thread, and the lanes open their own. The
heavy rooms are imported when the desk is opened, which is after the first paint.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, pyqtSignal

from unitclient.clock import Clock, SystemClock
from unitclient.desktop.settings_schema import BY_KEY, Place
from unitclient.errors import UserError

if TYPE_CHECKING:
    from datetime import datetime

    from unitclient.app import Parts
    from unitclient.desktop.settings import Settings
    from unitclient.domain.period import Period
    from unitclient.store.store import Store
    from unitclient.store.units import Unit
    from unitclient.workflows.desk import Desk

KEPT_KIB = 4000
"""Of the database on the window's thread: pages read what is seen, and the lanes do the heavy reading."""
TOPICS = frozenset({"items", "roster", "declarations", "outbox", "documents", "units", "settings"})
"""What data_changed can be about."""


class Connection(StrEnum):
    """How the last talk with the unit's centre went."""

    UNKNOWN = "unknown"
    WORKING = "working"
    ONLINE = "online"
    OFFLINE = "offline"


class Session(QObject):
    """What the window is about now."""

    opened = pyqtSignal()
    """The desk is open: pages may read."""
    unit_changed = pyqtSignal(str)
    """The number of the unit now in front; empty when there is none."""
    period_changed = pyqtSignal(object)
    """The Period now worked on."""
    data_changed = pyqtSignal(object)
    """frozenset of TOPICS: what was written."""
    masking_changed = pyqtSignal(bool)
    operator_changed = pyqtSignal(str)
    """Somebody else signed in: their name."""
    connection_changed = pyqtSignal(object)
    """A Connection: how the last talk with the unit's centre went."""

    def __init__(self, home: Path, settings: Settings, clock: Clock | None = None) -> None:
        super().__init__()
        self.home = home
        self.system_clock = clock or SystemClock()
        self._settings = settings
        self._parts: Parts | None = None
        self._store: Store | None = None
        self._desk: Desk | None = None
        self._unit: Unit | None = None
        self._period: Period | None = None
        self._masked = bool(settings.get("masking"))
        self._must_mask = False
        self.connection = Connection.UNKNOWN
        self.passphrase: str | None = None
        """What opened the database; None where it needs none."""
        self.signed_in = ""
        """Which of the home's operators signed in; empty where it has none."""
        self.data_changed.connect(self._after_change)
        settings.changed.connect(self._after_setting)

    def open(
        self, parts: Parts | None = None, passphrase: str | None = None, key: bytes | None = None, operator: str = ""
    ) -> None:
        """Open the database and take the selected unit. UserError as Store.open says.

        `key` is the database's key where another thread found it out already, `operator` who signed in.
        """
        from unitclient.app import load_parts
        from unitclient.store.store import Store

        self._parts = parts or self._parts or load_parts()
        self._store = Store.open(self.home, clock=self.system_clock, passphrase=passphrase, key=key,
                                 operator=operator)  # fmt: skip
        self._store.keep_in_memory(KEPT_KIB)
        self.passphrase, self.signed_in = passphrase, self._store.operator
        self._settings.use_store(self._store)
        self._take_unit()
        self.opened.emit()
        self.unit_changed.emit(self.unit_number())

    def is_open(self) -> bool:
        """Whether the desk is open."""
        return self._store is not None

    def close(self) -> None:
        """Close the database; nothing may be read until it is opened again."""
        self._settings.use_store(None)
        if self._store is not None:
            self._store.close()
        self._store = self._desk = self._unit = self._period = None

    def desk(self) -> Desk:
        """The desk of the window's thread, by the clock of the unit's centre."""
        if self._desk is None:
            raise RuntimeError("the session is not open")
        return self._desk

    def parts(self) -> Parts:
        """What every desk shares: catalogue, policies, calendar data."""
        if self._parts is None:
            raise RuntimeError("the session is not open")
        return self._parts

    def known_parts(self) -> Parts | None:
        """The same, or None before the session was first opened."""
        return self._parts

    def unit(self) -> Unit | None:
        """The unit in front, or None."""
        return self._unit

    def key(self) -> bytes | None:
        """The database's key, for the lanes and the child process; None while it is closed."""
        return self._store.key if self._store is not None else None

    def need_unit(self) -> Unit:
        """The unit in front; UserError no-unit."""
        if self._unit is None:
            raise UserError("no-unit")
        return self._unit

    def unit_number(self) -> str:
        """The number of the unit in front, or nothing."""
        return self._unit.unit_number if self._unit else ""

    def set_unit(self, number: str) -> None:
        """Put a unit in front; what runs for another unit goes on. UserError unit-unknown."""
        from unitclient.store.units import select_unit

        if number == self.unit_number():
            return
        store = self.desk().store
        with store.write("unit.select", subject=number):
            select_unit(store, number)
        self._take_unit()
        self.note_connection(Connection.UNKNOWN)
        self.unit_changed.emit(number)
        self.period_changed.emit(self._period)

    def period(self) -> Period:
        """The month worked on: chosen, else the first whose deadline is still ahead (this month without a unit)."""
        if self._period is None:
            self._period = self.natural_period()
        return self._period

    def natural_period(self) -> Period:
        """The month that is in front where nobody chose one."""
        from unitclient.domain.period import Period
        from unitclient.workflows.calendar import next_period

        desk = self.desk()
        return next_period(desk, self._unit) if self._unit else Period.of(desk.today())

    def set_period(self, period: Period) -> None:
        """Work on another month."""
        if period != self._period:
            self._period = period
            self.period_changed.emit(period)

    def masked(self) -> bool:
        """Whether ID numbers, phones and wages are hidden: by the switch, or because the role may not see them."""
        return self._masked or self._must_mask

    def set_masked(self, masked: bool) -> None:
        """The switch in the top bar; remembered for the next start."""
        if self._must_mask:
            self.masking_changed.emit(True)
        elif masked != self._masked:
            self._masked = masked
            self._settings.set("masking", masked)
            self.masking_changed.emit(masked)

    def note_unmask(self, column: str) -> None:
        """Write to the journal that a value of this column was revealed although values are masked.

        UserError right-missing for whoever may not see it.
        """
        from unitclient.workflows.rights import PERSONS, need

        need(self.desk(), PERSONS)
        with self.desk().store.write("unmask", subject=column):
            pass

    def sign_in(self, name: str) -> None:
        """Go on as this operator, whose password was checked. UserError operator-unknown, operator-blocked."""
        from unitclient.store.operators import admit
        from unitclient.workflows.operators import note_sign_in

        masked = self.masked()
        admit(self.desk().store, name)
        self.signed_in = self.desk().store.operator
        note_sign_in(self.desk())
        period = self._period
        self._take_unit()
        self._period = period
        self.operator_changed.emit(self.signed_in)
        if masked != self.masked():
            self.masking_changed.emit(self.masked())
        self.data_changed.emit(TOPICS - {"units"})

    def why_not(self, act: str) -> str:
        """Why whoever signed in may not do an act of the workflows; nothing where they may."""
        if self._desk is None or not self.signed_in:
            return ""
        from unitclient.workflows.rights import reason

        return reason(self._desk, act)

    def note_connection(self, connection: Connection) -> None:
        """Tell how the last talk with the centre went."""
        if connection is not self.connection:
            self.connection = connection
            self.connection_changed.emit(connection)

    def operator(self) -> str:
        """Who works for the unit in front, for declarations and the journal: who signed in, else whom it names."""
        return self.signed_in or (self._unit.operator if self._unit else "")

    def now(self) -> datetime:
        """The time by the centre's clock as far as it is known, else by this computer's."""
        return self._desk.now() if self._desk else self.system_clock.now()

    def _take_unit(self) -> None:
        from unitclient.app import desk_of
        from unitclient.store.units import list_units
        from unitclient.workflows.centre_clock import with_centre_clock

        assert self._store is not None
        assert self._parts is not None
        desk = desk_of(self._store, self._parts)
        self._unit = next((unit for unit in list_units(self._store) if unit.selected), None)
        self._desk = with_centre_clock(desk, self._unit) if self._unit else desk
        self._store.actor = self.operator()
        self._must_mask = bool(self.why_not("persons"))
        self._period = None

    def _after_setting(self, key: str) -> None:
        if self._store is None or BY_KEY[key].place is not Place.STORE:
            return
        period = self._period
        self._take_unit()  # the operator is the unit's
        self._period = period
        self.data_changed.emit(frozenset({"settings"}))

    def _after_change(self, topics: frozenset[str]) -> None:
        if "units" not in topics or not self.is_open():
            return
        before, period = self.unit_number(), self._period
        self._take_unit()
        if self.unit_number() == before:
            self._period = period
        else:
            self.unit_changed.emit(self.unit_number())
            self.period_changed.emit(self.period())


class SessionClock:
    """The clock of the session, for what is made before the session is open."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def now(self) -> datetime:
        """See Session.now."""
        return self._session.now()
