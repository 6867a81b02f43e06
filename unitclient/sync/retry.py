"""When a submission is tried again: one table, a pure function of time, tries, the deadline and the centre's hint.

Back-off doubles from 5 seconds, full jitter (a random wait in the upper half), never longer than 10 minutes nor than a
quarter of the time left to the deadline, and never sooner than the centre's Retry-After asks. Where the centre gives a
slot, the try falls into it. A submission is never given up by itself: after the deadline it is still sent, since late
is better than lost.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from random import Random

from unitclient.clock import Clock

FIRST_WAIT = timedelta(seconds=5)
LONGEST_WAIT = timedelta(minutes=10)
SHORTEST_WAIT = timedelta(seconds=2)
SPREAD, SPREAD_NEAR = 0.5, 0.1
"""How much later than asked one comes back at most, as a part of what was asked: who was sent away together must not
return together. The smaller one where the deadline is near."""
_FAR = 8
"""The deadline is far when there is so many times left of what was asked."""


class Outcome(StrEnum):
    """What became of one try, decided in one place (`outcome_of`)."""

    DELIVERED = "delivered"
    """A verified receipt is here."""
    NOT_SENT = "not-sent"
    """Nothing reached the centre: no route, refused, TLS failed. Back to the queue."""
    UNKNOWN = "unknown"
    """Bytes went out and no verified answer came back. Ask for the receipt first, then send the same bytes."""
    LATER = "later"
    """The centre asked to come again (503, 429, ...). Same bytes, same id."""
    REFUSED = "refused"
    """The centre refused these bytes for good. Parked until a person decides."""


STATE_AFTER = {
    Outcome.DELIVERED: "delivered",
    Outcome.NOT_SENT: "queued",
    Outcome.UNKNOWN: "unknown",
    Outcome.LATER: "queued",
    Outcome.REFUSED: "parked",
}
"""Outbox state after each outcome."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One finished try: its outcome, the code that names the cause, and what the centre asked for.

    `retry_after_s` is its Retry-After, `slot` the first and last moment of the time it set aside, by our clock.
    """

    outcome: Outcome
    code: str = ""
    retry_after_s: int | None = None
    slot: tuple[datetime, datetime] | None = None


def next_try(attempt: Attempt, attempts: int, now: datetime, deadline: datetime | None, rng: Random) -> datetime:
    """When to try again after `attempts` tries (the one just finished included)."""
    if attempt.slot is not None and attempt.slot[1] > now:
        begin, end = max(attempt.slot[0], now), attempt.slot[1]
        return begin + (end - begin) * rng.random()
    left = deadline - now if deadline is not None and deadline > now else None
    doubled: timedelta = FIRST_WAIT * (1 << max(0, min(attempts - 1, 12)))
    wait = min(doubled, LONGEST_WAIT)
    if left is not None:
        wait = min(wait, left / 4)
    wait = max(wait * (0.5 + rng.random() / 2), SHORTEST_WAIT)
    if attempt.retry_after_s is not None:
        wait = max(wait, _asked(timedelta(seconds=attempt.retry_after_s), left, rng))
    return now + wait


def _asked(asked: timedelta, left: timedelta | None, rng: Random) -> timedelta:
    """What the centre asked for and a little more, but not so much more that it would be after the deadline."""
    spread = SPREAD if left is None or left > asked * _FAR else SPREAD_NEAR
    later = asked * (1 + rng.random() * spread)
    return later if left is None or later < left else max(asked, min(later, left * 0.95))


class Scheduler:
    """When a unit's queue is tried again. It keeps nothing but its clock and its dice, and asks nobody.

    So the same code runs in the program and, many thousand times over, in a model of all units before a deadline.
    """

    __slots__ = ("_clock", "_rng")

    def __init__(self, clock: Clock, rng: Random) -> None:
        self._clock = clock
        self._rng = rng

    def next_try(self, attempt: Attempt, attempts: int, deadline: datetime | None) -> datetime:
        """See `next_try`; now is the clock's."""
        return next_try(attempt, attempts, self._clock.now(), deadline, self._rng)
