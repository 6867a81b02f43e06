"""Talking to the centre teaches its clock: when that moved, everything that shows deadlines must hear of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import timedelta

    from unitclient.desktop.services import Services


class ClockWatch:
    """Remembers what was known of the centre's clock when an act began."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._unit = services.session.unit_number()
        self._before = self._offset()

    def tell(self) -> None:
        """Have the session take the unit anew when the centre's clock is known better now."""
        session = self._services.session
        if session.is_open() and session.unit_number() == self._unit and self._offset() != self._before:
            session.data_changed.emit(frozenset({"units"}))

    def _offset(self) -> timedelta | None:
        from unitclient.workflows.centre import centre_offset

        return centre_offset(self._services.session.desk().store, self._unit)
