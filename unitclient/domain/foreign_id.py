"""Numbers of foreigners: both permanent-residence cards, the social-security number, and travel permits."""

from __future__ import annotations

import re
from datetime import date

from unitclient.domain.areas import MAINLAND_PROVINCES
from unitclient.domain.countries import ALPHA3_OF, NUMERIC_OF
from unitclient.domain.identity import Identifier, IdKind, is_digits, refused
from unitclient.domain.resident_id import check_body, shape_reason

_UPPER_OR_DIGIT = re.compile(r"[0-9A-Z]*")
_OLD_CARD = re.compile(r"[A-Z]{3}[0-9]{12}")
_SEX = ("2", "1")

_TRAVEL_PERMITS = (
    (re.compile(r"[HM][0-9]{8}"), "港澳居民来往内地通行证(2013版 9位)"),
    (re.compile(r"[HM][0-9]{10}"), "港澳居民来往内地通行证(11位，末2位为换证次数)"),
    (re.compile(r"[0-9]{8}"), "台湾居民来往大陆通行证(卡式)"),
    (re.compile(r"[0-9]{10}[A-Z]"), "台湾居民来往大陆通行证(本式)"),
)


def check_foreign_residence(value: str, today: date) -> Identifier:
    """外国人永久居留身份证: 18 characters (issued from 2023-12-01) or 15 (2017 to 2023)."""
    if len(value) == 15:
        return _check_card_2017(value)
    return _check_card_2023(value, today)


def _check_card_2023(value: str, today: date) -> Identifier:
    """9 + province of first application 2 + nationality numeric 3 + birth 8 + sequence 3 + MOD 11-2."""
    kind = IdKind.FOREIGN_RESIDENCE
    reason = shape_reason(value) or _origin_reason(value)
    if reason:
        return refused(kind, value, reason)
    checked = check_body(kind, value, today)
    if checked.ok:
        checked.info.update(version="2023", nation=ALPHA3_OF[value[3:6]])
    return checked


def _origin_reason(value: str) -> str:
    if value[0] != "9":
        return "FORMAT"
    if value[1:3] not in MAINLAND_PROVINCES:
        return "AREA"
    return "" if value[3:6] in ALPHA3_OF else "NATION"


def _check_card_2017(value: str) -> Identifier:
    """Nationality 3 letters + issuing area 4 + birth yymmdd + sequence 1 (odd = male) + ICAO 9303 check digit."""
    kind = IdKind.FOREIGN_RESIDENCE
    reason = _card_2017_reason(value)
    if reason:
        return refused(kind, value, reason)
    info = {"version": "2017", "sex": _SEX[int(value[13]) % 2], "nation": value[:3]}
    return Identifier(True, "", kind, value, info)


def _card_2017_reason(value: str) -> str:
    if _OLD_CARD.fullmatch(value) is None:
        return "CHARS"
    if value[:3] not in NUMERIC_OF:
        return "NATION"
    if value[3:5] not in MAINLAND_PROVINCES:
        return "AREA"
    if not _is_date_in_some_century(value[7:13]):
        return "DATE"
    return "" if icao_check_digit(value[:14]) == value[14] else "CHECK"


def _is_date_in_some_century(text: str) -> bool:
    for century in ("19", "20"):
        try:
            date(int(century + text[:2]), int(text[2:4]), int(text[4:]))
        except ValueError:
            continue
        return True
    return False


def icao_check_digit(text: str) -> str:
    """ICAO 9303: weights 7-3-1, A = 10 ... Z = 35, sum modulo 10."""
    return str(sum((7, 3, 1)[place % 3] * int(character, 36) for place, character in enumerate(text)) % 10)


def check_foreign_number(value: str) -> Identifier:
    """社会保障号码 of a foreigner (人社部令第16号): nation 3 + reserved 1 + document number 14, zeros first."""
    kind = IdKind.FOREIGN_NUMBER
    if len(value) != 18:
        return refused(kind, value, "LEN")
    if _UPPER_OR_DIGIT.fullmatch(value) is None:
        return refused(kind, value, "CHARS")
    if value[:3] not in NUMERIC_OF:
        return refused(kind, value, "NATION")
    document = value[4:].lstrip("0")
    if not document:
        return refused(kind, value, "FORMAT")
    return Identifier(True, "", kind, value, {"nation": value[:3], "reserved": value[3], "doc": document})


def foreign_number(nation: str, document: str, reserved: str = "0") -> str:
    """The social-security number of a foreign document; raises ValueError when it cannot be one."""
    value = f"{nation}{reserved}{document.rjust(14, '0')}"
    if not check_foreign_number(value).ok:
        raise ValueError(document)
    return value


def check_travel_permit(value: str) -> Identifier:
    """来往内地 / 大陆通行证: no check digit, only a form. H and M are Hong Kong and Macao, digits alone Taiwan."""
    for pattern, label in _TRAVEL_PERMITS:
        if pattern.fullmatch(value):
            return Identifier(True, "", IdKind.HMT_TRAVEL, value, {"kind": label})
    return refused(IdKind.HMT_TRAVEL, value, "FORMAT")


def travel_permit_nation(value: str) -> str:
    """Country code under which a holder is known without a residence permit."""
    return {"H": "HKG", "M": "MAC"}.get(value[:1], "TWN")


def is_old_card(value: str) -> bool:
    """Whether the value looks like a 2017 permanent-residence card."""
    return len(value) == 15 and value[:3].isalpha() and is_digits(value[3:])
