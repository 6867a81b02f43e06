"""Deadlines: published ones, both algorithms on known months, and years nobody has announced."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.known import name_of, vectors
from unitclient.catalog.calendar import load_holidays
from unitclient.domain.deadlines import (
    Algorithm,
    CalendarEntry,
    DeadlineRule,
    HolidayTable,
    UnknownYear,
    deadline,
    deadline_for,
)
from unitclient.domain.period import Period
from unitclient.paths import resources_root

HOLIDAYS = load_holidays(resources_root())


@pytest.mark.parametrize("case", vectors("deadline"), ids=name_of)
def test_known_deadlines(case: Any) -> None:
    month = Period.parse(case["month"])
    assert deadline(month, case["nominal_day"], case["algorithm"], HOLIDAYS) == date.fromisoformat(case["expected"])
    if "calendar_algorithm" in case:
        other = deadline(month, case["nominal_day"], Algorithm.CALENDAR, HOLIDAYS)
        assert other == date.fromisoformat(case["calendar_algorithm"])


@pytest.mark.parametrize(
    ("month", "day", "expected"),
    [
        ("2024-02", 10, "2024-02-18"),  # the holiday's 10th; a make-up Sunday counts as worked
        ("2024-05", 10, "2024-05-16"),
        ("2024-08", 10, "2024-08-12"),
        ("2025-02", 10, "2025-02-14"),
        ("2026-01", 10, "2026-01-14"),
        ("2026-02", 10, "2026-02-10"),
        ("2026-02", 15, "2026-02-24"),
        ("2026-10", 10, "2026-10-20"),
        ("2024-02", 30, "2024-03-12"),  # the month's last day, eight holidays before it
    ],
)
def test_more_months_by_working_days(month: str, day: int, expected: str) -> None:
    assert deadline(Period.parse(month), day, "workday", HOLIDAYS) == date.fromisoformat(expected)


@given(st.integers(0, 59), st.integers(1, 28), st.sampled_from(Algorithm))
def test_a_deadline_is_never_earlier_and_never_on_a_day_off(months: int, day: int, algorithm: Algorithm) -> None:
    period = Period(2022, 1) + months
    moved = deadline(period, day, algorithm, HOLIDAYS)
    assert moved >= date(period.year, period.month, day)
    assert not HOLIDAYS.is_holiday(moved)
    assert moved.weekday() < 5 or (algorithm is Algorithm.WORKDAY and HOLIDAYS.is_working_day(moved))


@pytest.mark.parametrize("year", [2012, 2014, 2021, 2030])
def test_a_year_without_announcement_is_an_error_not_a_year_without_holidays(year: int) -> None:
    with pytest.raises(UnknownYear) as caught:
        deadline(Period(year, 3), 10, "workday", HOLIDAYS)
    assert caught.value.year == year
    assert isinstance(caught.value, LookupError)


@pytest.mark.parametrize("day", [0, 32, -1])
def test_a_day_no_month_has(day: int) -> None:
    with pytest.raises(ValueError, match=str(day)):
        deadline(Period(2024, 1), day, "workday", HOLIDAYS)


def test_an_unknown_algorithm() -> None:
    with pytest.raises(ValueError, match="lunar"):
        deadline(Period(2024, 1), 10, "lunar", HOLIDAYS)


def test_a_published_entry_wins_and_the_later_notice_replaces_the_earlier() -> None:
    month = Period(2024, 2)
    published = [CalendarEntry(month, date(2024, 2, 20)), CalendarEntry(month, date(2024, 2, 25), notice="second")]
    entry = deadline_for(month, published, DeadlineRule(), HOLIDAYS)
    assert (entry.deadline, entry.notice, entry.computed) == (date(2024, 2, 25), "second", False)


def test_without_an_entry_the_rule_computes_one_and_says_so() -> None:
    entry = deadline_for(Period(2024, 2), [], DeadlineRule(day=10), HOLIDAYS)
    assert (entry.deadline, entry.computed, entry.opens) == (date(2024, 2, 18), True, date(2024, 2, 1))


def test_an_empty_table_knows_no_year() -> None:
    with pytest.raises(UnknownYear):
        HolidayTable().is_working_day(date(2024, 1, 1))


def test_every_year_names_its_notice() -> None:
    assert set(HOLIDAYS.years) >= {2013, 2022, 2023, 2024, 2025, 2026}
    assert all(year.notice.startswith("国办发明电〔") for year in HOLIDAYS.years.values())


def test_make_up_days_are_weekend_days_outside_the_runs() -> None:
    for number, year in HOLIDAYS.years.items():
        assert all(day.year == number and day.weekday() >= 5 for day in year.working_weekend_days)
        assert not year.working_weekend_days & year.days
        assert all(run.first <= run.last and run.first.year == number for run in year.runs)
