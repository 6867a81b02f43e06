"""What a clerk sees first: how far the month is, what is to be done next and where, and what surrounds it.

Built by a handful of queries that leave payloads and containers alone, so that it is there at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from unitclient.domain.period import Period
from unitclient.store import overview
from unitclient.store.declarations import Declaration
from unitclient.store.older import older
from unitclient.store.outbox import OutboxState
from unitclient.store.transport import Transport
from unitclient.store.units import Unit
from unitclient.sync.protocol import Acceptance
from unitclient.workflows.automatic_backup import automatic_state
from unitclient.workflows.calendar import Deadline, deadline_of
from unitclient.workflows.centre_clock import centre_offset, clock_error
from unitclient.workflows.desk import Desk
from unitclient.workflows.lines import MONTHLY
from unitclient.workflows.month_services import service_to_dos
from unitclient.workflows.month_steps import StepFacts, StepInfo, steps
from unitclient.workflows.month_to_dos import ToDo, ToDoFacts, to_dos
from unitclient.workflows.pen_state import known_pen
from unitclient.workflows.queue_state import QueueNeed, queue_need, queue_pace, queue_state
from unitclient.workflows.reviewing import review_required
from unitclient.workflows.safekeeping import last_backup
from unitclient.workflows.status import has_money, is_settled


@dataclass(frozen=True, slots=True)
class QueueCard:
    """The outbox at a glance: how many in each state, what the queue needs, and the latest attempt's outcome code."""

    counts: Mapping[OutboxState, int]
    need: QueueNeed
    last_at: datetime | None = None
    last_code: str = ""

    @property
    def total(self) -> int:
        """Everything that has no receipt yet."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class MonthState:
    """One unit and one month, at one moment by the centre's clock (`clock_known`: it was heard of)."""

    unit_name: str
    practice: bool
    period: Period
    now: datetime
    clock_known: bool
    deadline: Deadline | None
    steps: tuple[StepInfo, ...]
    to_dos: tuple[ToDo, ...]
    queue: QueueCard
    certificate_until: datetime | None
    backup_at: datetime | None
    """As `now`: by the centre's clock, however the computer's was set."""
    backup_age: timedelta | None
    delivered: bool
    """Whether the month's declaration has reached the centre and stands."""
    persons: int
    totals: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """Of the monthly declaration that counts now; empty before one is prepared."""


def month_state(desk: Desk, unit: Unit, period: Period) -> MonthState:
    """Everything of the dashboard but the trends."""
    with desk.store.read():
        everything = overview.pressing_briefs(desk.store, unit.unit_number, str(period))
        begun = overview.any_declaration(desk.store, unit.unit_number)
        facts = step_facts(desk, unit, period, everything)
        queue = queue_card(desk, unit)
        backup_at, automatic = last_backup(desk.store), automatic_state(desk.store)
        told_older = older(desk.store)
        deadline = deadline_of(desk, unit, period)
        services = service_to_dos(desk, unit, everything)
        clock_known = centre_offset(desk.store, unit.unit_number) is not None
        wrong_by, pen = clock_error(desk.store, unit), known_pen(desk.store, unit)
    now, certificate_until = desk.now(), certificate_end(unit)
    # What the journal says is by this computer's clock, and so is the age.
    backup_age = desk.store.now() - backup_at if backup_at else None
    infos = steps(facts)
    around = ToDoFacts(
        period=str(period),
        month=facts,
        steps=infos,
        everything=tuple(everything),
        begun=begun,
        unknown=queue.counts.get(OutboxState.UNKNOWN, 0),
        deadline=deadline,
        now=now,
        certificate_until=certificate_until,
        backup_age=backup_age,
        clock_error=wrong_by,
        pen=pen,
        backup_trouble=automatic.trouble,
        older=told_older if told_older and unit.unit_number in told_older.units else None,
        services=services,
    )
    return MonthState(
        unit_name=unit.name,
        practice=unit.practice,
        period=period,
        now=now,
        clock_known=clock_known,
        deadline=deadline,
        steps=infos,
        to_dos=to_dos(around),
        queue=queue,
        certificate_until=certificate_until,
        backup_at=now - backup_age if backup_age is not None else None,
        backup_age=backup_age,
        delivered=facts.monthly is not None and _stands(facts.monthly),
        persons=facts.persons,
        totals=facts.monthly.totals if facts.monthly else {},
    )


def _stands(known: Declaration) -> bool:
    return known.transport is Transport.DELIVERED and known.acceptance != Acceptance.RETURNED


def step_facts(desk: Desk, unit: Unit, period: Period, everything: list[Declaration] | None = None) -> StepFacts:
    """What the steps of a month are computed from. `everything` are the unit's briefs, when they were read before."""
    number = unit.unit_number
    known = overview.briefs(desk.store, number, str(period)) if everything is None else everything
    of_month = tuple(d for d in known if d.period == str(period) and d.transport is not Transport.WITHDRAWN)
    monthly = effective(of_month)
    effects = {form.id: form.effect for form in desk.catalog.forms.values()}
    done = monthly is not None and monthly.transport is Transport.DELIVERED and is_settled(desk, monthly)
    return StepFacts(
        effects=effects,
        persons=overview.active_persons(desk.store, number),
        waiting=overview.waiting_rows(desk.store, number, str(period)),
        refused=overview.refused_rows(desk.store, number, str(period + -1)),
        declarations=of_month,
        monthly=monthly,
        review_required=review_required(desk.store, number),
        nothing_due=done and monthly is not None and _no_debit(desk, monthly),
    )


def _no_debit(desk: Desk, monthly: Declaration) -> bool:
    """Of a settled declaration: whether it ended without money moving."""
    if monthly.acceptance not in (Acceptance.ACCEPTED, Acceptance.PARTLY):
        return False
    return monthly.money in (None, "assessed") or not has_money(monthly, desk.catalog)


def effective(declarations: tuple[Declaration, ...] | list[Declaration]) -> Declaration | None:
    """The monthly declaration that counts: the newest one that was neither withdrawn, voided nor replaced."""
    ended = (Acceptance.VOIDED, Acceptance.REPLACED)
    standing = [
        known
        for known in declarations
        if known.form == MONTHLY
        and known.kind != "void"
        and known.transport is not Transport.WITHDRAWN
        and known.acceptance not in ended
    ]
    return standing[-1] if standing else None


def queue_card(desk: Desk, unit: Unit) -> QueueCard:
    """The outbox of the unit at a glance; attempts are timed by this computer and told by the centre's clock."""
    entries = queue_state(desk, unit)
    counts: dict[OutboxState, int] = {}
    for entry in entries:
        counts[entry.state] = counts.get(entry.state, 0) + 1
    here, centre = desk.store.now(), desk.now()
    need = queue_need(entries, here, centre, queue_pace(desk))
    if need.waits_until is not None:
        need = replace(need, waits_until=need.waits_until + (centre - here))
    tried = [(entry.last_at + (centre - here), entry.last_code) for entry in entries if entry.last_at is not None]
    return QueueCard(counts, need, *max(tried, default=(None, "")))


def certificate_end(unit: Unit) -> datetime | None:
    """Until when the unit's certificate is valid, or None where none is known."""
    from cryptography import x509

    try:
        return x509.load_der_x509_certificate(unit.certificate_der).not_valid_after_utc
    except ValueError:
        return None
