"""Time comes in by argument: a Clock is anything with `now()`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Protocol

CHINA = timezone(timedelta(hours=8), "CST")
"""China standard time: deadlines are days in this zone. No summer time since 1991."""


class Clock(Protocol):
    """Gives the time now, with a zone."""

    def now(self) -> datetime:
        """An aware datetime."""
        ...


class SystemClock:
    """The computer's own clock, in UTC."""

    def now(self) -> datetime:
        """The computer's time."""
        return datetime.now(UTC)


class ShiftedClock:
    """Another clock plus a fixed offset: the centre's clock as the client knows it, or a rehearsal on another day."""

    def __init__(self, base: Clock, offset: timedelta) -> None:
        self._base = base
        self.offset = offset

    def now(self) -> datetime:
        """The base clock's time plus the offset."""
        return self._base.now() + self.offset
