"""What the units page does in the lanes: how far the month of every unit is."""

from __future__ import annotations

from collections.abc import Sequence

from unitclient.app import unit_desk
from unitclient.desktop.pages.units.keys import LaneKeys
from unitclient.desktop.pages.units.state import UnitLine
from unitclient.desktop.tasks import TaskContext
from unitclient.domain.period import Period
from unitclient.store.outbox import waiting_count
from unitclient.store.units import list_units
from unitclient.workflows.calendar import deadline_of
from unitclient.workflows.desk import Desk
from unitclient.workflows.many_keys import sign_units
from unitclient.workflows.many_units import prepare_units, send_units
from unitclient.workflows.month_state import certificate_end, step_facts
from unitclient.workflows.month_steps import steps
from unitclient.workflows.unit_months import blocks_of
from unitclient.workflows.unit_outcomes import UnitOutcome


def read_units(context: TaskContext, period: Period) -> tuple[UnitLine, ...]:
    """Every unit by name; each by the clock of its own centre."""
    desk = context.desk()
    units = list_units(desk.store)
    lines = []
    for place, unit in enumerate(units):
        context.progress(place, len(units))
        lines.append(_line(desk, unit.unit_number, period))
    return tuple(lines)


def prepare(context: TaskContext, numbers: Sequence[str], period: Period) -> list[UnitOutcome]:
    """Prepare the month of these units."""
    return prepare_units(context.desk(), period, numbers, told=context.progress)


def sign(context: TaskContext, numbers: Sequence[str], keys: LaneKeys) -> list[UnitOutcome]:
    """Sign what waits of these units, asking once for each key."""
    desk = context.desk()
    return sign_units(desk, numbers, lambda batch: keys.open(desk, batch), told=context.progress)


def send(context: TaskContext, numbers: Sequence[str]) -> list[UnitOutcome]:
    """Send what these units have queued."""
    return send_units(context.desk(), numbers, told=context.progress)


def _line(base: Desk, number: str, period: Period) -> UnitLine:
    desk, unit = unit_desk(base, number)
    with desk.store.read():
        facts = step_facts(desk, unit, period)
        deadline = deadline_of(desk, unit, period)
        blocks = blocks_of(desk, unit, period, facts)
    end = certificate_end(unit)
    package = desk.policies_of(unit).package(unit.region)
    return UnitLine(
        number=unit.unit_number,
        name=unit.name,
        uscc=unit.uscc,
        region=package.region_name if package else unit.region,
        operator=unit.operator,
        centre=unit.centre_url,
        practice=unit.practice,
        steps=steps(facts),
        deadline=deadline.until if deadline else None,
        persons=facts.persons,
        waiting=waiting_count(desk.store, number),
        days=(end - desk.now()).days if end else None,
        blocks=blocks,
    )
