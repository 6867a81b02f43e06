"""Money: an int of fen. Rates: exact fractions, in ppm (millionths) where a rule stores them. No floats anywhere.

Rounding is by name, because regions differ: to the fen half-up (published tables of 北京, 成都, 武汉, 济南, 苏州), to
the jiao always up 见分进角 (上海 until 2018), and 见分进角 itself is read in three ways in the field.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import StrEnum
from fractions import Fraction

PPM = 1_000_000
"""A rate of 1 (100 %) in millionths."""

_YUAN = re.compile(r"([+-]?)([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.([0-9]{1,2}))?")
_DECIMAL = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,2})?")


class Rounding(StrEnum):
    """How an amount is rounded. `jiao_up_*` are the three readings of 见分进角; all act on the size, not the sign."""

    FEN_HALF_UP = "fen_half_up"
    FEN_HALF_EVEN = "fen_half_even"
    FEN_UP = "fen_up"
    FEN_DOWN = "fen_down"
    JIAO_HALF_UP = "jiao_half_up"
    JIAO_UP_RAW = "jiao_up_raw"
    JIAO_UP_AFTER_FEN_HALF_UP = "jiao_up_after_fen_half_up"
    JIAO_UP_AFTER_FEN_DOWN = "jiao_up_after_fen_down"
    YUAN_HALF_UP = "yuan_half_up"
    YUAN_UP = "yuan_up"


def parse_yuan(text: str) -> int:
    """Fen of an amount in yuan: "287.40", "1,234.5", "-3". Anything else, or a third decimal, raises ValueError."""
    match = _YUAN.fullmatch(text.strip())
    if match is None:
        raise ValueError(text)
    sign, whole, decimals = match.groups()
    fen = int(whole.replace(",", "")) * 100 + int((decimals or "").ljust(2, "0"))
    return -fen if sign == "-" else fen


def format_fen(fen: int) -> str:
    """The amount in yuan with two decimals: 28740 -> "287.40"."""
    size = abs(fen)
    return f"{'-' if fen < 0 else ''}{size // 100}.{size % 100:02d}"


def parse_decimal(text: str) -> Fraction:
    """The exact value of a decimal number with any number of places: "19.165". Raises ValueError."""
    if _DECIMAL.fullmatch(text.strip()) is None:
        raise ValueError(text)
    return Fraction(text.strip())


def parse_rate(text: str) -> Fraction:
    """An exact rate: "0.08", "8%", "0.5‰". Raises ValueError for other text and for a rate outside 0 to 1."""
    bare, divisor = text.strip(), 1
    for mark, parts in (("%", 100), ("％", 100), ("‰", 1000)):
        if bare.endswith(mark):
            bare, divisor = bare[:-1].rstrip(), parts
    rate = parse_decimal(bare) / divisor
    if not 0 <= rate <= 1:
        raise ValueError(text)
    return rate


def to_ppm(rate: Fraction) -> int:
    """The rate in millionths; raises ValueError when it is finer than that."""
    ppm = rate * PPM
    if ppm.denominator != 1:
        raise ValueError(str(rate))
    return ppm.numerator


def rate_text(ppm: int) -> str:
    """The rate as percent: 80000 -> "8%", 1600 -> "0.16%"."""
    whole, rest = divmod(ppm, PPM // 100)
    decimals = f"{rest:04d}".rstrip("0")
    return f"{whole}.{decimals}%" if decimals else f"{whole}%"


def _half_up(numerator: int, denominator: int) -> int:
    return (2 * numerator + denominator) // (2 * denominator)


def _half_even(numerator: int, denominator: int) -> int:
    whole, rest = divmod(numerator, denominator)
    return whole + (2 * rest > denominator or (2 * rest == denominator and whole % 2 == 1))


def _up(numerator: int, denominator: int) -> int:
    return -(-numerator // denominator)


def _down(numerator: int, denominator: int) -> int:
    return numerator // denominator


# Each takes a value numerator / denominator >= 0 in fen and gives whole fen.
_ROUNDERS: dict[Rounding, Callable[[int, int], int]] = {
    Rounding.FEN_HALF_UP: _half_up,
    Rounding.FEN_HALF_EVEN: _half_even,
    Rounding.FEN_UP: _up,
    Rounding.FEN_DOWN: _down,
    Rounding.JIAO_HALF_UP: lambda n, d: _half_up(n, d * 10) * 10,
    Rounding.JIAO_UP_RAW: lambda n, d: _up(n, d * 10) * 10,
    Rounding.JIAO_UP_AFTER_FEN_HALF_UP: lambda n, d: _up(_half_up(n, d), 10) * 10,
    Rounding.JIAO_UP_AFTER_FEN_DOWN: lambda n, d: _up(_down(n, d), 10) * 10,
    Rounding.YUAN_HALF_UP: lambda n, d: _half_up(n, d * 100) * 100,
    Rounding.YUAN_UP: lambda n, d: _up(n, d * 100) * 100,
}


def rounder(mode: Rounding) -> Callable[[int, int], int]:
    """The bare rounding of a mode, for loops: (numerator, denominator) of a value >= 0 in fen -> fen."""
    return _ROUNDERS[mode]


def round_fraction(numerator: int, denominator: int, mode: Rounding) -> int:
    """Whole fen of numerator / denominator fen. Up means away from zero, so that a refund mirrors its payment."""
    if denominator <= 0:
        raise ValueError("denominator")
    size = _ROUNDERS[mode](abs(numerator), denominator)
    return -size if numerator < 0 else size


def round_ratio(value: Fraction, mode: Rounding) -> int:
    """Whole fen of an exact value in fen."""
    return round_fraction(value.numerator, value.denominator, mode)
