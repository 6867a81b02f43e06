"""The month's state in words: what the workflows found, as the dashboard says it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from unitclient.desktop.pages.dashboard.state import DashboardState, DeadlineView, Fact, NextStep, TrendRow, Trends
from unitclient.desktop.pages.sign.words import day, moment, second, span, until
from unitclient.desktop.theme.tokens import State
from unitclient.desktop.widgets.stepper import StepView
from unitclient.desktop.widgets.todo import Note
from unitclient.texts import catalogue, say, say_outcome

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from unitclient.workflows.month_state import MonthState, QueueCard
    from unitclient.workflows.month_steps import StepInfo
    from unitclient.workflows.month_to_dos import ToDo
    from unitclient.workflows.pen_state import Pen
    from unitclient.workflows.trends import MonthPoint

_STEP_STATES = {
    "done": (State.OK, "✓"),
    "now": (State.INFO, ""),
    "waiting": (State.INFO, "…"),
    "trouble": (State.ERR, "×"),
    "later": (State.OFF, ""),
    "off": (State.OFF, "－"),
}
"""(state, sign) of a step; without a sign the step's number stands in the disc."""
_WEIGHTS = {0: State.ERR, 1: State.INFO, 2: State.WARN}
STEP_PAGES = {
    "people": "roster",
    "wages": "roster",
    "check": "review",
    "review": "review",
    "sign": "sign",
    "send": "queue",
    "assess": "records",
    "debit": "payments",
    "receipt": "payments",
}
"""The page a step is done or looked at on."""


def dashboard(told: MonthState, titles: Mapping[str, str]) -> DashboardState:
    """The state in words. `titles` are the forms' by their ids."""
    to_dos = tuple(to_do(one, place, titles) for place, one in enumerate(told.to_dos))
    return DashboardState(
        title=say("d-dash-title", year=told.period.year, month=told.period.month),
        deadline=_deadline(told),
        next=_next(told, to_dos),
        steps=tuple(_step(info, place) for place, info in enumerate(told.steps)),
        to_dos=to_dos,
        queue=_queue(told.queue),
        certificate=_certificate(told),
        backup=_backup(told),
    )


def _next(told: MonthState, to_dos: Sequence[Note]) -> NextStep:
    """The first to-do that is more than a notice."""
    pressing = (
        note for one, note in zip(told.to_dos, to_dos, strict=True) if _WEIGHTS[int(one.weight)] is not State.WARN
    )
    return next((NextStep(note.key, note.act) for note in pressing), NextStep("", ""))


def _deadline(told: MonthState) -> DeadlineView:
    pills: list[tuple[State, str]] = []
    if told.practice:
        pills.append((State.INFO, say("d-practice")))
    if told.deadline is None:
        return DeadlineView(None, say("d-deadline-none"), say("d-deadline-none-why"), tuple(pills))
    if told.deadline.computed:
        pills.append((State.WARN, say("d-deadline-computed")))
    line = say("d-deadline-line" if told.clock_known else "d-deadline-line-own", until=until(told.deadline.until))
    if told.deadline.computed or not told.deadline.notice:
        source = say("d-deadline-source-computed" if told.deadline.computed else "d-deadline-source-none")
    else:
        source = say("d-deadline-source", notice=told.deadline.notice)
    return DeadlineView(told.deadline.until, line, source, tuple(pills), met=told.delivered)


def _step(info: StepInfo, place: int) -> StepView:
    state, sign = _STEP_STATES[info.state.value]
    note = say(f"d-step-{info.note}", **info.params)
    return StepView(
        info.step.value,
        say(f"d-step-title-{info.step.value}"),
        state,
        sign or str(place + 1),
        say(f"d-step-state-{info.state.value}"),
        note,
        strong=info.state.value == "now",
    )


def to_do(told: ToDo, place: int, titles: Mapping[str, str]) -> Note:
    """A to-do as a note; its key is its place."""
    params = dict(told.params)
    if "form" in params:
        params["form"] = titles.get(str(params["form"]), str(params["form"]))
    state = _WEIGHTS[int(told.weight)]
    detail = f"d-todo-{told.code}-why"
    return Note(
        str(place),
        state,
        say(f"d-todo-weight-{int(told.weight)}"),
        say(f"d-todo-{told.code}", **params),
        say(detail, **params) if detail in catalogue()["text"] else "",
        say(f"d-todo-{told.code}-act"),
    )


def _queue(card: QueueCard) -> Fact:
    counts = {state.value: count for state, count in card.counts.items()}
    if not card.total:
        return Fact(State.OK, say("d-dash-queue-empty-word"), say("d-dash-queue-empty"))
    parts = [
        say(f"d-dash-queue-{state}", count=counts[state])
        for state in ("queued", "sending", "unknown", "parked")
        if counts.get(state)
    ]
    state = State.ERR if counts.get("parked") else State.WARN if counts.get("unknown") else State.INFO
    if len(parts) == 1:
        return Fact(state, parts[0], "", _queue_detail(card))
    return Fact(state, say("d-dash-queue-word", count=card.total), say("d-dash-comma").join(parts), _queue_detail(card))


def _queue_detail(card: QueueCard) -> str:
    lines = []
    if card.need.count:
        needed = span(card.need.needed)
        late = card.need.slack is not None and card.need.slack < timedelta()
        lines.append(say("d-dash-queue-need-late" if late else "d-dash-queue-need", needed=needed))
    if card.need.waits_until is not None:
        lines.append(say("d-dash-queue-next", at=second(card.need.waits_until)))
    if card.last_at is not None and card.last_code:
        lines.append(say("d-dash-queue-last", at=moment(card.last_at), outcome=say_outcome(card.last_code)))
    return "\n".join(lines)


def _certificate(told: MonthState) -> Fact:
    if told.certificate_until is None:
        return Fact(State.OFF, say("d-dash-cert-none-word"), say("d-dash-cert-none"))
    days = (told.certificate_until - told.now).days
    valid = say("d-dash-cert-until", until=day(told.certificate_until))
    if days < 0:
        return Fact(State.ERR, say("d-dash-cert-over-word"), valid)
    state = State.ERR if days < 7 else State.WARN if days < 60 else State.OK
    return Fact(state, say("d-dash-cert-word", days=days), valid)


def _backup(told: MonthState) -> Fact:
    if told.backup_at is None or told.backup_age is None:
        return Fact(State.WARN, say("d-dash-backup-never-word"), say("d-dash-backup-never"))
    days = told.backup_age.days
    word = say("d-dash-backup-today") if days < 1 else say("d-dash-backup-word", days=days)
    return Fact(State.WARN if days >= 7 else State.OK, word, say("d-dash-backup-at", at=moment(told.backup_at)))


def trends_of(points: Sequence[MonthPoint]) -> Trends:
    """The months with their amounts side by side; insurances in the order of the domain."""
    from unitclient.domain.insurance import Insurance

    used = {name for point in points for name in point.totals}
    known = [word.value for word in Insurance if word.value in used]
    insurances = (*known, *sorted(used - set(known)))
    rows = tuple(
        TrendRow(
            str(point.period),
            point.persons,
            tuple(point.totals.get(name, 0) for name in insurances),
            sum(point.totals.values()),
            point.sent,
        )
        for point in points
    )
    return Trends(insurances, rows)


def pen_word(pen: Pen) -> str:
    """Who writes now."""
    if pen.mine:
        return say("pen-mine")
    if not pen.holder:
        return say("pen-free")
    return say("pen-asked-for" if pen.may_take_at else "pen-held", holder=pen.holder)
