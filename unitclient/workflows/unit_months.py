"""The month of many units side by side (月度矩阵): how far each step is, and what keeps each act from being done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from unitclient.domain.period import Period
from unitclient.errors import UserError
from unitclient.store.outbox import OutboxState
from unitclient.store.units import Unit
from unitclient.workflows.calendar import deadline_of
from unitclient.workflows.centre_clock import with_centre_clock
from unitclient.workflows.desk import Desk
from unitclient.workflows.many_keys import refuse_unready
from unitclient.workflows.many_units import nobody, passed
from unitclient.workflows.month_state import step_facts
from unitclient.workflows.month_steps import StepFacts, StepInfo, StepState, steps
from unitclient.workflows.prepare import refuse_declared
from unitclient.workflows.queue_state import MOVING, queue_state
from unitclient.workflows.unit_outcomes import chosen_units


class BatchAct(StrEnum):
    """What is done for many units at once."""

    PREPARE = "prepare"
    SIGN = "sign"
    SEND = "send"


@dataclass(frozen=True, slots=True)
class UnitMonth:
    """One unit's line of the matrix. `blocks` holds for each act why it cannot be done now; an act that can is absent.

    The deadline and everything else is by the clock of the unit's centre.
    """

    unit: Unit
    period: Period
    steps: tuple[StepInfo, ...]
    deadline: datetime | None
    blocks: Mapping[BatchAct, UserError]

    @property
    def at(self) -> StepInfo | None:
        """The first step that is not done: what the unit's month waits for; None at the end."""
        over = (StepState.DONE, StepState.OFF)
        return next((info for info in self.steps if info.state not in over), None)

    def to_json(self) -> dict[str, Any]:
        """For machines."""
        at = self.at
        return {
            "unit_number": self.unit.unit_number,
            "name": self.unit.name,
            "steps": {info.step.value: info.state.value for info in self.steps},
            "at": at.step.value if at else None,
            "deadline": self.deadline.isoformat() if self.deadline else None,
            "blocks": {act.value: refusal.code for act, refusal in self.blocks.items()},
        }


def unit_months(desk: Desk, period: Period | None = None) -> list[UnitMonth]:
    """Every unit of this computer, by name; without a period the month it is at the unit's centre."""
    return [_month(with_centre_clock(desk, unit), unit, period) for unit in chosen_units(desk)]


def _month(desk: Desk, unit: Unit, period: Period | None) -> UnitMonth:
    month = period or Period.of(desk.today())
    with desk.store.read():
        facts = step_facts(desk, unit, month)
        deadline = deadline_of(desk, unit, month)
        blocks = blocks_of(desk, unit, month, facts)
    return UnitMonth(unit, month, steps(facts), deadline.until if deadline else None, blocks)


def blocks_of(desk: Desk, unit: Unit, period: Period, facts: StepFacts) -> dict[BatchAct, UserError]:
    """What keeps each act from being done for a unit, without doing it; reads the database alone."""
    found = {
        BatchAct.PREPARE: _against_preparing(desk, unit, period, facts),
        BatchAct.SIGN: _against_signing(desk, unit),
        BatchAct.SEND: _against_sending(desk, unit),
    }
    return {act: refusal for act, refusal in found.items() if refusal is not None}


def _against_preparing(desk: Desk, unit: Unit, period: Period, facts: StepFacts) -> UserError | None:
    try:
        refuse_declared(desk, unit, period)
        desk.policy(unit, period)
    except UserError as refusal:
        return refusal
    if nobody(desk, unit, period, facts):
        return UserError("units-nobody", period=period)
    return UserError("units-reviewed", period=period) if passed(facts) else None


def _against_signing(desk: Desk, unit: Unit) -> UserError | None:
    try:
        refuse_unready(desk, unit)
    except UserError as refusal:
        return refusal
    return None


def _against_sending(desk: Desk, unit: Unit) -> UserError | None:
    waiting = queue_state(desk, unit)
    if not waiting:
        return UserError("units-unsent-none")
    parked = sum(entry.state is OutboxState.PARKED for entry in waiting)
    moves = any(entry.state in MOVING and not entry.waits_for for entry in waiting)
    return UserError("units-parked", count=parked) if parked and not moves else None
