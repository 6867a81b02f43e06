"""Amounts in capitals and figures."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unitclient.documents.capital import capital_amount, figures

# The first six are the examples of the source named in the module.
CASES = {
    140950: "壹仟肆佰零玖元伍角",
    600714: "陆仟零柒元壹角肆分",
    168032: "壹仟陆佰捌拾元零叁角贰分",
    10700053: "壹拾万柒仟元零伍角叁分",
    1640902: "壹万陆仟肆佰零玖元零贰分",
    32504: "叁佰贰拾伍元零肆分",
    0: "零元整",
    5: "伍分",
    50: "伍角",
    100: "壹元整",
    1000: "壹拾元整",
    100_0100: "壹万零壹元整",
    1_0000_0001_00: "壹亿零壹元整",
    10_0010_0000_00: "壹拾亿零壹拾万元整",
    1001_0000_00: "壹仟零壹万元整",
    -150: "负壹元伍角",
}


@pytest.mark.parametrize(("fen", "text"), CASES.items())
def test_amounts_in_capitals(fen: int, text: str) -> None:
    assert capital_amount(fen) == text


def _read(text: str) -> int:
    """The fen a capital amount stands for, read the long way round."""
    values = {digit: value for value, digit in enumerate("零壹贰叁肆伍陆柒捌玖")}
    places = {"拾": 10, "佰": 100, "仟": 1000}
    total = group = section = digit = 0
    for character in text.lstrip("负"):
        if character in values:
            digit = values[character]
        elif character in places:
            group, digit = group + digit * places[character], 0
        elif character == "万":
            section, group, digit = (group + digit) * 10_000, 0, 0
        elif character == "亿":
            total, section, group, digit = (section + group + digit) * 10**8, 0, 0, 0
        elif character == "元":
            total, section, group, digit = (total + section + group + digit) * 100, 0, 0, 0
        elif character in "角分":
            total, digit = total + digit * (10 if character == "角" else 1), 0
    return -total if text.startswith("负") else total


@given(st.integers(-(10**16) + 1, 10**16 - 1))
def test_a_capital_amount_reads_back(fen: int) -> None:
    text = capital_amount(fen)
    assert _read(text) == fen
    assert "零零" not in text


def test_an_amount_too_large_is_refused() -> None:
    with pytest.raises(ValueError, match="10"):
        capital_amount(10**18)


@pytest.mark.parametrize(("fen", "text"), [(0, "0.00"), (123456789, "1,234,567.89"), (-5, "-0.05")])
def test_figures(fen: int, text: str) -> None:
    assert figures(fen) == text
