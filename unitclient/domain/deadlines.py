"""Deadlines: the published calendar entry first; else computed from the announced holidays, and labelled 推算.

A holiday at the end moves a deadline to the next day; a run of three or more holiday days inside the period extends it
by as many days (税收征收管理法实施细则 art. 109). What "days" means differs between years, hence two algorithms.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cached_property

from unitclient.clock import CHINA
from unitclient.domain.period import Period

LONG_RUN = 3
"""From this many holiday days inside the period a run extends the deadline."""


def end_of(day: date) -> datetime:
    """The last second of a day in China: 23:59:59 is in time."""
    return datetime.combine(day + timedelta(days=1), time(), CHINA) - timedelta(seconds=1)


def last_instant(text: str) -> datetime:
    """The deadline that a calendar entry tells: an RFC 3339 instant, or a day, which ends at midnight in China."""
    return end_of(date.fromisoformat(text)) if len(text) == 10 else datetime.fromisoformat(text)


class Algorithm(StrEnum):
    """What an extension by n days means."""

    WORKDAY = "workday"
    """The n-th working day after the nominal day (agrees with all tax calendars of 2022, 2023 and 2024)."""
    CALENDAR = "calendar"
    """n calendar days later, then past weekends and holidays; make-up days ignored (agrees with the list of 2013)."""


class UnknownYear(LookupError):  # noqa: N818 - says what is the matter; callers catch it as a LookupError
    """No announced holidays for that year: an answer would be a guess."""

    def __init__(self, year: int) -> None:
        super().__init__(year)
        self.year = year


@dataclass(frozen=True, slots=True)
class HolidayRun:
    """An announced holiday run, weekend days in it included, both ends in."""

    first: date
    last: date


@dataclass(frozen=True)
class HolidayYear:
    """One year as the State Council announced it: runs, weekend days that are worked, and the notice's number."""

    runs: tuple[HolidayRun, ...]
    working_weekend_days: frozenset[date]
    notice: str = ""

    @cached_property
    def days(self) -> frozenset[date]:
        """Every day of every run."""
        return frozenset(
            run.first + timedelta(days=n) for run in self.runs for n in range((run.last - run.first).days + 1)
        )


@dataclass(frozen=True)
class HolidayTable:
    """Announced holidays by year."""

    years: Mapping[int, HolidayYear] = field(default_factory=dict)

    def year(self, year: int) -> HolidayYear:
        """The year's announcement; raises UnknownYear."""
        try:
            return self.years[year]
        except KeyError:
            raise UnknownYear(year) from None

    def is_holiday(self, day: date) -> bool:
        """Whether the day lies in an announced run."""
        return day in self.year(day.year).days

    def is_working_day(self, day: date) -> bool:
        """Worked: no holiday, and no weekend unless announced as a make-up day."""
        year = self.year(day.year)
        return day not in year.days and (day.weekday() < 5 or day in year.working_weekend_days)

    def long_run_days(self, first: date, last: date) -> int:
        """Holiday days between two days (both in) that belong to runs with three or more days in between them."""
        runs = {run for year in range(first.year - 1, last.year + 1) for run in self._runs(year, first.year)}
        inside = ((min(run.last, last) - max(run.first, first)).days + 1 for run in runs)
        return sum(days for days in inside if days >= LONG_RUN)

    def _runs(self, year: int, needed: int) -> Iterable[HolidayRun]:
        if year < needed and year not in self.years:
            return ()  # the year before matters only for a run that crosses New Year
        return self.year(year).runs


@dataclass(frozen=True, slots=True)
class DeadlineRule:
    """A region's rule when it has published no entry: day of the month, and how it is moved."""

    day: int = 10
    algorithm: Algorithm = Algorithm.WORKDAY
    source: str = ""
    confidence: str = "low"
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """The dates of one period. `deadline` is the last day without a late fee; instants are China standard time.

    `debit_until` is the last moment for data of an automatic debit, `counter_until` the last day at the counter (paying
    there from `late_fee_from` on costs a fee). `computed` marks 推算: our algorithm said it, no notice did.
    """

    period: Period
    deadline: date
    opens: date | None = None
    debit_until: datetime | None = None
    counter_until: date | None = None
    late_fee_from: date | None = None
    notice: str = ""
    source: str = ""
    computed: bool = False
    confirmed: bool = False


def deadline(period: Period, day: int, algorithm: Algorithm | str, holidays: HolidayTable) -> date:
    """The deadline of a month whose nominal day is `day`; a day the month lacks means its last day.

    Raises UnknownYear when the holidays of a year it needs were not announced, ValueError for a day outside 1 to 31.
    """
    if not 1 <= day <= 31:
        raise ValueError(day)
    nominal = period.first_day + timedelta(days=min(day, period.last_day.day) - 1)
    extra = holidays.long_run_days(period.first_day, nominal)
    if Algorithm(algorithm) is Algorithm.WORKDAY:
        return nth_working_day(nominal, extra, holidays)
    moved = nominal + timedelta(days=extra)
    while moved.weekday() >= 5 or holidays.is_holiday(moved):
        moved += timedelta(days=1)
    return moved


def nth_working_day(nominal: date, count: int, holidays: HolidayTable) -> date:
    """The `count`-th working day after a day; 0 is the day itself or the next one worked. Raises UnknownYear."""
    if count == 0:
        count, nominal = 1, nominal - timedelta(days=1)
    moved = nominal
    while count:
        moved += timedelta(days=1)
        count -= holidays.is_working_day(moved)
    return moved


def deadline_for(
    period: Period, published: Iterable[CalendarEntry], rule: DeadlineRule, holidays: HolidayTable
) -> CalendarEntry:
    """The published entry of the period (the last one wins, a later notice replaces); else one computed by the rule."""
    entries = [entry for entry in published if entry.period == period]
    if entries:
        return entries[-1]
    last = deadline(period, rule.day, rule.algorithm, holidays)
    return CalendarEntry(period, last, opens=period.first_day, source=rule.source, computed=True)
