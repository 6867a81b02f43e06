"""One act for many units (代理机构): prepare, send; signing is `many_keys`. No unit holds up another.

Each unit lives by the clock of its own centre, and what came of it is a value (`unit_outcomes`).
"""

from __future__ import annotations

from collections.abc import Sequence

from unitclient.domain.period import Period
from unitclient.errors import UserError
from unitclient.store.overview import active_persons, waiting_rows
from unitclient.store.transport import Transport
from unitclient.store.units import Unit
from unitclient.texts import say_cause, say_outcome
from unitclient.workflows.desk import Count, Desk, no_count
from unitclient.workflows.month_state import step_facts
from unitclient.workflows.month_steps import StepFacts
from unitclient.workflows.prepare import prepare_month, refuse_declared
from unitclient.workflows.queue_state import queue_state
from unitclient.workflows.queueing import retry_unreached
from unitclient.workflows.syncing import NEEDS_A_CLERK, SyncResult, sync_once
from unitclient.workflows.unit_outcomes import UnitOutcome, chosen_units, each


def prepare_units(
    desk: Desk, period: Period, numbers: Sequence[str] = (), *, told: Count = no_count
) -> list[UnitOutcome]:
    """Prepare a month for each unit.

    Nothing is prepared for a unit with nobody insured and nothing pending (units-nobody), nor anew where the review has
    passed what is prepared and no row came since (units-reviewed); else the refusals of `prepare_month`.
    """

    def act(own: Desk, unit: Unit) -> int:
        _refuse_needless(own, unit, period)
        return prepare_month(own, unit, period).persons

    return each(desk, chosen_units(desk, numbers), act, told)


def _refuse_needless(desk: Desk, unit: Unit, period: Period) -> None:
    refuse_declared(desk, unit, period)
    facts = step_facts(desk, unit, period)
    if nobody(desk, unit, period, facts):
        raise UserError("units-nobody", period=period)
    if passed(facts):
        raise UserError("units-reviewed", period=period)


def nobody(desk: Desk, unit: Unit, period: Period, facts: StepFacts) -> bool:
    """Whether a month has nobody to declare: nobody insured, nothing pending, nothing prepared."""
    number = unit.unit_number
    return not (active_persons(desk.store, number) or waiting_rows(desk.store, number, str(period)) or facts.unsigned)


def passed(facts: StepFacts) -> bool:
    """Whether what is prepared has passed its review and holds every row: to prepare it anew would lose the review."""
    reviewed = any(known.transport is Transport.REVIEWED for known in facts.unsigned)
    back = any(known.transport is Transport.DRAFT for known in facts.unsigned)
    return reviewed and not back and not facts.left_out


def send_units(desk: Desk, numbers: Sequence[str] = (), *, told: Count = no_count) -> list[UnitOutcome]:
    """Send what is queued of each unit and fetch what its centre says.

    Refusals: units-unsent-none, centre-unreachable, centre-refused, units-not-sent (why the last one was not taken).
    """
    return each(desk, chosen_units(desk, numbers), _send, told)


def _send(desk: Desk, unit: Unit) -> int:
    if not queue_state(desk, unit):
        raise UserError("units-unsent-none")
    retry_unreached(desk, unit)
    result = sync_once(desk, unit)
    _refuse_trouble(unit, result)
    left = queue_state(desk, unit)
    if left:
        code = next((entry.last_code for entry in left if entry.last_code), "")
        raise UserError("units-not-sent", count=len(left), reason=say_outcome(code))
    return result.delivered()


def _refuse_trouble(unit: Unit, result: SyncResult) -> None:
    if not result.trouble:
        return
    if result.trouble in NEEDS_A_CLERK:
        raise UserError("centre-refused", reason=say_outcome(result.trouble))
    raise UserError("centre-unreachable", url=unit.centre_url, reason=say_cause(result.trouble))
