"""The composition root: the one place that opens store, catalogue and keys and hands them to a front end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from unitclient.catalog.areas import load_areas
from unitclient.catalog.calendar import load_holidays
from unitclient.catalog.loader import load_catalog
from unitclient.catalog.policies import load_policies
from unitclient.clock import Clock, SystemClock
from unitclient.paths import forms_root, resources_root
from unitclient.store.store import Store, database_path
from unitclient.store.units import Unit, selected_unit
from unitclient.workflows.centre import with_centre_clock
from unitclient.workflows.desk import Desk


@contextmanager
def open_desk(home: Path, clock: Clock | None = None) -> Iterator[Desk]:
    """The desk of a home; a home without a database gets one."""
    clock = clock or SystemClock()
    resources = resources_root()
    catalog = load_catalog(forms_root(), resources)
    with Store.open(home, clock=clock) as store:
        yield Desk(
            home, store, catalog, load_policies(resources), load_holidays(resources), load_areas(resources), clock
        )


def has_database(home: Path) -> bool:
    """Whether a home has a database; for commands that need none and make none."""
    return database_path(home).exists()


@contextmanager
def open_unit_desk(home: Path) -> Iterator[tuple[Desk, Unit]]:
    """The desk and the selected unit, living by the clock of the unit's centre; UserError no-unit."""
    with open_desk(home) as desk:
        unit = selected_unit(desk.store)
        yield with_centre_clock(desk, unit), unit
