"""The queue's table and words: a submission as a row, what it waits for, and what the queue needs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from unitclient.desktop.models.columns import ColumnSpec, Kind
from unitclient.desktop.models.rows import MARKS
from unitclient.desktop.pages.queue.state import QueueState
from unitclient.desktop.pages.sign.words import moment, named, second, span, titled, track_mark, track_word, until
from unitclient.desktop.theme.tokens import State
from unitclient.store.outbox import OutboxState
from unitclient.store.queue_view import QueueEntry
from unitclient.texts import say, say_outcome
from unitclient.workflows.calendar import Deadline
from unitclient.workflows.queue_state import MOVING, QueueNeed

TIGHT = timedelta(hours=2)
"""Less slack than this before a deadline is a warning."""
TRIES_SHOWN = 5
COLUMNS = (
    ColumnSpec("state", "state", Kind.STATE, 19),
    ColumnSpec("form", "form-title", width=14),
    ColumnSpec("period", "period", Kind.MONTH, 8),
    ColumnSpec("attempts", "attempts", Kind.COUNT, 6),
    ColumnSpec("next_at", "d-col-next", Kind.DATE, 16),
    ColumnSpec("last", "d-col-last", width=29),
    ColumnSpec("deadline", "d-col-deadline", Kind.DATE, 16),
    ColumnSpec("total_fen", "sum", Kind.MONEY, 12),
    ColumnSpec("queued_at", "d-col-queued", Kind.DATE, 16),
)


def table_row(entry: QueueEntry, state: QueueState) -> dict[str, Any]:
    """A submission as a row. Unknown is shown as unknown."""
    return {
        "id": entry.submission_id,
        "state": track_word("transport", entry.state.value),
        "form": titled(state.title(entry.form), entry.kind),
        "period": entry.period,
        "attempts": entry.attempts,
        "next_at": next_word(entry, state),
        "last": last_word(entry),
        "deadline": until(entry.deadline) if entry.deadline and entry.state in MOVING else None,
        "total_fen": entry.total_fen or None,
        "queued_at": moment(entry.queued_at),
        MARKS: {"state": track_mark("transport", entry.state.value, _reason(entry))},
    }


def next_word(entry: QueueEntry, state: QueueState) -> str | None:
    """When it is tried next, or what it waits for."""
    if entry.state not in MOVING:
        return None
    if entry.waits_for:
        first = state.name_of(entry.waits_for[0])
        return say("d-queue-after", name=state.title(first.form)) if first else say("d-queue-after-other")
    return moment(entry.next_at) if entry.next_at else None


def last_word(entry: QueueEntry) -> str:
    """The last answer in words."""
    if not entry.last_code:
        return "" if entry.state is not OutboxState.DELIVERED else say("d-note-receipt")
    return say_outcome(entry.last_code)


def _reason(entry: QueueEntry) -> str:
    if entry.state is OutboxState.UNKNOWN:
        return say("d-queue-unknown-why")
    return last_word(entry) if entry.state is OutboxState.PARKED else ""


def strip_text(entry: QueueEntry, state: QueueState) -> str:
    """Everything about the submission in front, with its attempts, the newest first."""
    name = named(state.title(entry.form), entry.period, entry.kind)
    lines = [say("d-queue-strip", name=name, sha256=entry.sha256, size=f"{entry.size:,}", id=entry.submission_id)]
    if entry.state is OutboxState.UNKNOWN:
        lines.append(say("d-queue-unknown-why"))
    if entry.state is OutboxState.PARKED:
        lines.append(say("d-queue-parked-fix", reason=last_word(entry)))
    waits = [other for other in map(state.name_of, entry.waits_for) if other]
    if waits and entry.state in MOVING:
        names = "、".join(named(state.title(other.form), other.period, other.kind) for other in waits)
        lines.append(say("d-queue-waits", names=names))
    newest = tuple(reversed(state.tries))
    lines += [say("d-queue-try", at=second(one.at), answer=say_outcome(one.code)) for one in newest[:TRIES_SHOWN]]
    if len(newest) > TRIES_SHOWN:
        lines.append(say("d-queue-tries-more", count=len(newest)))
    return "\n".join(lines)


def need_words(need: QueueNeed) -> tuple[State, str, str]:
    """(state, headline, sentence) of what the queue needs before the deadline. Times are estimates (推算)."""
    if not need.count and not need.parked:
        return State.OK, say("d-need-none"), say("d-need-none-why")
    if not need.count:
        return State.ERR, say("d-need-parked", count=need.parked), say("d-need-parked-why")
    head = say("d-need", count=need.count, needed=span(need.needed))
    state, why = _in_time(need)
    return (
        state,
        head,
        why + (say("d-need-measured", count=need.measured) if need.measured else say("d-need-estimated")),
    )


def _in_time(need: QueueNeed) -> tuple[State, str]:
    if need.deadline is None or need.slack is None:
        return State.INFO, say("d-need-no-deadline")
    if need.over:
        return State.ERR, say("d-need-over", deadline=until(need.deadline))
    if need.slack < timedelta():
        return State.ERR, say("d-need-late", deadline=until(need.deadline))
    state = State.WARN if need.slack < TIGHT else State.INFO
    return state, say("d-need-slack", deadline=until(need.deadline), slack=span(need.slack))


def moved_word(deadline: Deadline) -> str:
    """A deadline that a notice moved."""
    told = say("deadline-moved", period=deadline.period, until=until(deadline.until))
    return told + (say("countdown-notice", notice=deadline.notice) if deadline.notice else "")
