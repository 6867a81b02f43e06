"""In which order a queue is sent, and how long that takes. Pure: no clock, no dice, no database."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

_Urgency = tuple[bool, float, int]
"""(no deadline, deadline in seconds, minus the sum): the smaller goes first."""


@dataclass(frozen=True, slots=True)
class Queued:
    """What the order depends on. `total_fen` is what is declared in money; `requires` must be delivered before it."""

    submission_id: str
    deadline: datetime | None
    total_fen: int
    queued_at: datetime
    requires: tuple[str, ...] = ()


def sending_order(waiting: Iterable[Queued]) -> list[str]:
    """Ids, the first to be sent first: by deadline, then the larger sum, then the older.

    What others count on is as urgent as the most urgent of them, and goes before it: the enrolments of a month go with
    the month's money, not behind a change of telephone that carries none.
    """
    known = {one.submission_id: one for one in waiting}
    urgency = {name: _own(one) for name, one in known.items()}
    depth = dict.fromkeys(known, 0)
    todo = list(known)
    while todo:
        name = todo.pop()
        # A circle, which nobody could send, ends by its length.
        needs = known[name].requires if depth[name] < len(known) else ()
        todo += [one for one in needs if one in known and _hand_down(name, one, urgency, depth)]
    return sorted(known, key=lambda name: (urgency[name], -depth[name], known[name].queued_at, name))


def _own(one: Queued) -> _Urgency:
    return one.deadline is None, one.deadline.timestamp() if one.deadline else 0.0, -one.total_fen


def _hand_down(name: str, needed: str, urgency: dict[str, _Urgency], depth: dict[str, int]) -> bool:
    """Give what `name` counts on its urgency and a greater depth; whether that changed anything."""
    before = urgency[needed], depth[needed]
    urgency[needed] = min(urgency[needed], urgency[name])
    depth[needed] = max(depth[needed], depth[name] + 1)
    return before != (urgency[needed], depth[needed])


@dataclass(frozen=True, slots=True)
class Pace:
    """What sending takes here: seconds for each submission with its receipt, and bytes a second beside that.

    `measured` is how many submissions it was measured on; 0 is the estimate for a slow office line.
    """

    each_s: float = 3.0
    bytes_a_second: float = 64 * 1024
    measured: int = 0


_LARGE = 256 * 1024
"""From how many bytes on the line's speed counts for more than the way there and back."""
_SHORTEST_S = 0.1
"""Nothing is sent and receipted in less."""
_CAUTIOUS = 0.8
"""Of ten measured times the second longest counts: an estimate that is too short is the dearer mistake."""


def pace_of(measures: Sequence[tuple[int, float]]) -> Pace:
    """The pace from (bytes, seconds) of submissions that were delivered; the estimate where there are none."""
    if not measures:
        return Pace()
    small = [seconds for size, seconds in measures if size < _LARGE]
    large = [(size, seconds) for size, seconds in measures if size >= _LARGE]
    each = max(_high(small), _SHORTEST_S) if small else _SHORTEST_S
    rates = [size / max(seconds - each, 0.001) for size, seconds in large]
    return Pace(each, -_high([-rate for rate in rates]) if rates else Pace().bytes_a_second, len(measures))


def _high(values: Sequence[float]) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * _CAUTIOUS))]


def time_needed(sizes: Sequence[int], pace: Pace) -> timedelta:
    """How long submissions of these sizes take one after the other.

    Where no large one was measured, small ones are taken to need no longer than the small ones did.
    """
    large = [size for size in sizes if size >= _LARGE or not pace.measured]
    return timedelta(seconds=pace.each_s * len(sizes) + sum(large) / pace.bytes_a_second)
