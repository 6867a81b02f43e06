"""Citizen identity numbers: GB 11643-1999 (18), GB 11643-1989 (15), and 港澳台居民居住证, which follows the same rule.

Area 6 + birth 8 + sequence 3 (odd = male) + MOD 11-2 (ISO 7064) check character.
"""

from __future__ import annotations

import re
from calendar import isleap
from datetime import date
from functools import lru_cache

from unitclient.domain.areas import MAINLAND_PROVINCES, PERMIT_AREAS, TAIWAN, AreaTable
from unitclient.domain.findings import Finding, Severity
from unitclient.domain.identity import Identifier, IdKind, is_digits, refused

CHECK_CHARACTERS = "10X98765432"
WORKING_AGE = 16
"""Nobody younger may be hired (劳动法 art. 15)."""
ADULT_AGE = 18
EARLIEST_YEAR = "1850"
"""A birth before this is a typing mistake, not an age."""

_KIND = IdKind.RESIDENT_18
_PROVINCES = MAINLAND_PROVINCES | {TAIWAN}
_ODD = "13579"
_RESIDENT = re.compile("[0-9]{17}[0-9X]")


def check_character(body: str) -> str:
    """MOD 11-2 character over 17 digits: their sum with the weights 2^17 ... 2, modulo 11.

    Read as a number of base 13, which is 2 modulo 11, the digits come with just these weights (halved).
    """
    return CHECK_CHARACTERS[int(body, 13) * 2 % 11]


@lru_cache(maxsize=1000)
def _day(text: str) -> str:
    """ "-MM-DD" of "MMDD" when a leap year has that day, else ""."""
    try:
        date(2000, int(text[:2]), int(text[2:]))
    except ValueError:
        return ""
    return f"-{text[:2]}-{text[2:]}"


def read_date(text: str) -> tuple[str, str]:
    """(birth "YYYY-MM-DD", reason) of "YYYYMMDD"; the reason is "" for a real date of somebody who may be alive."""
    year, day = text[:4], _day(text[4:])
    if not day or year == "0000" or (day == "-02-29" and not isleap(int(year))):
        return "", "DATE"
    return year + day, "DATE_RANGE" if year < EARLIEST_YEAR else ""


@lru_cache(maxsize=64)
def _limits(today: date) -> tuple[str, str, str]:
    """Latest birth ("YYYYMMDD") of anybody, of somebody of working age, of an adult."""
    day = today.strftime("%m%d")
    return f"{today.year:04d}{day}", f"{today.year - WORKING_AGE:04d}{day}", f"{today.year - ADULT_AGE:04d}{day}"


def check_body(kind: IdKind, value: str, today: date) -> Identifier:
    """Birth and check character of 18 characters that are known to be 17 digits and a check character."""
    born = value[6:14]
    birth, reason = read_date(born)
    if not reason and born > _limits(today)[0]:
        reason = "DATE_FUTURE"
    if reason:
        return refused(kind, value, reason)
    if check_character(value[:17]) != value[17]:
        return refused(kind, value, "CHECK")
    return Identifier(True, "", kind, value, {"birth": birth, "sex": "1" if value[16] in _ODD else "2"})


def shape_reason(value: str) -> str:
    """Why the value is not 17 digits and a check character, or ""."""
    if _RESIDENT.fullmatch(value):
        return ""
    if len(value) != 18:
        return "LEN"
    if not is_digits(value[:17]) or value[17] not in "0123456789Xx":
        return "CHARS"
    return "LOWER_X" if value[17] == "x" else ""


def check_resident_18(value: str, today: date, areas: AreaTable | None = None) -> Identifier:
    """An 18-character citizen number. Under 16 it is not ok (UNDER_AGE): such a person cannot be insured as staff."""
    reason = shape_reason(value)
    if reason:
        return refused(_KIND, value, reason)
    if value[:2] not in _PROVINCES:
        return refused(_KIND, value, "AREA")
    checked = check_body(_KIND, value, today)
    if not checked.ok:
        return checked
    checked.info["kind"] = "居民身份证"
    _, working, adult = _limits(today)
    if (born := value[6:14]) > adult:
        if born > working:
            return Identifier(False, "UNDER_AGE", _KIND, value, checked.info)
        return checked._replace(warnings=_warnings(value, True, areas))
    if areas is not None and value[:6] not in areas.codes:
        return checked._replace(warnings=_warnings(value, False, areas))
    return checked


def _warnings(value: str, minor: bool, areas: AreaTable | None) -> tuple[Finding, ...]:
    found = []
    if minor:
        found.append(Finding("ID_MINOR", Severity.WARNING, value=value))
    if areas is not None and not areas.knows(value[:6]):
        found.append(Finding("ID_COUNTY_UNKNOWN", Severity.WARNING, value=value, params={"area": value[:6]}))
    return tuple(found)


def upgrade(value: str) -> str:
    """18 characters of a 15-digit number: century 19, or 18 for the sequences 996-999 kept for centenarians."""
    century = "18" if value[12:] >= "996" else "19"
    body = value[:6] + century + value[6:]
    return body + check_character(body)


def check_resident_15(value: str, today: date, areas: AreaTable | None = None) -> Identifier:
    """A 15-digit number: no identity document since 2013-01-01, kept for matching old insurance records."""
    kind = IdKind.RESIDENT_15
    if len(value) != 15:
        return refused(kind, value, "LEN")
    if not is_digits(value):
        return refused(kind, value, "CHARS")
    longer = check_resident_18(upgrade(value), today, areas)
    if not longer.ok:
        return refused(kind, value, longer.code)
    void = Finding("ID_15_VOID", Severity.WARNING, value=value, params={"upgraded": longer.normalized})
    info = {**longer.info, "upgraded": longer.normalized}
    return Identifier(True, "", kind, value, info, (void, *longer.warnings))


def check_hmt_residence(value: str, today: date) -> Identifier:
    """A residence permit of somebody from Hong Kong (810000), Macao (820000) or Taiwan (830000)."""
    kind = IdKind.HMT_RESIDENCE
    reason = shape_reason(value)
    if not reason and value[:6] not in PERMIT_AREAS:
        reason = "AREA"
    if reason:
        return refused(kind, value, reason)
    checked = check_body(kind, value, today)
    if checked.ok:
        checked.info["kind"] = "港澳台居民居住证"
    return checked
