"""The clock of a unit's centre, as far as it is known here. Apart from `centre`, because it needs no network."""

from __future__ import annotations

from datetime import timedelta

from unitclient.clock import ShiftedClock
from unitclient.store.settings import get_setting
from unitclient.store.store import Store
from unitclient.store.units import Unit
from unitclient.workflows.desk import Desk


def centre_offset(store: Store, unit_number: str) -> timedelta | None:
    """Centre's clock minus this computer's, as last seen; None before the first contact."""
    seconds = get_setting(store, f"clock-offset:{unit_number}")
    return None if seconds is None else timedelta(seconds=int(seconds))


CLOCK_TOLERANCE = timedelta(minutes=5)
"""A clock further off than this is said: deadlines look wrong beside it, and other programs go by it."""


def clock_error(store: Store, unit: Unit) -> timedelta | None:
    """By how much this computer's clock is slow (negative: fast), or None when it is right or not known.

    The day of a practice centre is the clerk's to choose: no clock is wrong beside it.
    """
    offset = None if unit.practice else centre_offset(store, unit.unit_number)
    return offset if offset is not None and abs(offset) > CLOCK_TOLERANCE else None


def with_centre_clock(desk: Desk, unit: Unit) -> Desk:
    """The same desk, living by the clock of the unit's centre as far as it is known."""
    offset = centre_offset(desk.store, unit.unit_number)
    if offset is None:
        return desk
    clock = ShiftedClock(desk.store.clock, offset)
    return Desk(desk.home, desk.store, desk.catalog, desk.policies, desk.holidays, desk.areas, clock)
