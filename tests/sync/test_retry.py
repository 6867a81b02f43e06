"""The retry table: bounds, growth, the centre's hint, and the time left."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unitclient.store.outbox import OutboxState
from unitclient.store.transport import NEXT, Transport
from unitclient.sync.retry import (
    FIRST_WAIT,
    LONGEST_WAIT,
    SHORTEST_WAIT,
    STATE_AFTER,
    Attempt,
    Outcome,
    Scheduler,
    next_try,
)

NOW = datetime(2026, 11, 10, 4, tzinfo=UTC)
attempts = st.integers(min_value=1, max_value=10_000)
seeds = st.integers(min_value=0, max_value=2**32)
hints = st.none() | st.integers(min_value=0, max_value=86_400)
lefts = st.none() | st.timedeltas(min_value=timedelta(days=-30), max_value=timedelta(days=30))


class StoppedClock:
    """It is always NOW."""

    def now(self) -> datetime:
        return NOW


def wait(tries: int, seed: int = 0, hint: int | None = None, left: timedelta | None = None) -> timedelta:
    """How long is waited after `tries` tries."""
    deadline = None if left is None else NOW + left
    return next_try(Attempt(Outcome.UNKNOWN, "timeout", hint), tries, NOW, deadline, Random(seed)) - NOW


@given(attempts, seeds, lefts)
def test_never_shorter_than_the_shortest_nor_longer_than_the_longest(
    tries: int, seed: int, left: timedelta | None
) -> None:
    assert SHORTEST_WAIT <= wait(tries, seed, None, left) <= LONGEST_WAIT


@given(attempts, seeds, st.integers(min_value=0, max_value=86_400), lefts)
def test_never_sooner_than_the_centre_asks(tries: int, seed: int, hint: int, left: timedelta | None) -> None:
    """Retry-After goes before everything, the deadline included: the centre would only refuse again.

    Who was sent away together does not come back together, and nobody is put off past the deadline by that.
    """
    asked = timedelta(seconds=hint)
    waited = wait(tries, seed, hint, left)
    assert waited >= asked
    assert waited <= max(LONGEST_WAIT, asked * 1.5)
    if left is not None and left > max(SHORTEST_WAIT, asked):
        assert waited < left


@given(seeds, attempts, st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=3)), lefts)
def test_a_slot_of_the_centre_is_met(seed: int, tries: int, ahead: timedelta, left: timedelta | None) -> None:
    """Wherever the slot lies, also after the deadline: the centre set it aside. One that is over counts for nothing."""
    slot = (NOW + ahead, NOW + ahead + timedelta(minutes=5))
    deadline = None if left is None else NOW + left
    told = Scheduler(StoppedClock(), Random(seed)).next_try(
        Attempt(Outcome.LATER, "slot-not-yet", 3600, slot), tries, deadline
    )
    assert slot[0] <= told < slot[1]
    over = Attempt(Outcome.LATER, "slot-not-yet", None, (NOW - timedelta(hours=1), NOW))
    assert next_try(over, tries, NOW, deadline, Random(seed)) - NOW == wait(tries, seed, None, left)


@given(seeds, attempts, st.timedeltas(timedelta(seconds=1), timedelta(days=9)), st.floats(0.01, 1))
def test_the_nearer_the_deadline_the_shorter_the_wait(seed: int, tries: int, left: timedelta, nearer: float) -> None:
    assert wait(tries, seed, None, left * nearer) <= wait(tries, seed, None, left)


@given(attempts, seeds, st.timedeltas(min_value=timedelta(seconds=8), max_value=timedelta(days=30)))
def test_at_most_a_quarter_of_the_time_left(tries: int, seed: int, left: timedelta) -> None:
    """So that at least a few tries fit before the deadline."""
    assert wait(tries, seed, None, left) <= max(left / 4, SHORTEST_WAIT)


@given(attempts, seeds, st.timedeltas(min_value=timedelta(days=-3000), max_value=timedelta(0)))
def test_a_deadline_that_is_over_changes_nothing(tries: int, seed: int, left: timedelta) -> None:
    """Late is better than lost: it is still tried, as calmly as before."""
    assert wait(tries, seed, None, left) == wait(tries, seed)


@given(attempts, seeds)
def test_the_bounds_double_until_the_longest(tries: int, seed: int) -> None:
    """Full jitter over the upper half of the doubled wait."""
    doubled = min(FIRST_WAIT * 2 ** min(tries - 1, 20), LONGEST_WAIT)
    assert max(doubled / 2, SHORTEST_WAIT) <= wait(tries, seed) <= doubled


@given(seeds, attempts, attempts)
def test_later_tries_never_wait_less(seed: int, one: int, other: int) -> None:
    """With the same throw of the dice, waiting grows with the number of tries."""
    fewer, more = sorted((one, other))
    assert wait(fewer, seed) <= wait(more, seed)


def test_a_scheduler_costs_next_to_nothing() -> None:
    """A model of all units before a deadline asks it many hundred thousand times: 20,000 in well under a second."""
    clock, attempt, deadline = StoppedClock(), Attempt(Outcome.LATER, "intake-full", 30), NOW + timedelta(hours=1)
    begun = time.process_time()
    for seed in range(20_000):
        Scheduler(clock, Random(seed)).next_try(attempt, 3, deadline)
    assert time.process_time() - begun < 1.5


def test_two_offices_do_not_come_back_at_the_same_moment() -> None:
    assert len({wait(5, seed) for seed in range(50)}) == 50
    assert len({wait(5, seed, hint=60) for seed in range(50)}) > 25


@pytest.mark.parametrize("outcome", Outcome)
def test_every_outcome_has_a_state_that_may_follow_sending(outcome: Outcome) -> None:
    """The table of outcomes and the outbox's table of steps agree."""
    state = Transport(OutboxState(STATE_AFTER[outcome]))
    assert state in NEXT[Transport.SENDING]


def test_unknown_is_never_refused_and_never_lost() -> None:
    """Whatever is not a verified receipt or a refusal of the centre stays in the queue or unknown."""
    assert STATE_AFTER[Outcome.UNKNOWN] == "unknown"
    assert {STATE_AFTER[outcome] for outcome in (Outcome.NOT_SENT, Outcome.LATER)} == {"queued"}
