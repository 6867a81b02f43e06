"""When a submission is tried again: one table, a pure function of time, tries, the deadline and the centre's hint.

Back-off doubles from 5 seconds, full jitter (a random wait in the upper half), never longer than 10 minutes nor than a
quarter of the time left to the deadline, and never sooner than the centre's Retry-After asks. A submission is never
given up by itself: after the deadline it is still sent, since late is better than lost.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from random import Random

FIRST_WAIT = timedelta(seconds=5)
LONGEST_WAIT = timedelta(minutes=10)
SHORTEST_WAIT = timedelta(seconds=2)


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
    """One finished try: its outcome, the code that names the cause, and the centre's Retry-After in seconds."""

    outcome: Outcome
    code: str = ""
    retry_after_s: int | None = None


def next_try(attempt: Attempt, attempts: int, now: datetime, deadline: datetime | None, rng: Random) -> datetime:
    """When to try again after `attempts` tries (the one just finished included)."""
    doubled: timedelta = FIRST_WAIT * (1 << max(0, min(attempts - 1, 12)))
    wait = min(doubled, LONGEST_WAIT)
    if deadline is not None and deadline > now:
        wait = min(wait, (deadline - now) / 4)
    wait = max(wait * (0.5 + rng.random() / 2), SHORTEST_WAIT)
    if attempt.retry_after_s is not None:
        asked = timedelta(seconds=attempt.retry_after_s)
        wait = max(wait, asked * (1 + rng.random() / 10))
    return now + wait
