"""The composition root: the one place that opens store, catalogue and keys and hands them to a front end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from unitclient.catalog.areas import load_areas
from unitclient.catalog.calendar import load_holidays
from unitclient.catalog.loader import Catalog, load_catalog
from unitclient.catalog.parsed import KEPT
from unitclient.catalog.policies import load_policies
from unitclient.clock import Clock, SystemClock
from unitclient.domain.areas import AreaTable
from unitclient.domain.deadlines import HolidayTable
from unitclient.domain.policy import PolicyBook
from unitclient.paths import forms_root, resources_root
from unitclient.secret import asker
from unitclient.store import keys
from unitclient.store.check import refuse_damaged
from unitclient.store.store import Store, database_path
from unitclient.store.units import Unit, get_unit, list_units, selected_unit
from unitclient.workflows.centre_clock import with_centre_clock
from unitclient.workflows.desk import Desk

_CHECK_S = 0.3
"""How long a command looks at a database whose last use may have ended badly; `check-db` reads all of it."""


@dataclass(frozen=True)
class Parts:
    """What is read from the program's own files: the same for every desk, and never changed."""

    catalog: Catalog
    policies: PolicyBook
    holidays: HolidayTable
    areas: AreaTable


def load_parts(home: Path | None = None) -> Parts:
    """Read forms, policies, calendar data and areas; with a home, forms are kept there as they were parsed."""
    resources = resources_root()
    if home is not None:
        KEPT.remember_in(home / "cache" / "forms.json")
    catalog = load_catalog(forms_root(), resources)
    KEPT.save()
    return Parts(catalog, load_policies(resources), load_holidays(resources), load_areas(resources))


def desk_of(store: Store, parts: Parts) -> Desk:
    """The desk over an open store, living by the store's clock."""
    return Desk(store.home, store, parts.catalog, parts.policies, parts.holidays, parts.areas, store.clock)


@contextmanager
def open_desk(
    home: Path,
    clock: Clock | None = None,
    *,
    parts: Parts | None = None,
    passphrase: str | None = None,
    key: bytes | None = None,
    operator: str = "",
) -> Iterator[Desk]:
    """The desk of a home; a home without a database gets one. Who is asked for a password: see `secret`."""
    parts = parts or load_parts(home)
    ask = asker()
    asked = ask is not None and key is None and passphrase is None and keys.needs_passphrase(home)
    if ask is not None and asked:
        operator, passphrase = ask(keys.needs_operator(home))
    with Store.open(home, clock=clock or SystemClock(), passphrase=passphrase, key=key, operator=operator) as store:
        if store.suspect and key is None:
            refuse_damaged(store, _CHECK_S)
        desk = desk_of(store, parts)
        store.actor = store.actor or _clerk(store)
        if asked and operator:
            from unitclient.workflows.operators import note_sign_in  # only homes with operators pay for it

            note_sign_in(desk)
        yield desk


def _clerk(store: Store) -> str:
    """Whom the journal names in a home without operators: the operator of the unit in front."""
    return next((unit.operator for unit in list_units(store) if unit.selected), "")


def has_database(home: Path) -> bool:
    """Whether a home has a database; for commands that need none and make none."""
    return database_path(home).exists()


@contextmanager
def open_unit_desk(home: Path) -> Iterator[tuple[Desk, Unit]]:
    """The desk and the selected unit, living by the clock of the unit's centre; UserError no-unit."""
    with open_desk(home) as desk:
        unit = selected_unit(desk.store)
        yield with_centre_clock(desk, unit), unit


def unit_desk(desk: Desk, unit_number: str) -> tuple[Desk, Unit]:
    """The unit as the store has it now, and the desk by the clock of its centre. UserError unit-unknown, no-unit."""
    unit = get_unit(desk.store, unit_number) if unit_number else selected_unit(desk.store)
    return with_centre_clock(desk, unit), unit
