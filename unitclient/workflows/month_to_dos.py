"""To-dos (待办) of a unit: what somebody must do or look at, most pressing first, each with the page it is done on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum

from unitclient.domain.roster import ChangeKind
from unitclient.store.declarations import Declaration
from unitclient.store.older import Older
from unitclient.store.transport import Transport
from unitclient.sync.protocol import Acceptance, Money
from unitclient.workflows.calendar import Deadline
from unitclient.workflows.certificate_notices import STEPS
from unitclient.workflows.month_steps import UNSIGNED, Step, StepFacts, StepInfo, StepState
from unitclient.workflows.pen_state import Pen

BACKUP_EVERY = timedelta(days=7)
NEAR = timedelta(days=3)
"""From how long before the deadline on it is named among the to-dos."""


class Weight(IntEnum):
    """How pressing a to-do is."""

    TROUBLE = 0
    NOW = 1
    NOTICE = 2


@dataclass(frozen=True, slots=True)
class ToDo:
    """One to-do. Its words are the texts `d-todo-<code>` and `d-todo-<code>-act`, filled with `params`.

    `page` and `target` say where it is done. `act` is a code for what the dashboard does by itself instead.
    """

    code: str
    weight: Weight
    page: str
    target: Mapping[str, str] = field(default_factory=dict)
    params: Mapping[str, object] = field(default_factory=dict)
    act: str = ""


@dataclass(frozen=True, slots=True)
class ToDoFacts:
    """What the to-dos are found from."""

    period: str
    month: StepFacts
    steps: tuple[StepInfo, ...]
    everything: tuple[Declaration, ...]
    """Declarations of the month, and of every month that has trouble; payloads left out."""
    begun: bool
    """Whether the unit has declared anything at all."""
    unknown: int
    deadline: Deadline | None
    now: datetime
    certificate_until: datetime | None
    backup_age: timedelta | None
    """None when there was never a backup."""
    clock_error: timedelta | None = None
    """By how much this computer's clock is slow (`centre_clock.clock_error`)."""
    pen: Pen | None = None
    """Which computer of the unit writes; None where that is of no interest."""
    backup_trouble: str = ""
    """The code with which the last automatic backup was refused."""
    older: Older | None = None
    """Why this database is older than it was, until the centre was asked."""
    services: tuple[ToDo, ...] = ()
    """What is not of the month: appointments and answers (`month_services`)."""

    def step(self, wanted: Step) -> StepInfo:
        """One of the steps."""
        return next(info for info in self.steps if info.step is wanted)


def to_dos(facts: ToDoFacts) -> tuple[ToDo, ...]:
    """All to-dos, the most pressing first; within a weight in the order of the month's walk."""
    found = [
        *_late(facts),
        *_older(facts),
        *_troubled(facts.everything),
        *_refused(facts.month),
        *_reading(facts),
        *_next_steps(facts),
        *facts.services,
        *_unknown(facts),
        *_clock(facts),
        *_pen_asked(facts),
        *_certificate(facts),
        *_backup(facts),
    ]
    return tuple(sorted(found, key=lambda one: one.weight))


def _late(facts: ToDoFacts) -> Iterator[ToDo]:
    """The deadline is near or over, and the month has not reached the centre."""
    monthly = facts.month.monthly
    if facts.deadline is None or (monthly is not None and monthly.transport is Transport.DELIVERED):
        return
    left = facts.deadline.until - facts.now
    page = "review" if monthly is None else "sign" if monthly.transport in UNSIGNED else "queue"
    params = {"period": facts.deadline.period, "days": max(abs(left).days, 1)}
    if left < timedelta():
        yield ToDo("deadline-over", Weight.TROUBLE, page, params=params)
    elif left < NEAR:
        yield ToDo("deadline-near", Weight.TROUBLE, page, params=params)


def _troubled(everything: tuple[Declaration, ...]) -> Iterator[ToDo]:
    """Parked, returned and unpaid declarations of any month, until something newer takes their place."""
    newest: dict[tuple[str, str], str] = {}
    for known in everything:
        if known.kind != "void" and known.transport is not Transport.WITHDRAWN:
            newest[known.form, known.period] = known.id
    for known in everything:
        where = {"declaration": known.id, "period": known.period}
        params = {"form": known.form, "period": known.period, "count": known.row_count}
        if known.transport is Transport.PARKED:
            yield ToDo("parked", Weight.TROUBLE, "queue", where, params)
        elif known.acceptance == Acceptance.RETURNED and newest.get((known.form, known.period)) == known.id:
            yield ToDo("returned", Weight.TROUBLE, "records", where, params)
        elif known.money == Money.DEBIT_FAILED and known.acceptance not in (Acceptance.VOIDED, Acceptance.REPLACED):
            yield ToDo("debit-failed", Weight.TROUBLE, "payments", where, params)
        elif known.money == Money.REFUND_FAILED and newest.get((known.form, known.period)) == known.id:
            yield ToDo("refund-failed", Weight.TROUBLE, "records", where, params)


