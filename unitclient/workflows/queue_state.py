"""The outbox as people look at it: what waits for what, what was answered, and whether it is in time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from unitclient.domain.sending import Pace, Queued, pace_of, sending_order, time_needed
from unitclient.store.attempts import Attempt, attempts, measured
from unitclient.store.outbox import OutboxState
from unitclient.store.queue_view import QueueEntry, queue_entries
from unitclient.store.units import Unit
from unitclient.workflows.desk import Desk

MOVING = (OutboxState.QUEUED, OutboxState.SENDING, OutboxState.UNKNOWN)
"""What the program works on by itself."""
OPEN = (*MOVING, OutboxState.PARKED)
"""What is not at its end."""
_ESTIMATE = Pace()


@dataclass(frozen=True, slots=True)
class QueueNeed:
    """What the queue still needs. `needed` is computed from the last submissions' times (`measured` of them; 0: an
    estimate for a slow line); `deadline` the nearest one of what waits.

    `waits_until` is when the last of them may be tried next, `slack` the time left after the work (negative: too late);
    both None where nothing waits or no deadline is known.
    """

    count: int
    parked: int
    size: int
    needed: timedelta
    deadline: datetime | None
    waits_until: datetime | None
    slack: timedelta | None
    over: bool = False
    """The deadline has passed already."""
    measured: int = 0


def queue_state(desk: Desk, unit: Unit, *, ended: bool = False) -> list[QueueEntry]:
    """What is not at its end: what a person must look at, then the rest as it is sent.

    With `ended` everything that ever was queued, the newest last.
    """
    found = queue_entries(desk.store, unit.unit_number, ended=ended)
    known = {entry.submission_id: entry for entry in found}
    order = sending_order(_queued(entry) for entry in found if entry.state in MOVING)
    parked = [entry for entry in found if entry.state is OutboxState.PARKED]
    waiting = [*sorted(parked, key=_urgency), *(known[name] for name in order)]
    return [*waiting, *(entry for entry in found if entry.state not in OPEN)] if ended else waiting


def _queued(entry: QueueEntry) -> Queued:
    return Queued(entry.submission_id, entry.deadline, entry.total_fen, entry.queued_at, entry.waits_for)


def _urgency(entry: QueueEntry) -> tuple[bool, float, str]:
    until = entry.deadline.timestamp() if entry.deadline else 0.0
    return entry.deadline is None, until, entry.submission_id


def queue_pace(desk: Desk) -> Pace:
    """How quickly submissions were sent from this computer lately."""
    return pace_of(measured(desk.store))


def queue_need(entries: Iterable[QueueEntry], here: datetime, centre: datetime, pace: Pace = _ESTIMATE) -> QueueNeed:
    """How long what waits needs, and whether that is before its deadline. Pure.

    `here` is this computer's time, by which the next try is set; `centre` the centre's, by which deadlines count.
    """
    told = list(entries)
    moving = [entry for entry in told if entry.state in MOVING]
    size = sum(entry.size for entry in moving)
    needed = timedelta(seconds=ceil(time_needed([entry.size for entry in moving], pace).total_seconds()))
    deadline = min((entry.deadline for entry in moving if entry.deadline), default=None)
    next_at = max((entry.next_at for entry in moving if entry.next_at), default=None)
    wait = max(next_at - here, timedelta()) if next_at else timedelta()
    slack = deadline - (centre + wait + needed) if deadline else None
    parked = sum(entry.state is OutboxState.PARKED for entry in told)
    over = deadline is not None and deadline <= centre
    return QueueNeed(len(moving), parked, size, needed, deadline, next_at, slack, over, pace.measured)


def tries_of(desk: Desk, submission_id: str) -> list[Attempt]:
    """Every attempt to send it, oldest first: what is shown when the centre was out before a deadline."""
    return attempts(desk.store, submission_id)


def next_due(desk: Desk, now: datetime) -> datetime | None:
    """When something of any unit may be tried next; None when nothing waits for the program."""
    times = [
        entry.next_at for entry in queue_entries(desk.store, ended=False) if entry.state in MOVING and entry.next_at
    ]
    return max(min(times), now) if times else None
