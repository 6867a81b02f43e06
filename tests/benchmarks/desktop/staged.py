"""A home with as many unsigned enrolments as wanted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.desktop.roster.crowd import DEPARTMENTS, November, people
from tests.desktop.stage import UNIT, add_units, parts
from unitclient.app import open_desk
from unitclient.store.staging import StagedRow, stage_items


def staged_home(home: Path, count: int) -> Path:
    """A home with UNIT and its enrolments of November 2026."""
    add_units(home, UNIT)
    with open_desk(home, November(), parts=parts()) as desk, desk.store.write("test.staged"):
        stage_items(desk.store, UNIT.unit_number, "enrol", "1", list(_rows(count)))
    return home


def _rows(count: int) -> Iterator[StagedRow]:
    for place, one in enumerate(people(count)):
        values = {"name": one.name, "id_number": one.id_number, "start_month": "2026-11", "wage": one.wage_fen,
                  "insurances": list(UNIT.insurances), "department": DEPARTMENTS[place % len(DEPARTMENTS)]}  # fmt: skip
        yield StagedRow(one.id_number, one.id_number, "2026-11", values, source_row=place + 5)
