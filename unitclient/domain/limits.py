"""Floors and caps from an average wage: to check a published pair, never to replace it (regions round as they like)."""

from __future__ import annotations

from fractions import Fraction

from unitclient.domain.money import Rounding, parse_decimal, round_ratio

UPPER_PERCENT = 300


def base_limits(
    average: str | Fraction,
    lower_percent: int = 60,
    lower_rounding: Rounding | str = Rounding.YUAN_HALF_UP,
    upper_rounding: Rounding | str = Rounding.FEN_HALF_UP,
) -> tuple[int, int]:
    """(floor, cap) in fen from the monthly average in yuan: a percentage of it (60 as a rule, 40 to 58 in transitions)
    and 300 %. Some regions keep the jiao of the cap, hence its own rounding.
    """
    fen = (parse_decimal(average) if isinstance(average, str) else average) * 100
    lower = round_ratio(fen * lower_percent / 100, Rounding(lower_rounding))
    return lower, round_ratio(fen * UPPER_PERCENT / 100, Rounding(upper_rounding))
