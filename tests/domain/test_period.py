"""Periods."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unitclient.domain.period import Period

periods = st.builds(Period, st.integers(1900, 2150), st.integers(1, 12))


@given(periods, st.integers(-12, 480))
def test_adding_and_subtracting_are_inverse(period: Period, months: int) -> None:
    if period.year * 12 + period.month - 1 + months < 1900 * 12:
        return
    assert (period + months) - period == months
    assert (period + months) + -months == period


@given(periods)
def test_text_and_back(period: Period) -> None:
    assert Period.parse(str(period)) == period


@given(st.dates(date(1900, 1, 1), date(2150, 12, 31)))
def test_a_day_lies_in_its_month(day: date) -> None:
    period = Period.of(day)
    assert period.first_day <= day <= period.last_day
    assert period.last_day + timedelta(days=1) == (period + 1).first_day


@pytest.mark.parametrize("text", ["2024-13", "2024-00", "2024-1", "202401", "1899-12", "２０２４-01", "2024-01-01", ""])
def test_texts_that_are_no_month(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        Period.parse(text)
