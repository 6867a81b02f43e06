"""The order of a queue, and the time it takes, as pure functions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from unitclient.domain.sending import Pace, Queued, pace_of, sending_order, time_needed

NOW = datetime(2026, 11, 30, 15, tzinfo=UTC)
NAMES = tuple("abcdef")


def queued(name: str, hours: int | None, fen: int = 0, *requires: str, since: int = 0) -> Queued:
    until = None if hours is None else NOW + timedelta(hours=hours)
    return Queued(name, until, fen, NOW + timedelta(seconds=since), requires)


def test_the_month_goes_before_a_change_of_telephone_and_takes_its_enrolments_along() -> None:
    """Telephone first in, money last in: the enrolments carry no money, but the month's money waits for them."""
    phone, month = queued("phone", 9), queued("month", 9, 500_000, "enrol", since=5)
    enrol, later = queued("enrol", 9, since=4), queued("later", 800, 9_000_000)
    never = queued("never", None, 10**9)
    assert sending_order([never, phone, later, enrol, month]) == ["enrol", "month", "phone", "later", "never"]


def _older(one: Queued) -> tuple[str, ...]:
    """What it counts on, of earlier names only: no circles."""
    return tuple(name for name in one.requires if name < one.submission_id)


rows = st.lists(
    st.tuples(st.none() | st.integers(-50, 50), st.integers(0, 9), st.sets(st.sampled_from(NAMES), max_size=3)),
    min_size=6, max_size=6,
)  # fmt: skip


@given(rows)
def test_the_order_whatever_is_in_the_queue(told: list[tuple[int | None, int, set[str]]]) -> None:
    """Everything once; what is needed before what needs it; else nobody passes a more urgent one. Circles end too."""
    everything = [queued(name, hours, fen, *needs) for name, (hours, fen, needs) in zip(NAMES, told, strict=True)]
    assert sorted(sending_order(everything)) == sorted(NAMES)
    straight = [
        Queued(
            one.submission_id, one.deadline, one.total_fen, NOW, tuple(n for n in one.requires if n < one.submission_id)
        )
        for one in everything
    ]
    order = sending_order(straight)
    assert all(order.index(need) < order.index(one.submission_id) for one in straight for need in one.requires)
    alone = [Queued(one.submission_id, one.deadline, one.total_fen, NOW) for one in everything]
    known = {one.submission_id: one for one in alone}
    times = [(known[name].deadline or datetime.max.replace(tzinfo=UTC), -known[name].total_fen) for name in
             sending_order(alone)]  # fmt: skip
    assert times == sorted(times)


def test_the_time_is_measured_and_cautious() -> None:
    """Nothing measured: a slow office line. Measured: of ten the second slowest, and the line's own speed."""
    assert time_needed([640 * 1024], Pace()) == timedelta(seconds=13)
    small = [(2_000, 0.5)] * 8 + [(2_000, 4.0)] * 2
    assert time_needed([2_000] * 3, pace_of(small)) == timedelta(seconds=12)
    fast = pace_of([*small, (4_000_000, 8.0)])
    assert (fast.bytes_a_second, fast.measured) == (1_000_000, 11)
    assert time_needed([4_000_000], fast) == timedelta(seconds=8)


@given(st.lists(st.tuples(st.integers(0, 10**7), st.floats(0, 500)), max_size=20), st.lists(st.integers(0, 10**7)))
def test_more_never_takes_less(measures: list[tuple[int, float]], sizes: list[int]) -> None:
    pace = pace_of(measures)
    assert time_needed([*sizes, 1], pace) > time_needed(sizes, pace)
    assert time_needed([*sizes, 5_000_000], pace) > time_needed([*sizes, 1], pace)
