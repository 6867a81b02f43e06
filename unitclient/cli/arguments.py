"""Arguments of the commands: each function reads one word and refuses it with what is wrong and an example."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path

from unitclient.domain.money import parse_yuan
from unitclient.domain.period import Period
from unitclient.texts import say


def folder(text: str) -> Path:
    """A folder as an absolute path, so that it means the same when the program works from another folder."""
    if not text.strip():
        raise argparse.ArgumentTypeError(say("cli-not-a-folder"))
    return Path(text).expanduser().absolute()


def period(text: str) -> Period:
    """YYYY-MM."""
    try:
        return Period.parse(text)
    except ValueError as wrong:
        raise argparse.ArgumentTypeError(say("cli-not-a-period", value=text)) from wrong


def day(text: str) -> date:
    """YYYY-MM-DD."""
    try:
        return date.fromisoformat(text)
    except ValueError as wrong:
        raise argparse.ArgumentTypeError(say("cli-not-a-day", value=text)) from wrong


def balance(text: str) -> int:
    """An amount in yuan, not negative, as fen."""
    try:
        fen = parse_yuan(text)
    except ValueError as wrong:
        raise argparse.ArgumentTypeError(say("calc-bad-amount", value=text)) from wrong
    if fen < 0:
        raise argparse.ArgumentTypeError(say("calc-bad-amount", value=text))
    return fen


def port(text: str) -> int:
    """0 to 65535."""
    if not (text.isascii() and text.isdecimal() and int(text) <= 65535):
        raise argparse.ArgumentTypeError(say("cli-not-a-port", value=text))
    return int(text)


def seconds(text: str) -> float:
    """A time to wait, not negative."""
    try:
        value = float(text)
    except ValueError:
        value = -1
    if not 0 <= value < 1e6:
        raise argparse.ArgumentTypeError(say("cli-not-seconds", value=text))
    return value


def minutes(text: str) -> int:
    """Whole minutes, from one to a week."""
    if not (text.isascii() and text.isdecimal() and 0 < int(text) <= 7 * 24 * 60):
        raise argparse.ArgumentTypeError(say("cli-not-minutes", value=text))
    return int(text)


def named_value(text: str) -> tuple[str, str]:
    """`name=value`."""
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise argparse.ArgumentTypeError(say("usage-named-value", value=text))
    return name, value
