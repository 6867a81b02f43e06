"""The insurances that the unit takes part in, as the centre's registers say."""

from __future__ import annotations

from unitclient.catalog.registers import insurances_by
from unitclient.store.registers import list_entries
from unitclient.store.units import Unit
from unitclient.workflows.desk import Desk


def insurances_now(desk: Desk, unit: Unit) -> tuple[str, ...]:
    """Those the unit was opened with, and what it took up or gave up since."""
    kinds = desk.catalog.registers
    names = [name for name, kind in kinds.items() if kind.insured]
    entries = [entry for name in names for entry, _ in list_entries(desk.store, unit.unit_number, name)]
    return insurances_by(kinds, unit.insurances, entries)
