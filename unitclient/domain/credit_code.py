"""统一社会信用代码 (GB 32100-2015) and the organisation code in it (GB 11714)."""

from __future__ import annotations

from unitclient.domain.areas import MAINLAND_PROVINCES, NATIONAL_REGISTRY, PERMIT_AREAS, TAIWAN
from unitclient.domain.identity import Identifier, IdKind, is_digits, refused

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""Digits and letters without I, O, Z, S, V."""
DEPARTMENTS = {
    "1": "机构编制",
    "2": "外交",
    "3": "司法行政",
    "4": "文化",
    "5": "民政",
    "6": "旅游",
    "7": "宗教",
    "8": "工会",
    "9": "工商",
    "A": "中央军委改革和编制办公室",
    "N": "农业",
    "Y": "其他",
}
"""Registering department, first character (GB 32100-2015 with its amendment of 2016)."""
_AREAS = MAINLAND_PROVINCES | {NATIONAL_REGISTRY, TAIWAN} | {area[:2] for area in PERMIT_AREAS}
_VALUE = {character: value for value, character in enumerate(ALPHABET)}
_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def check_credit_code(value: str) -> Identifier:
    """A unit's code: department 1, category 1, area 6, organisation code 9 (with its own check), check 1."""
    kind = IdKind.CREDIT_CODE
    reason = _reason(value)
    if reason:
        return refused(kind, value, reason)
    info = {"org_code": f"{value[8:16]}-{value[16]}", "department": DEPARTMENTS[value[0]], "area": value[2:8]}
    return Identifier(True, "", kind, value, info)


def _reason(value: str) -> str:
    if len(value) != 18:
        return "LEN"
    if any(character not in _VALUE for character in value) or not is_digits(value[2:8]):
        return "CHARS"
    if value[0] not in DEPARTMENTS:
        return "REG_DEPT"
    if value[2:4] not in _AREAS:
        return "AREA"
    if organisation_check(value[8:16]) != value[16]:
        return "ORG_CHECK"
    return "" if check_character(value[:17]) == value[17] else "CHECK"


def check_character(body: str) -> str:
    """The 18th character over the first 17."""
    return ALPHABET[-sum(weight * _VALUE[character] for weight, character in zip(_WEIGHTS, body, strict=True)) % 31]


def organisation_check(body: str) -> str:
    """GB 11714 check character over eight characters; letters count from A = 10, and 10 is written X."""
    weighted = zip(_ORGANISATION_WEIGHTS, body, strict=True)
    return "0123456789X"[-sum(weight * int(character, 36) for weight, character in weighted) % 11]