def _refused(month: StepFacts) -> Iterator[ToDo]:
    for form, rows in sorted(month.refused.items()):
        yield ToDo("refused", Weight.TROUBLE, "business", {"form": form, "filter": "state:refused"},
                   {"form": form, "count": rows})  # fmt: skip


def _next_steps(facts: ToDoFacts) -> Iterator[ToDo]:
    """What the month asks for next."""
    period = facts.period
    if facts.step(Step.PEOPLE).note == "people-none":
        yield ToDo("people", Weight.NOW, "business", {"form": _enrol_form(facts.month)})
        return
    check, review, sign = facts.step(Step.CHECK), facts.step(Step.REVIEW), facts.step(Step.SIGN)
    where = {"period": period}
    if check.state is StepState.NOW:
        code = "check" if facts.month.monthly is None else "check-stale"
        yield ToDo(code, Weight.NOW, "review", where, {"count": facts.month.left_out, "period": period})
    elif facts.month.left_out and facts.month.monthly is not None:
        yield ToDo("rows-after", Weight.NOW, "review", where, {"count": facts.month.left_out, "period": period})
    if review.state is StepState.TROUBLE:
        yield ToDo("review-back", Weight.TROUBLE, "review", where, {"period": period})
    elif review.state is StepState.NOW:
        yield ToDo("review", Weight.NOW, "review", where, review.params)
    if sign.state is StepState.NOW:
        yield ToDo("sign", Weight.NOW, "sign", where, sign.params)


def _enrol_form(month: StepFacts) -> str:
    return next((form for form, effect in sorted(month.effects.items()) if effect is ChangeKind.ENROL), "")


def _unknown(facts: ToDoFacts) -> Iterator[ToDo]:
    if facts.unknown:
        yield ToDo("unknown", Weight.NOTICE, "queue", params={"count": facts.unknown})


def _clock(facts: ToDoFacts) -> Iterator[ToDo]:
    """The computer's clock is wrong: the program goes by the centre's, the person by what stands on the screen."""
    if facts.clock_error is not None:
        minutes = round(abs(facts.clock_error).total_seconds() / 60)
        code = "clock-slow" if facts.clock_error > timedelta() else "clock-fast"
        yield ToDo(code, Weight.NOTICE, "diagnostics", params={"minutes": minutes})


def _reading(facts: ToDoFacts) -> Iterator[ToDo]:
    """Another computer of the unit writes: before anything else it must be asked. The acts are `pen.move_pen`'s."""
    if facts.pen is None or not facts.pen.elsewhere(facts.now):
        return
    params, asked = {"name": facts.pen.holder}, facts.pen.may_take_at
    if asked is None:
        yield ToDo("pen-elsewhere", Weight.NOW, "", params=params, act="pen-ask")
    elif asked <= facts.now:
        yield ToDo("pen-unanswered", Weight.NOW, "", params=params, act="pen-take")
    else:
        yield ToDo("pen-waiting", Weight.NOTICE, "", params=params, act="pen-")


def _pen_asked(facts: ToDoFacts) -> Iterator[ToDo]:
    """Another computer asks for the pen."""
    if facts.pen is not None and facts.pen.mine and facts.pen.asked_by:
        yield ToDo("pen-asked", Weight.NOW, "", params={"name": facts.pen.asked_by}, act="pen-give")


def _certificate(facts: ToDoFacts) -> Iterator[ToDo]:
    if facts.certificate_until is None:
        return
    days = (facts.certificate_until - facts.now).days
    params = {"days": max(days, 0), "until": facts.certificate_until.date()}
    notice, task, trouble, last = STEPS
    if days < 0:
        yield ToDo("certificate-over", Weight.TROUBLE, "keys", params=params)
    elif days < last:
        yield ToDo("certificate-last-day", Weight.TROUBLE, "keys", params=params)
    elif days < notice:
        weight = Weight.TROUBLE if days < trouble else Weight.NOW if days < task else Weight.NOTICE
        yield ToDo("certificate", weight, "keys", params=params)


def _older(facts: ToDoFacts) -> Iterator[ToDo]:
    """Restored, or its log was lost: first the centre is asked what happened since."""
    if facts.older is not None:
        params = {"count": facts.older.missing, "file": facts.older.kept}
        yield ToDo(f"older-{facts.older.why}", Weight.TROUBLE, "queue", params=params)


def _backup(facts: ToDoFacts) -> Iterator[ToDo]:
    if facts.backup_trouble:
        yield ToDo("backup-failed", Weight.NOW, "", act="backup")
    if facts.backup_age is None:
        if facts.begun:
            yield ToDo("backup-never", Weight.NOTICE, "", act="backup")
    elif facts.backup_age > BACKUP_EVERY:
        yield ToDo("backup-old", Weight.NOTICE, "", params={"days": facts.backup_age.days}, act="backup")
