"""Ids and numbers the centre gives out: UUIDv7, unit numbers, acceptance and bill numbers, synthetic USCCs."""

from __future__ import annotations

import os
import re
import sqlite3
from datetime import datetime

from unitclient.clock import CHINA

_UUID7 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def uuid7(at: datetime) -> str:
    """A UUIDv7 (RFC 9562) for the instant `at`: 48 bits of milliseconds, 74 random bits."""
    value = int(at.timestamp() * 1000) & (1 << 48) - 1
    value = value << 80 | int.from_bytes(os.urandom(10), "big")
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    text = f"{value:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def is_uuid7(text: str) -> bool:
    """Whether `text` is a UUIDv7 in its one written form (lower case, hyphens)."""
    return _UUID7.fullmatch(text) is not None


def instant(at: datetime) -> str:
    """RFC 3339 in China standard time, milliseconds. Of fixed width, so that instants sort as text."""
    return at.astimezone(CHINA).isoformat(timespec="milliseconds")


def next_number(tx: sqlite3.Connection, counter: str) -> int:
    """The next value of a named counter, from 1. Called under the writer lock, so no value is given twice."""
    row = tx.execute(
        "INSERT INTO meta VALUES (?, '1') ON CONFLICT (key) DO UPDATE SET value = value + 1 RETURNING value",
        (f"counter:{counter}",),
    ).fetchone()
    return int(row[0])


def acceptance_number(tx: sqlite3.Connection, region: str, at: datetime) -> str:
    """受理单号: region, day, and a serial of that day: 6 + 8 + 6 digits."""
    day = at.astimezone(CHINA).strftime("%Y%m%d")
    return f"{region}{day}{next_number(tx, f'acceptance:{region}{day}'):06d}"


def bill_number(tx: sqlite3.Connection, unit_number: str, period: str) -> str:
    """结算单号: unit number, period, and a serial within both."""
    month = period.replace("-", "")
    return f"{unit_number}{month}{next_number(tx, f'bill:{unit_number}{month}'):03d}"


def synthetic_uscc(region: str, serial: int) -> str:
    """A USCC of no real unit, with right check digits (GB 32100-2015, GB 11714): 91 + region + organisation code.

    Organisation codes of practice units begin with MAPX, a range nobody registers on purpose.
    """
    organisation = "MAPX" + f"{serial:04d}"
    organisation += _organisation_check(organisation)
    body = "91" + region + organisation
    total = sum(_USCC_ALPHABET.index(char) * pow(3, place, 31) for place, char in enumerate(body))
    return body + _USCC_ALPHABET[(31 - total % 31) % 31]


def _organisation_check(code: str) -> str:
    values = (int(char, 36) for char in code)
    rest = 11 - sum(weight * value for weight, value in zip(_ORGANISATION_WEIGHTS, values, strict=True)) % 11
    return "X" if rest == 10 else str(rest % 11)
