"""What the centre publishes for a region, and the late fees that follow from it."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from unitclient.catalog.policies import calendar_entry as read_entry
from unitclient.central.regions import (
    PRACTICE_NOTICE,
    calendar_entries,
    calendar_entry,
    deadline_instant,
    entry_wire,
    late_fee_owed,
    late_fees,
)
from unitclient.central.rulebook import Rulebook
from unitclient.clock import CHINA
from unitclient.domain.period import Period
from unitclient.errors import UserError

RULES = Rulebook()
JINAN, WUHAN = RULES.package("370100"), RULES.package("420100")
APRIL_2014 = Period(2014, 4)


def test_a_published_extension_goes_before_the_practice_dates() -> None:
    entry = calendar_entry(JINAN, APRIL_2014)
    assert entry.debit_until == datetime(2014, 4, 17, 17, tzinfo=CHINA)
    assert entry.counter_until == date(2014, 4, 23)
    assert entry.late_fee_from == date(2014, 4, 21)
    assert entry.notice != PRACTICE_NOTICE


def test_practice_dates_say_that_they_are_for_practice() -> None:
    entry = calendar_entry(WUHAN, Period(2026, 2))
    assert (entry.opens, entry.deadline, entry.late_fee_from) == (
        date(2026, 2, 1),
        date(2026, 2, 28),
        date(2026, 3, 1),
    )
    assert "演练" in entry.notice


def test_the_calendar_reads_back_as_it_was_meant() -> None:
    entries = calendar_entries(JINAN, date(2026, 11, 25))
    assert [str(entry.period) for entry in entries][-1] == "2027-12"
    assert APRIL_2014 in [entry.period for entry in entries]
    for entry in entries:
        assert entry_wire(read_entry(entry_wire(entry))) == entry_wire(entry)


def test_the_deadline_is_the_last_moment_of_its_day_in_china() -> None:
    last = deadline_instant(calendar_entry(WUHAN, Period(2026, 2)))
    assert datetime(2026, 2, 28, 15, 59, 59).astimezone().tzinfo is not None
    assert datetime.fromisoformat("2026-02-28T15:59:59+00:00") <= last
    assert datetime.fromisoformat("2026-02-28T16:00:00+00:00") > last


@pytest.mark.parametrize(("day", "days"), [(20, 0), (21, 1), (30, 10)])
def test_a_published_start_of_late_fees_is_used(day: int, days: int) -> None:
    fee = late_fee_owed(JINAN, 1_000_000, APRIL_2014, date(2014, 4, day))
    assert (fee.days, fee.fee_fen) == (days, days * 500)


def test_every_month_of_debt_has_its_own_days() -> None:
    principals = [(Period(2026, 1), 100_000), (Period(2026, 2), 100_000)]
    paid_on = date(2026, 3, 10)
    both = late_fees(WUHAN, principals, paid_on)
    single = [late_fee_owed(WUHAN, fen, period, paid_on) for period, fen in principals]
    assert both.fee_fen == sum(fee.fee_fen for fee in single)
    assert [fee.days for fee in single] == [38, 10]
    assert both.days == 38


def test_an_unknown_region_is_refused_with_those_that_are_known() -> None:
    with pytest.raises(UserError) as refused:
        RULES.package("999999")
    assert "420100" in refused.value.params["known"]
