"""What checking an identifier gives: the kinds there are, and the answer."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from unitclient.domain.findings import Finding, Severity


class IdKind(StrEnum):
    """Kinds of identifiers. The values name them on the command line and in form rows."""

    RESIDENT_18 = "resident_id_18"
    RESIDENT_15 = "resident_id_15"
    HMT_RESIDENCE = "hmt_residence_permit"
    FOREIGN_RESIDENCE = "foreign_permanent_residence"
    FOREIGN_NUMBER = "foreign_social_security_no"
    CREDIT_CODE = "unified_social_credit_code"
    BANK_CARD = "bank_card_luhn"
    HMT_TRAVEL = "hmt_travel_permit"
    NAME = "name_cn"


PERSON_KINDS = frozenset(
    {
        IdKind.RESIDENT_18,
        IdKind.RESIDENT_15,
        IdKind.HMT_RESIDENCE,
        IdKind.FOREIGN_RESIDENCE,
        IdKind.FOREIGN_NUMBER,
        IdKind.HMT_TRAVEL,
    }
)
"""Kinds that identify a person."""


class Identifier(NamedTuple):
    """The answer about one value. A tuple, because an import makes one for every row.

    `code` is "" when ok, else a reason: LEN, CHARS, LOWER_X, AREA, DATE, DATE_FUTURE, DATE_RANGE, CHECK, NATION,
    REG_DEPT, ORG_CHECK, LUHN, FORMAT, UNDER_AGE. `info` holds what the value tells: birth "YYYY-MM-DD", sex "1" male or
    "2" female, kind, upgraded, nation ...
    """

    ok: bool
    code: str
    kind: IdKind | None
    normalized: str
    info: dict[str, str]
    warnings: tuple[Finding, ...] = ()

    def finding(self, field: str = "", severity: Severity = Severity.ERROR) -> Finding:
        """What is wrong, as a finding: code `ID_<reason>`."""
        return Finding(f"ID_{self.code}", severity, field, self.normalized)


def refused(kind: IdKind | None, value: str, code: str) -> Identifier:
    """The answer for a value that is not ok."""
    return Identifier(False, code, kind, value, {})


def is_digits(text: str) -> bool:
    """Only 0-9, at least one. (`str.isdigit` alone would take other scripts' digits.)"""
    return text.isascii() and text.isdigit()
