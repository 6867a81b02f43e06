"""The countdown, moved deadlines, a wrong clock and what the queue needs, as lines of the command line."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from unitclient.cli.output import columns, wrap
from unitclient.cli.speak import moment
from unitclient.texts import say
from unitclient.workflows.calendar import Deadline
from unitclient.workflows.countdown import Countdown
from unitclient.workflows.queue_state import QueueNeed


def countdown_lines(told: Countdown) -> list[str]:
    """How long there is, by whose clock, on which notice; and a clock that is wrong."""
    lines = []
    if told.deadline is not None and told.left is not None:
        key = "countdown" if told.clock_known else "countdown-own-clock"
        lines.append(say(key, period=told.period, until=moment(told.deadline.until), left=span(told.left)))
        lines[-1] += _source(told.deadline)
    if told.clock_error is not None:
        key = "clock-slow" if told.clock_error > timedelta() else "clock-fast"
        lines.append(say(key, minutes=round(abs(told.clock_error).total_seconds() / 60)))
    return _wrapped(lines)


def _wrapped(lines: Iterable[str]) -> list[str]:
    return [part for line in lines for part in wrap(line, columns())]


def _source(deadline: Deadline) -> str:
    if deadline.computed:
        return say("countdown-computed")
    return say("countdown-notice", notice=deadline.notice) if deadline.notice else ""


def moved_lines(moved: Iterable[Deadline]) -> list[str]:
    """Deadlines that a notice moved."""
    told = (say("deadline-moved", period=one.period, until=moment(one.until)) + _source(one) for one in moved)
    return _wrapped(told)


def need_lines(need: QueueNeed) -> list[str]:
    """What the queue still needs, and whether that is in time; nothing when nothing waits."""
    if not need.count:
        return []
    basis = say("d-need-measured", count=need.measured) if need.measured else say("d-need-estimated")
    line = say("d-need", count=need.count, needed=span(need.needed)) + basis
    if need.deadline is None or need.slack is None:
        return [line, say("d-need-no-deadline")]
    key = "over" if need.over else "late" if need.slack < timedelta() else "slack"
    return _wrapped([line, say(f"d-need-{key}", deadline=moment(need.deadline), slack=span(need.slack))])


def need_json(need: QueueNeed) -> dict[str, Any]:
    """For machines; times in seconds."""
    return {
        "count": need.count,
        "needed_s": round(need.needed.total_seconds()),
        "measured": need.measured,
        "deadline": need.deadline.isoformat() if need.deadline else None,
        "slack_s": round(need.slack.total_seconds()) if need.slack is not None else None,
    }


def span(length: timedelta) -> str:
    """A length of time in the two largest units that matter."""
    minutes, seconds = divmod(max(0, round(length.total_seconds())), 60)
    if not minutes:
        return say("d-span-seconds", seconds=seconds)
    hours, rest = divmod(minutes, 60)
    if not hours:
        return say("d-span-minutes", minutes=minutes)
    if hours < 48:
        return say("d-span-hours", hours=hours, minutes=rest)
    return say("d-span-days", days=hours // 24, hours=hours % 24)
