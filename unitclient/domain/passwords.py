"""What is no password: short, plain, common, a date, or mostly made of numbers and names that others know.

The first generation of such systems gave everybody the last digits of their ID number. Here no password is given by the
program at all, and one that is made of a person's or the unit's identifiers is refused.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from enum import StrEnum

SHORTEST = 8
"""Characters of a password."""
SHORTEST_DIGITS = 12
"""Characters of one that is digits only: eight are a birthday, eleven a phone."""
_FEWEST_KINDS = 5
_PIECE = 4
"""A run of so many characters of an identifier counts as taken from it."""
_OWN = 6
"""So many characters must be left when everything known is taken out."""
_NUMBERS = re.compile(r"\d{17}[\dx]|1[3-9]\d{9}")
"""ID numbers and mobile phones, known or not."""
_DATE = re.compile(r"(?:19|20)?\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])|(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
                   r"(?:19|20)\d{2}")  # fmt: skip
_RUNS = ("01234567890123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm", "1qaz2wsx3edc4rfv")
_COMMON = (
    "password", "passw0rd", "p@ssword", "p@ssw0rd", "admin", "administrator", "welcome", "letmein", "iloveyou",
    "woaini", "dragon", "monkey", "sunshine", "princess", "football", "baseball", "master", "qwerty", "qazwsx",
    "asdfgh", "abc123", "5201314", "1314520", "shebao", "shehui", "baoxian", "yanglao", "caiwu", "kuaiji", "renshi",
    "danwei", "mima", "unitclient", "changeme", "default", "secret", "test", "user", "root", "guest", "hello",
    "login",
)  # fmt: skip


class Weakness(StrEnum):
    """What is wrong with a password."""

    SHORT = "short"
    PLAIN = "plain"
    COMMON = "common"
    KNOWN = "known"


def weakness(password: str, known: Iterable[str] = ()) -> Weakness | None:
    """What is wrong with a new password; None when nothing is.

    `known` are identifiers of the operators, the unit and its people: names, unit number, USCC, ID numbers, phones.
    """
    plain = _plain(password)
    if len(password) < SHORTEST or (plain.isdigit() and len(password) < SHORTEST_DIGITS):
        return Weakness.SHORT
    if len(set(plain)) < _FEWEST_KINDS:
        return Weakness.PLAIN
    left = _without_known(plain, [_plain(one) for one in known])
    if left != plain and len(left) < _OWN:
        return Weakness.KNOWN
    rest = _without_common(left)
    return Weakness.COMMON if rest != plain and len(rest) < _OWN else None


def _plain(text: str) -> str:
    """One width, no case, letters and figures only: what a guesser tries is not held off by a dot or a capital."""
    return "".join(one for one in unicodedata.normalize("NFKC", text).casefold() if one.isalnum())


def _without_known(plain: str, known: list[str]) -> str:
    """What is left when dates, whole names and pieces of identifiers (forwards and backwards) are taken out."""
    plain = _NUMBERS.sub("", plain)
    for name in known:
        if len(name) > 1:
            plain = plain.replace(name, "")
    text = "\n".join(known)
    return _DATE.sub("", _without_pieces(plain, f"{text}\n{text[::-1]}"))


def _without_common(plain: str) -> str:
    for word in _COMMON:
        plain = plain.replace(word, "")
    for run in (*_RUNS, *(run[::-1] for run in _RUNS)):
        plain = _without_pieces(plain, run)
    return plain


def _without_pieces(plain: str, text: str) -> str:
    """Without its longest pieces that stand in `text`."""
    start = 0
    left: list[str] = []
    while start < len(plain):
        length = 0
        while start + length < len(plain) and plain[start : start + length + 1] in text:
            length += 1
        if length >= _PIECE:
            start += length
        else:
            left.append(plain[start])
            start += 1
    return "".join(left)
