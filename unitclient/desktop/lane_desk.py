"""A lane's own desk: opened on the lane's thread at first need, kept between works, closed when it is asked for."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from unitclient.desktop.memory import give_back

if TYPE_CHECKING:
    from unitclient.app import Parts
    from unitclient.clock import Clock
    from unitclient.store.store import Store
    from unitclient.store.units import Unit
    from unitclient.workflows.desk import Desk


@dataclass(frozen=True, slots=True)
class Seat:
    """What the window's thread knew when a work was asked for."""

    home: Path
    unit_number: str
    clock: Clock
    parts: Parts | None
    key: bytes | None = field(repr=False)
    actor: str = ""
    """Whom the journal names."""
    operator: str = ""
    """Who signed in, where the home has operators."""


class LaneDesk:
    """The open database of one lane. Used on the lane's thread only."""

    def __init__(self) -> None:
        self._store: Store | None = None
        self._parts: Parts | None = None

    def desk(self, seat: Seat) -> Desk:
        """The desk; by the clock of the unit's centre where there is a unit."""
        from unitclient.app import desk_of, unit_desk

        base = desk_of(self._open(seat), self._need_parts(seat))
        return unit_desk(base, seat.unit_number)[0] if seat.unit_number else base

    def unit(self, seat: Seat) -> Unit:
        """The unit that was in front when the work was asked for; UserError no-unit."""
        from unitclient.app import desk_of, unit_desk

        return unit_desk(desk_of(self._open(seat), self._need_parts(seat)), seat.unit_number)[1]

    def rest(self) -> None:
        """Give back memory between two works."""
        if self._store is not None:
            self._store.rest()
            give_back()

    def close(self) -> None:
        """Close it; the next work opens it again."""
        if self._store is not None:
            self._store.close()
        self._store = None

    def _open(self, seat: Seat) -> Store:
        from unitclient.store.store import Store

        if self._store is not None and (self._store.home, self._store.operator) != (seat.home, seat.operator):
            self.close()
        if self._store is None:
            self._store = Store.open(seat.home, clock=seat.clock, key=seat.key, operator=seat.operator)
        self._store.actor = seat.actor
        return self._store

    def _need_parts(self, seat: Seat) -> Parts:
        from unitclient.app import load_parts

        self._parts = seat.parts or self._parts or load_parts()
        return self._parts
