"""Send what is due and fetch feedback, once or until everything is settled. Works after any time off line."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from unitclient.store.declarations import Declaration, Event, events
from unitclient.store.outbox import OutboxState
from unitclient.store.overview import briefs
from unitclient.store.queue_view import queue_entries
from unitclient.store.transport import Transport
from unitclient.store.units import Unit
from unitclient.sync.engine import Engine
from unitclient.sync.outcomes import NotSent, OutcomeUnknown, ProblemAnswer
from unitclient.sync.reading import NotBelieved
from unitclient.sync.retry import Attempt, Outcome
from unitclient.workflows.calendar import Deadline
from unitclient.workflows.centre import centre_refusals, open_engine
from unitclient.workflows.countdown import deadlines_about_now, moved_deadlines
from unitclient.workflows.desk import Desk
from unitclient.workflows.pen import settle_pen
from unitclient.workflows.revocation import refresh_lists
from unitclient.workflows.rights import needs
from unitclient.workflows.status import is_settled
from unitclient.workflows.watching import ask_watched

Told = Callable[[Declaration, Event], None]
"""Told of every step of every declaration, in order; the declaration comes without its payload."""
LONG_POLL_S = 2
PAUSE_S = 0.3
NEEDS_A_CLERK = frozenset({"device-required", "device-revoked", "signature-refused", "not-your-unit"})
"""Refusals of reading that no waiting mends: this computer must be enrolled again."""


@dataclass(slots=True)
class SyncResult:
    """What a sync did: outcome of every submission tried, number of changes read, and whether all is settled.

    `trouble` is the code of what kept us from reading feedback, "" when it was read. `moved` are deadlines that a
    notice set anew (顺延).
    `trouble` is the code of what kept us from reading feedback, "" when it was read. `watched` are the watched queries
    whose answer changed.
    """

    tried: dict[str, Attempt] = field(default_factory=dict)
    changes: int = 0
    settled: bool = False
    trouble: str = ""
    moved: tuple[Deadline, ...] = ()
    watched: list[str] = field(default_factory=list)

    def delivered(self) -> int:
        """Submissions with a receipt from this run."""
        return sum(attempt.outcome is Outcome.DELIVERED for attempt in self.tried.values())

    def to_json(self) -> dict[str, Any]:
        """For machines."""
        return {
            "sent": self.delivered(),
            "tried": {name: {"outcome": a.outcome.value, "code": a.code} for name, a in self.tried.items()},
            "changes": self.changes,
            "settled": self.settled,
            "trouble": self.trouble,
            "deadlines_moved": [
                {"period": str(one.period), "until": one.until.isoformat(), "notice": one.notice} for one in self.moved
            ],
            "watched": self.watched,
        }


@needs("send")
def sync_once(desk: Desk, unit: Unit) -> SyncResult:
    """One round: recover, send, fetch. UserError when the centre cannot be read at all."""
    result, before = SyncResult(), deadlines_about_now(desk, unit)
    with open_engine(desk, unit) as engine:
        engine.recover()
        _finish(desk, engine, unit, result, answers=_round(desk, engine, unit, result, 0))
    if not result.trouble:
        result.watched = ask_watched(desk, unit)
    result.settled = all_settled(desk, unit)
    result.moved = moved_deadlines(before, deadlines_about_now(desk, unit))
    return result


@needs("send")
def sync_until_settled(
    desk: Desk,
    unit: Unit,
    limit_s: float,
    told: Told = lambda _known, _event: None,
    sleep: Callable[[float], None] = time.sleep,
) -> SyncResult:
    """Rounds until nothing more is to be expected, or the time is over."""
    result, before = SyncResult(), deadlines_about_now(desk, unit)
    seen = {known.id: len(events(desk.store, known.id)) for known in _moving(desk, unit)}
    end = time.monotonic() + limit_s
    with open_engine(desk, unit) as engine:
        engine.recover()
        wait_s = 0
        while True:
            answers = _round(desk, engine, unit, result, wait_s)
            wait_s = LONG_POLL_S if _awaits_centre(desk, unit) else 0
            _tell(desk, unit, seen, told)
            result.settled = all_settled(desk, unit)
            if result.settled or result.trouble in NEEDS_A_CLERK or time.monotonic() > end:
                break
            sleep(PAUSE_S if not result.trouble else 1.0)
        _finish(desk, engine, unit, result, answers=answers)
    result.moved = moved_deadlines(before, deadlines_about_now(desk, unit))
    if not result.trouble:
        result.watched = ask_watched(desk, unit)
    return result


def _awaits_centre(desk: Desk, unit: Unit) -> bool:
    """Whether the next step is the centre's, so that it is worth waiting for its word."""
    found = briefs(desk.store, unit.unit_number)
    return any(known.transport is Transport.DELIVERED and not is_settled(desk, known) for known in found)


def _round(desk: Desk, engine: Engine, unit: Unit, result: SyncResult, wait_s: int) -> bool:
    """Send and fetch once; whether the centre answered at all."""
    result.tried.update(engine.send_due())
    result.trouble = ""
    try:
        result.changes += engine.fetch(wait_s)
    except (NotSent, OutcomeUnknown, NotBelieved) as failure:
        result.trouble = failure.code
        return False
    except ProblemAnswer as answer:
        result.trouble = answer.problem.code
    return True


def _finish(desk: Desk, engine: Engine, unit: Unit, result: SyncResult, *, answers: bool) -> None:
    """Read what is public and seldom changes. The revocation list also when the centre refuses us: it may say why."""
    if answers:
        refresh_lists(desk, unit, engine.client)
    if not result.trouble:
        settle_pen(desk, unit, engine)
        with centre_refusals(unit):
            engine.refresh()


def _moving(desk: Desk, unit: Unit) -> list[Declaration]:
    """What is on its way; payloads left out, because this is looked at again and again."""
    return [known for known in briefs(desk.store, unit.unit_number) if known.transport in _ON_THE_WAY]


_ON_THE_WAY = frozenset(Transport) - {Transport.DRAFT, Transport.CHECKED, Transport.REVIEWED, Transport.WITHDRAWN}


def _tell(desk: Desk, unit: Unit, seen: dict[str, int], told: Told) -> None:
    for known in _moving(desk, unit):
        history = events(desk.store, known.id)
        for event in history[seen.get(known.id, 0) :]:
            told(known, event)
        seen[known.id] = len(history)


def all_settled(desk: Desk, unit: Unit) -> bool:
    """Whether every signed declaration of the unit has come to its end, or waits for an act of ours."""
    if any(row.state is OutboxState.UNKNOWN for row in queue_entries(desk.store, unit.unit_number, ended=False)):
        return False
    moving = _moving(desk, unit)
    stuck = _behind_parked(moving)
    return all(known.id in stuck or is_settled(desk, known) for known in moving)


def _behind_parked(moving: list[Declaration]) -> set[str]:
    """Parked declarations, and those that wait for one: nothing moves them but a clerk."""
    stuck = {known.id for known in moving if known.transport is Transport.PARKED}
    while more := {known.id for known in moving if stuck.intersection(known.requires)} - stuck:
        stuck |= more
    return stuck
