"""A room's unit with its key on a real token, bare or behind the shim that injects faults."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from tests.desktop.sign.office import Room
from tests.e2e.office import credential_of, staff
from tests.tokens.lab import Lab, make_lab
from unitclient.desktop.pages.sign.page import make_page
from unitclient.desktop.pages.sign.presenter import SignPresenter
from unitclient.desktop.pages.sign.view import SignView
from unitclient.store.units import Unit, add_unit
from unitclient.tokens.keys import KeyHelper, Timeouts
from unitclient.workflows.desk import Desk

QUICK = Timeouts(start=60, listing=10, opening=30, login=5, signing=1)


@dataclass
class Keyed:
    """A room, its token, and two declarations that wait for a signature."""

    room: Room
    lab: Lab
    folder: Path

    def helper(self, _desk: Desk, _unit: Unit) -> KeyHelper:
        """What the page opens keys with."""
        return self.lab.helper(QUICK)

    def presenter(self) -> SignPresenter:
        """A presenter that has read what waits."""
        made = SignPresenter(self.room.services, self.helper)
        made.refresh()
        return made

    def page(self) -> SignView:
        """The whole page."""
        page = make_page(self.room.services, self.helper)
        page.on_shown()
        return page

    def transports(self) -> list[str]:
        """Transport of the declarations in the order they are signed."""
        query = "SELECT transport FROM declaration WHERE transport <> 'withdrawn' ORDER BY id"
        return [row[0] for row in self.room.session.desk().store.connection.execute(query)]


def keyed(room: Room, folder: Path, shim: str = "") -> Keyed:
    """Put the room's key on a token and prepare a month of two people."""
    lab = make_lab(folder, (credential_of(room.clerk.opened),), shim)
    unit = replace(room.clerk.unit, key_ref=lab.ref.to_dict())
    with room.clerk.base.store.write("test.key"):
        add_unit(room.clerk.base.store, unit)
    room.clerk.enrols(staff(2))
    room.clerk.prepares()
    room.session.data_changed.emit(frozenset({"units", "declarations"}))
    return Keyed(room, lab, folder)
