"""Late fees: known cases, the change of 2011, 济南's rules, and who is not charged."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.known import name_of, vectors
from unitclient.catalog.policies import load_policies
from unitclient.domain.late_fee import LateFee, LateFeeRule, LateFeeStart, late_fee, late_fee_for, late_fee_span
from unitclient.domain.money import parse_rate, parse_yuan, to_ppm
from unitclient.domain.period import Period
from unitclient.paths import resources_root


@pytest.mark.parametrize("case", vectors("late_fee"), ids=name_of)
def test_known_fees(case: Any) -> None:
    start, end = date.fromisoformat(case["start"]), date.fromisoformat(case["end"])
    expected = LateFee(case["days"], parse_yuan(case["expected"]))
    assert late_fee(parse_yuan(case["principal"]), start, end, to_ppm(parse_rate(case["daily_rate"]))) == expected
    assert late_fee(parse_yuan(case["principal"]), start, end) == expected


def test_a_debt_across_2011_07_01_is_split() -> None:
    # 30 days at 0.2 % and 62 at 0.05 % of 1000.00
    assert late_fee(100_000, date(2011, 6, 1), date(2011, 8, 31)) == LateFee(92, 6000 + 3100)
    assert late_fee(100_000, date(2011, 6, 1), date(2011, 6, 30)) == LateFee(30, 6000)
    assert late_fee(100_000, date(2011, 6, 1), date(2011, 8, 31), 500) == LateFee(92, 4600)


def test_paid_before_the_start_costs_nothing() -> None:
    assert late_fee(100_000, date(2024, 2, 1), date(2024, 1, 31)) == LateFee(0, 0)


@given(st.integers(0, 10**9), st.dates(date(2012, 1, 1), date(2030, 1, 1)), st.integers(0, 900))
def test_the_fee_is_simple_and_grows_by_the_day(principal: int, start: date, days: int) -> None:
    end = date.fromordinal(start.toordinal() + days)
    fee = late_fee(principal, start, end)
    assert fee.days == days + 1
    assert abs(fee.fee_fen * 2000 - principal * fee.days) <= 1000


def test_a_negative_principal_is_no_debt() -> None:
    with pytest.raises(ValueError, match="principal"):
        late_fee(-1, date(2024, 1, 1), date(2024, 1, 2))


def test_the_starts_a_region_may_have() -> None:
    month, paid = Period(2019, 12), date(2020, 1, 20)
    spans = {
        start: late_fee_span(month, paid, LateFeeRule(start_rule=start, start_day=11), date(2019, 12, 16))[0]
        for start in LateFeeStart
    }
    assert spans == {
        LateFeeStart.DAY_AFTER_DEADLINE: date(2019, 12, 17),
        LateFeeStart.FIRST_OF_NEXT_MONTH: date(2020, 1, 1),
        LateFeeStart.FIXED_DAY: date(2019, 12, 11),
    }


def test_counting_from_the_deadline_needs_the_deadline() -> None:
    with pytest.raises(ValueError, match="deadline"):
        late_fee_span(Period(2024, 1), date(2024, 2, 1), LateFeeRule())


def test_until_the_day_before_the_bill_and_capped_at_the_principal() -> None:
    rule = LateFeeRule(start_rule=LateFeeStart.FIRST_OF_NEXT_MONTH, until_day_before=True)
    assert late_fee_for(123_456, Period(2024, 1), date(2024, 3, 15), rule) == LateFee(43, 2654)
    capped = LateFeeRule(start_rule=LateFeeStart.FIRST_OF_NEXT_MONTH, cap_at_principal=True)
    assert late_fee_for(100, Period(2012, 1), date(2024, 1, 1), capped).fee_fen == 100


def test_jinan_before_and_after_2020() -> None:
    jinan = load_policies(resources_root()).package("370100")
    assert jinan is not None
    may = Period(2020, 5)
    assert late_fee_for(100_000, may, date(2020, 6, 15), jinan.late_fee_rule(may)) == LateFee(15, 750)
    assert late_fee_for(100_000, may, date(2020, 6, 30), jinan.late_fee_rule(may)) == LateFee(30, 1500)
    december = Period(2019, 12)
    assert late_fee_span(december, date(2019, 12, 20), jinan.late_fee_rule(december))[0] == date(2019, 12, 11)


@pytest.mark.parametrize("case", vectors("late_fee_waiver"), ids=name_of)
def test_waived_months(case: Any) -> None:
    package = load_policies(resources_root()).package(case["region"])
    assert package is not None
    last = date.fromisoformat(case["paid_by"])
    for text in case["months_owed"]:
        month = Period.parse(text)
        rule = package.late_fee_rule(month)
        assert month in rule.waived_months
        assert late_fee_for(100_000, month, last, rule).fee_fen == parse_yuan(case["expected_fee"])
        assert late_fee_for(100_000, month, date.fromordinal(last.toordinal() + 1), rule).fee_fen > 0
