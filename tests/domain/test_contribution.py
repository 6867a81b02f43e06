"""Contributions: published tables, clamping, both unit totals, and the column form."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.known import name_of, vectors
from unitclient.domain.contribution import (
    amount,
    bound,
    contribution,
    contributions,
    exact_amount,
    unit_total,
    used_base,
)
from unitclient.domain.insurance import Insurance
from unitclient.domain.money import Rounding, parse_decimal, parse_rate, parse_yuan, to_ppm
from unitclient.domain.period import Period
from unitclient.domain.policy import InsuranceRule, UnitTotalMethod


def rule(**members: Any) -> InsuranceRule:
    """A rule with rates unless others are given."""
    return InsuranceRule(
        Insurance.PENSION,
        "employee",
        Period(2024, 1),
        **{"unit_rate_ppm": 160_000, "person_rate_ppm": 80_000, **members},
    )


@pytest.mark.parametrize("case", vectors("contribution"), ids=name_of)
def test_published_tables(case: Any) -> None:
    totals: dict[str, int] = defaultdict(int)
    for row in case["rows"]:
        fen = amount(
            parse_yuan(row["base"]),
            to_ppm(parse_rate(row["rate"])),
            parse_yuan(row["fixed"]),
            Rounding(case["rounding"]),
        )
        assert fen == parse_yuan(row["expected"]), row
        totals[row["side"]] += fen
        totals["all"] += fen
    assert {side: parse_yuan(text) for side, text in case["totals"].items()} == totals


@pytest.mark.parametrize("case", vectors("unit_total"), ids=name_of)
def test_both_unit_totals(case: Any) -> None:
    listed = case["bases"]
    if isinstance(listed, str):
        base, times = listed.split(" x ")
        listed = [base] * int(times)
    bases = [parse_yuan(str(base)) for base in listed]
    by_sum, by_rate = (
        unit_total(method, bases, rule(unit_rate_ppm=to_ppm(parse_rate(case["rate"])))) for method in UnitTotalMethod
    )
    assert by_sum.total_fen == by_sum.sum_of_rounded_fen == parse_yuan(case["sum_of_rounded"])
    assert by_rate.total_fen == by_rate.rate_times_sum_fen == parse_yuan(case["rate_x_sum"])
    assert by_sum.difference_fen == parse_yuan(case["difference"])
    assert by_sum.bound_fen == parse_decimal(case["bound"]) * 100


@given(
    st.lists(st.integers(0, 10_000_000), max_size=30),
    st.integers(0, 1_000_000),
    st.sampled_from([Rounding.FEN_HALF_UP, Rounding.FEN_HALF_EVEN, Rounding.FEN_UP, Rounding.JIAO_UP_RAW]),
)
def test_the_two_totals_stay_within_the_bound(bases: list[int], rate: int, rounding: Rounding) -> None:
    total = unit_total("sum", bases, rule(unit_rate_ppm=rate, unit_rounding=rounding, unit_fixed_fen=700))
    assert abs(total.difference_fen) <= bound(len(bases), rounding) + bound(1, rounding)


@pytest.mark.parametrize(
    ("wage", "expected"),
    [
        (100_000, (371_800, "floor")),
        (371_800, (371_800, "")),
        (371_749, (371_800, "floor")),
        (371_750, (371_800, "")),  # rounded to the yuan before the limits are applied
        (500_050, (500_100, "")),
        (2_000_000, (1_863_000, "cap")),
    ],
)
def test_the_used_base(wage: int, expected: tuple[int, str]) -> None:
    assert used_base(wage, rule(base_min_fen=371_800, base_max_fen=1_863_000)) == expected


def test_a_region_that_keeps_the_jiao() -> None:
    assert used_base(239_242, rule(base_rounding=Rounding.JIAO_HALF_UP)) == (239_240, "")


def test_fixed_parts_and_the_formula() -> None:
    made = contribution(374_000, rule(unit_rate_ppm=80_000, person_rate_ppm=20_000, person_fixed_fen=700))
    assert (made.unit_fen, made.person_fen, made.clamped) == (29_920, 8_180, "")
    assert made.unit_formula == "3740.00 × 8%"
    assert made.person_formula == "3740.00 × 2% + 7.00"


@given(
    st.lists(st.integers(0, 5_000_000), max_size=40),
    st.integers(0, 300_000),
    st.integers(0, 200_000),
    st.sampled_from(Rounding),
    st.sampled_from(Rounding),
)
def test_the_column_form_equals_the_single_one(
    wages: list[int], unit: int, person: int, unit_rounding: Rounding, person_rounding: Rounding
) -> None:
    one = rule(
        unit_rate_ppm=unit,
        person_rate_ppm=person,
        unit_rounding=unit_rounding,
        person_rounding=person_rounding,
        base_min_fen=200_000,
        base_max_fen=3_000_000,
        unit_fixed_fen=1100,
    )
    singles = [contribution(wage, one) for wage in wages]
    assert contributions(wages, one) == [(made.base_fen, made.unit_fen, made.person_fen) for made in singles]


def test_a_base_and_a_rate_of_any_precision() -> None:
    assert exact_amount(Fraction("123.4004"), Fraction(1), 0, Rounding.JIAO_UP_RAW) == 12_350


def test_an_unknown_rate_gives_no_amount() -> None:
    with pytest.raises(ValueError, match="pension"):
        contribution(500_000, rule(unit_rate_ppm=None))
