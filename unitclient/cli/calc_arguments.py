"""Arguments of the calculators: each function reads one and refuses with what is wrong and an example."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import NoReturn, TypeVar

from unitclient.domain.money import parse_decimal, parse_rate, parse_yuan, to_ppm
from unitclient.domain.period import Period
from unitclient.texts import say

_Value = TypeVar("_Value")


def _read(parse: Callable[[str], _Value], text: str, key: str) -> _Value:
    try:
        return parse(text)
    except ValueError as wrong:
        raise argparse.ArgumentTypeError(say(key, value=text)) from wrong


def _not_negative(value: _Value) -> _Value:
    if value < 0:  # type: ignore[operator]  # only used with int and Fraction
        raise ValueError(str(value))
    return value


def typed_text(text: str) -> str:
    """As typed; bytes that are no UTF-8 become U+FFFD, which no number and no name may hold."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def amount(text: str) -> int:
    """Yuan with at most two decimals, as fen; never negative."""
    return _read(lambda typed: _not_negative(parse_yuan(typed)), text, "calc-bad-amount")


def any_decimal(text: str) -> Fraction:
    """Yuan with any number of decimals; never negative."""
    return _read(lambda typed: _not_negative(parse_decimal(typed)), text, "calc-bad-amount")


def rate(text: str) -> Fraction:
    """0.08 or 8%."""
    return _read(parse_rate, text, "calc-bad-rate")


def rate_ppm(text: str) -> int:
    """A rate as millionths."""
    return _read(lambda typed: to_ppm(parse_rate(typed)), text, "calc-bad-rate")


def month(text: str) -> Period:
    """YYYY-MM."""
    return _read(Period.parse, text, "calc-bad-month")


def day(text: str) -> date:
    """YYYY-MM-DD."""
    return _read(_iso_day, text, "calc-bad-date")


def _iso_day(text: str) -> date:
    if len(text) != len("2024-02-18") or not text.isascii():
        raise ValueError(text)  # Python also reads 20240218 and 2024-W07
    return date.fromisoformat(text)


def day_of_month(text: str) -> int:
    """1 to 31."""
    return _read(_day_number, text, "calc-bad-day")


def _day_number(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 31:
        raise ValueError(text)
    return number


def fail_usage(args: argparse.Namespace, key: str, **params: object) -> NoReturn:
    """Wrong usage that no single argument shows: the command's own refusal, exit code 2."""
    args.usage_error(say(key, **params))
    raise AssertionError("argparse returns from no error")
