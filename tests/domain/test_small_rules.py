"""Retirement months, part payment, limits, back payment."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.known import name_of, vectors
from unitclient.domain.allocation import allocate
from unitclient.domain.back_payment import back_payment, months_between
from unitclient.domain.insurance import Insurance
from unitclient.domain.limits import base_limits
from unitclient.domain.money import Rounding, parse_yuan
from unitclient.domain.period import Period
from unitclient.domain.policy import InsuranceRule
from unitclient.domain.retirement import RetirementCategory, min_contribution_months, retirement


@pytest.mark.parametrize("case", vectors("retirement"), ids=name_of)
def test_known_retirement_months(case: Any) -> None:
    found = retirement(Period.parse(case["birth"]), case["category"])
    assert (str(found.month), found.age, found.delay_months) == (
        case["retirement_month"],
        case["age"],
        case["delay_months"],
    )


@pytest.mark.parametrize(
    ("category", "last"),
    [("male", Period(1976, 9)), ("female_cadre", Period(1981, 9)), ("female_worker", Period(1984, 11))],
)
def test_the_steps_end_where_the_decision_says(category: str, last: Period) -> None:
    most = retirement(Period(2000, 1), category).delay_months
    assert retirement(last, category).delay_months == most
    assert retirement(last + -1, category).delay_months == most - 1


@given(st.integers(0, 600), st.sampled_from(RetirementCategory))
def test_nobody_born_later_retires_earlier(months: int, category: RetirementCategory) -> None:
    birth = Period(1950, 1) + months
    assert retirement(birth, category).month < retirement(birth + 1, category).month
    assert retirement(birth, category).earliest <= retirement(birth, category).month


@pytest.mark.parametrize("case", vectors("min_contribution_months"), ids=name_of)
def test_known_contribution_months(case: Any) -> None:
    assert min_contribution_months(case["year"]) == case["expected"]


def test_contribution_months_before_2030() -> None:
    assert (min_contribution_months(2025), min_contribution_months(2029)) == (180, 180)


@pytest.mark.parametrize("case", vectors("partial_payment"), ids=name_of)
def test_known_allocations(case: Any) -> None:
    assert allocate(parse_yuan(case["paid"]), [parse_yuan(due) for due in case["due"]]) == [
        parse_yuan(part) for part in case["expected"]
    ]


@given(st.lists(st.integers(0, 10**7), min_size=1, max_size=12), st.data())
def test_an_allocation_adds_up_and_never_exceeds_a_due(dues: list[int], data: st.DataObject) -> None:
    paid = data.draw(st.integers(0, sum(dues)))
    shares = allocate(paid, dues)
    assert sum(shares) == paid
    assert all(0 <= share <= due for share, due in zip(shares, dues, strict=True))


@pytest.mark.parametrize(("paid", "dues"), [(-1, [5]), (6, [5]), (1, []), (0, [-1])])
def test_payments_that_cannot_be_shared(paid: int, dues: list[int]) -> None:
    with pytest.raises(ValueError, match=str(paid)):
        allocate(paid, dues)


@pytest.mark.parametrize("case", vectors("base_limits"), ids=name_of)
def test_known_limits(case: Any) -> None:
    upper_rounding = Rounding.YUAN_HALF_UP if "lower_pct" in case else Rounding.FEN_HALF_UP
    lower, upper = base_limits(case["average"], case.get("lower_pct", 60), case["lower_rounding"], upper_rounding)
    assert lower == parse_yuan(case.get("lower_60") or case["lower"])
    assert upper == parse_yuan(case["upper_300"])


def test_back_payment_takes_each_month_by_its_own_rule() -> None:
    old = InsuranceRule(Insurance.PENSION, "employee", Period(2021, 1), 160_000, 80_000, base_min_fen=372_600)
    new = InsuranceRule(Insurance.PENSION, "employee", Period(2022, 1), 160_000, 80_000, base_min_fen=407_100)
    paid = back_payment(300_000, [(Period(2021, 12), old), (Period(2022, 1), new)])
    assert [row.contribution.base_fen for row in paid.rows] == [372_600, 407_100]
    assert (paid.unit_fen, paid.person_fen) == (59_616 + 65_136, 29_808 + 32_568)
    assert paid.month_fen(Period(2022, 1)) == 65_136 + 32_568


def test_months_between_counts_both_ends() -> None:
    assert [str(month) for month in months_between(Period(2023, 11), Period(2024, 1))] == [
        "2023-11",
        "2023-12",
        "2024-01",
    ]
    assert months_between(Period(2024, 2), Period(2024, 1)) == []
