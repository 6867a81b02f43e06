"""Money: parsing, formatting and every rounding mode."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.known import name_of, vectors
from unitclient.domain.money import (
    Rounding,
    format_fen,
    parse_decimal,
    parse_rate,
    parse_yuan,
    rate_text,
    round_fraction,
    round_ratio,
    to_ppm,
)


@pytest.mark.parametrize("case", vectors("rounding_modes"), ids=name_of)
def test_every_mode_on_known_values(case: Any) -> None:
    fen = parse_decimal(case["raw"]) * 100
    assert set(case["expected"]) == set(Rounding)
    for mode, expected in case["expected"].items():
        assert round_ratio(fen, Rounding(mode)) == parse_yuan(expected), mode


@pytest.mark.parametrize("case", vectors("rounding"), ids=name_of)
def test_fen_to_jiao_of_shanghai(case: Any) -> None:
    raw = parse_decimal(case["base"]) * parse_rate(case["rate"]) * 100
    assert round_ratio(raw, Rounding.JIAO_UP_RAW) == parse_yuan(case["expected"])


@given(st.integers(-(10**12), 10**12))
def test_a_formatted_amount_parses_back(fen: int) -> None:
    assert parse_yuan(format_fen(fen)) == fen


@given(st.integers(-(10**9), 10**9), st.integers(1, 10**6), st.sampled_from(Rounding))
def test_rounding_is_symmetric_and_within_one_step(numerator: int, denominator: int, mode: Rounding) -> None:
    step = {"fen": 1, "jiao": 10, "yuan": 100}[mode.split("_")[0]]
    rounded = round_fraction(numerator, denominator, mode)
    assert rounded % step == 0
    assert abs(rounded - Fraction(numerator, denominator)) < step
    assert round_fraction(-numerator, denominator, mode) == -rounded


@given(st.integers(-(10**9), 10**9), st.integers(0, 6))
def test_fen_modes_agree_with_decimal(digits: int, places: int) -> None:
    value = Decimal(digits).scaleb(-places)
    for mode, decimal_mode in (
        (Rounding.FEN_HALF_UP, ROUND_HALF_UP),
        (Rounding.FEN_HALF_EVEN, ROUND_HALF_EVEN),
        (Rounding.FEN_UP, ROUND_UP),
    ):
        assert round_ratio(Fraction(value), mode) == int(value.quantize(Decimal(1), decimal_mode))


@pytest.mark.parametrize(
    ("text", "fen"), [("287.40", 28740), ("1,234.5", 123450), (" 3 ", 300), ("-0.05", -5), ("+7", 700)]
)
def test_amounts_people_write(text: str, fen: int) -> None:
    assert parse_yuan(text) == fen


@pytest.mark.parametrize("text", ["", "1.234", "12,34", "1e3", "０.5", "NaN", "--1", "1.", "¥5", "1 000"])
def test_amounts_that_are_none(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        parse_yuan(text)


@pytest.mark.parametrize(
    ("text", "ppm"), [("0.08", 80000), ("8%", 80000), ("0.16 %", 1600), ("0.5‰", 500), ("0", 0), ("1", 1_000_000)]
)
def test_rates(text: str, ppm: int) -> None:
    assert to_ppm(parse_rate(text)) == ppm


@pytest.mark.parametrize("text", ["8", "-1%", "101%", "x", "", "%", "1/2", "inf", "1e-999"])
def test_rates_that_are_none(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        parse_rate(text)


def test_a_rate_finer_than_ppm_is_told() -> None:
    with pytest.raises(ValueError, match="1/3"):
        to_ppm(Fraction(1, 3))


@pytest.mark.parametrize(("ppm", "text"), [(80000, "8%"), (1600, "0.16%"), (98000, "9.8%"), (0, "0%")])
def test_rates_are_shown_in_percent(ppm: int, text: str) -> None:
    assert rate_text(ppm) == text
