"""One door to every identifier check: by kind, or by the shape of the value."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from unitclient.domain.areas import AreaTable
from unitclient.domain.bank_card import check_bank_card
from unitclient.domain.credit_code import check_credit_code
from unitclient.domain.foreign_id import (
    check_foreign_number,
    check_foreign_residence,
    check_travel_permit,
    foreign_number,
    is_old_card,
    travel_permit_nation,
)
from unitclient.domain.identity import PERSON_KINDS, Identifier, IdKind, is_digits, refused
from unitclient.domain.names import check_name
from unitclient.domain.resident_id import check_hmt_residence, check_resident_15, check_resident_18, upgrade

__all__ = [
    "PERSON_KINDS",
    "AreaTable",
    "IdKind",
    "Identifier",
    "check_identifier",
    "fold",
    "person_kind",
    "recognise",
    "social_security_number",
]

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_INVISIBLE = dict.fromkeys([0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0x00AD])
_FOLDING = {**_FULL_WIDTH, **_INVISIBLE, 0x3000: " ", 0x00A0: " ", 0x202F: " "}


def fold(value: str) -> str:
    """What may be compared or imported: trimmed, full-width as half-width, no invisible marks, a last x as X."""
    folded = value if value.isascii() else value.translate(_FOLDING)
    folded = folded.strip()
    return f"{folded[:-1]}X" if folded.endswith("x") and is_digits(folded[:-1]) else folded


def person_kind(value: str) -> IdKind | None:
    """The kind of personal number the value looks like, right or wrong; None when it looks like none."""
    if len(value) == 18 and is_digits(value[:3]):
        return _kind_of_18(value)
    if is_old_card(value):
        return IdKind.FOREIGN_RESIDENCE
    if check_travel_permit(value).ok or (value[:1] in ("H", "M") and is_digits(value[1:])):
        return IdKind.HMT_TRAVEL
    if len(value) >= 13 and value[:3].isascii() and value[:3].isalpha():
        return IdKind.FOREIGN_NUMBER if len(value) >= 17 else IdKind.FOREIGN_RESIDENCE
    if 13 <= len(value) <= 15 and is_digits(value):
        return IdKind.RESIDENT_15
    return IdKind.RESIDENT_18 if 16 <= len(value) <= 19 and is_digits(value[:-1]) else None


def _kind_of_18(value: str) -> IdKind:
    if value[:2] in ("81", "82", "83"):
        return IdKind.HMT_RESIDENCE
    return IdKind.FOREIGN_RESIDENCE if value[0] == "9" else IdKind.RESIDENT_18


def recognise(value: str) -> IdKind | None:
    """The kind the value looks like, units and bank cards too; an 18-digit number is always read as a person's."""
    if len(value) == 18 and value.isascii() and value.isalnum() and _looks_like_credit_code(value):
        return IdKind.CREDIT_CODE
    if is_digits(value) and len(value) in (16, 19):
        return IdKind.BANK_CARD
    return person_kind(value)


def _looks_like_credit_code(value: str) -> bool:
    return is_digits(value[1:8]) and not is_digits(value[:17])


_Check = Callable[[str, date, AreaTable | None], Identifier]


def _name(value: str, today: date, areas: AreaTable | None) -> Identifier:
    checked = check_name(value)
    info = {key: str(member) for key, member in checked.info.items()}
    return Identifier(checked.ok, checked.code, IdKind.NAME, checked.folded, info)


_CHECKS: Mapping[IdKind, _Check] = {
    IdKind.RESIDENT_18: check_resident_18,
    IdKind.RESIDENT_15: check_resident_15,
    IdKind.HMT_RESIDENCE: lambda value, today, areas: check_hmt_residence(value, today),
    IdKind.FOREIGN_RESIDENCE: lambda value, today, areas: check_foreign_residence(value, today),
    IdKind.FOREIGN_NUMBER: lambda value, today, areas: check_foreign_number(value),
    IdKind.CREDIT_CODE: lambda value, today, areas: check_credit_code(value),
    IdKind.BANK_CARD: lambda value, today, areas: check_bank_card(value),
    IdKind.HMT_TRAVEL: lambda value, today, areas: check_travel_permit(value),
    IdKind.NAME: _name,
}


def check_identifier(
    value: str, kind: IdKind | str | None = None, *, today: date, areas: AreaTable | None = None
) -> Identifier:
    """Check a value exactly as it stands (use `fold` before where folding is allowed).

    Without a kind it is taken for the personal number it looks like; what looks like none is refused with FORMAT. With
    a table of areas an unknown county is a warning.
    """
    chosen = person_kind(value) if kind is None else kind if isinstance(kind, IdKind) else IdKind(kind)
    return refused(None, value, "FORMAT") if chosen is None else _CHECKS[chosen](value, today, areas)


def social_security_number(kind: IdKind | str, value: str) -> str:
    """The 18-character key under which a person is known: a valid number of that kind, brought to one form.

    Residents, permits and the 2023 card: the number itself (15 digits upgraded). The 2017 card: nation, 0, and its 12
    digits with zeros in front. Travel permits: the same form with HKG, MAC or TWN. Raises ValueError for other kinds.
    """
    chosen = IdKind(kind)
    if chosen not in PERSON_KINDS:
        raise ValueError(kind)
    if chosen is IdKind.RESIDENT_15:
        return upgrade(value)
    if chosen is IdKind.HMT_TRAVEL:
        return foreign_number(travel_permit_nation(value), value)
    if chosen is IdKind.FOREIGN_RESIDENCE and len(value) == 15:
        return foreign_number(value[:3], value[3:])
    return value
