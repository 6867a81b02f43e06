"""The practice centre's clock: the computer's, plus an offset that a rehearsal may set and a restart keeps."""

from __future__ import annotations

from datetime import datetime, timedelta

from unitclient.central.database import CentreDatabase, set_meta
from unitclient.clock import Clock, SystemClock

_OFFSET = "clock_offset_ms"


class CentreClock:
    """All times in receipts and decisions are this clock's."""

    def __init__(self, database: CentreDatabase, base: Clock | None = None) -> None:
        self._database = database
        self._base: Clock = base or SystemClock()
        self._offset = timedelta(milliseconds=int(database.meta(_OFFSET)))

    def now(self) -> datetime:
        """The service's time."""
        return self._base.now() + self._offset

    def shift(self, offset: timedelta) -> None:
        """Go by the computer's clock plus `offset` from now on."""
        with self._database.write() as tx:
            set_meta(tx, _OFFSET, str(int(offset / timedelta(milliseconds=1))))
        self._offset = offset

    def set_to(self, at: datetime) -> None:
        """Make it `at` now."""
        self.shift(at - self._base.now())
