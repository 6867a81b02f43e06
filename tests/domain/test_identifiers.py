"""Identifiers: known cases of every kind, recognition, folding, and single typing mistakes."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.known import identifiers, name_of
from unitclient.domain import credit_code, resident_id
from unitclient.domain.areas import AreaTable
from unitclient.domain.countries import ALPHA3_OF, NUMERIC_OF
from unitclient.domain.identifiers import (
    PERSON_KINDS,
    IdKind,
    check_identifier,
    fold,
    person_kind,
    recognise,
    social_security_number,
)

TODAY = date(2025, 12, 31)
ADULT = "11000019900307001X"

bodies = st.builds(
    lambda area, day, sequence: f"{area}{day:%Y%m%d}{sequence:03d}",
    st.sampled_from(["110000", "510000", "430702", "320583"]),
    st.dates(date(1901, 1, 1), date(2009, 12, 31)),
    st.integers(1, 999),
)
residents = bodies.map(lambda body: body + resident_id.check_character(body))


@pytest.mark.parametrize("case", identifiers(), ids=name_of)
def test_known_values(case: Any) -> None:
    checked = check_identifier(case["value"], case["kind"], today=TODAY)
    assert (checked.ok, checked.code) == (case["ok"], case["code"])
    if case["kind"] != IdKind.NAME:
        assert case["info"].items() <= checked.info.items()


@pytest.mark.parametrize(
    "case", [case for case in identifiers() if case["ok"] and case["kind"] in PERSON_KINDS], ids=name_of
)
def test_personal_numbers_are_recognised_by_shape(case: Any) -> None:
    checked = check_identifier(case["value"], today=TODAY)
    assert (checked.ok, checked.kind) == (True, case["kind"])


@pytest.mark.parametrize("case", [case for case in identifiers() if case["ok"]], ids=name_of)
def test_recognise_tells_units_and_cards_too(case: Any) -> None:
    if case["kind"] == IdKind.NAME or (case["kind"] == IdKind.BANK_CARD and len(case["value"]) == 18):
        return  # a name has no shape, and an 18-digit number is always read as a person's
    assert recognise(case["value"]) == case["kind"]


@pytest.mark.parametrize(
    "value", ["", "x", "H", "中文", "1" * 40, "１１００００１９９００３０７００１Ｘ", "\ud800", "ABC", "12345"]
)
def test_what_looks_like_nothing_is_refused_as_such(value: str) -> None:
    checked = check_identifier(value, today=TODAY)
    assert not checked.ok
    assert checked.code in {"FORMAT", "LEN", "CHARS"}


@given(st.text(max_size=22), st.sampled_from([None, *IdKind]))
def test_any_text_gets_an_answer(value: str, kind: IdKind | None) -> None:
    checked = check_identifier(value, kind, today=TODAY)
    assert checked.ok == (checked.code == "")


@given(residents, st.integers(0, 17), st.sampled_from("0123456789"))
def test_one_wrong_digit_is_always_seen(value: str, place: int, digit: str) -> None:
    wrong = value[:place] + digit + value[place + 1 :]
    assert check_identifier(value, today=TODAY).ok
    assert wrong == value or not check_identifier(wrong, IdKind.RESIDENT_18, today=TODAY).ok


@given(residents, st.integers(0, 15))
def test_two_swapped_neighbours_are_always_seen(value: str, place: int) -> None:
    wrong = value[:place] + value[place + 1] + value[place] + value[place + 2 :]
    assert wrong == value or not check_identifier(wrong, IdKind.RESIDENT_18, today=TODAY).ok


@given(st.text("0123456789", min_size=17, max_size=17))
def test_the_check_character_is_that_of_the_standards_weights(digits: str) -> None:
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(weight * int(digit) for weight, digit in zip(weights, digits, strict=True))
    assert resident_id.check_character(digits) == "10X98765432"[total % 11]


@given(residents)
def test_birth_and_sex_come_from_the_number(value: str) -> None:
    info = check_identifier(value, today=TODAY).info
    assert info["birth"].replace("-", "") == value[6:14]
    assert info["sex"] == str(2 - int(value[16]) % 2)


@pytest.mark.parametrize(
    ("today", "code", "warnings"),
    [
        (date(2005, 12, 31), "DATE_FUTURE", []),
        (date(2025, 12, 30), "UNDER_AGE", []),
        (date(2025, 12, 31), "", ["ID_MINOR"]),
        (date(2027, 12, 30), "", ["ID_MINOR"]),
        (date(2027, 12, 31), "", []),
    ],
)
def test_age_on_the_day(today: date, code: str, warnings: list[str]) -> None:
    checked = check_identifier("150000200912310052", today=today)
    assert checked.code == code
    assert [finding.code for finding in checked.warnings] == warnings


def test_somebody_born_on_29_february_is_16_on_1_march() -> None:
    body = "11000020080229001"
    value = body + resident_id.check_character(body)
    assert check_identifier(value, today=date(2024, 2, 28)).code == "UNDER_AGE"
    assert check_identifier(value, today=date(2024, 2, 29)).ok


def test_a_birth_before_1850_is_a_slip() -> None:
    body = "11000018000101001"
    assert check_identifier(body + resident_id.check_character(body), today=TODAY).code == "DATE_RANGE"


def test_an_unknown_county_only_warns_and_an_unknown_province_refuses() -> None:
    areas = AreaTable.of(["110000", "430702"])
    assert check_identifier("430702190501010110", today=TODAY, areas=areas).warnings == ()
    known = check_identifier("320583190802290146", today=TODAY, areas=areas)
    assert known.ok
    assert [(f.code, f.params["area"]) for f in known.warnings] == [("ID_COUNTY_UNKNOWN", "320583")]
    assert check_identifier("990000190501010110", IdKind.RESIDENT_18, today=TODAY).code == "AREA"


def test_an_old_number_warns_and_says_its_new_form() -> None:
    checked = check_identifier("110000900307001", today=TODAY)
    assert [(f.code, f.params["upgraded"]) for f in checked.warnings] == [("ID_15_VOID", ADULT)]


@pytest.mark.parametrize(
    "typed", [f" {ADULT}\u00a0", ADULT.lower(), "１１００００１９９００３０７００１Ｘ", f"\ufeff{ADULT}\u3000"]
)
def test_folding_gives_the_number(typed: str) -> None:
    assert fold(typed) == ADULT


@given(st.text(max_size=20))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_the_calculators_do_not_fold() -> None:
    assert check_identifier(ADULT.lower(), today=TODAY).code == "LOWER_X"


@pytest.mark.parametrize(
    ("kind", "value", "number"),
    [
        ("resident_id_18", ADULT, ADULT),
        ("resident_id_15", "110000900307001", ADULT),
        ("hmt_residence_permit", "810000190508230028", "810000190508230028"),
        ("foreign_permanent_residence", "911840190501010013", "911840190501010013"),
        ("foreign_permanent_residence", "KAZ110090123105", "KAZ000110090123105"),
        ("foreign_social_security_no", "USA00000P123456789", "USA00000P123456789"),
        ("hmt_travel_permit", "H12345678", "HKG000000H12345678"),
        ("hmt_travel_permit", "0123456789A", "TWN00000123456789A"),
    ],
)
def test_the_number_a_person_is_known_under(kind: str, value: str, number: str) -> None:
    assert social_security_number(kind, value) == number
    assert len(number) == 18


def test_a_unit_has_no_personal_number() -> None:
    with pytest.raises(ValueError, match="unified"):
        social_security_number(IdKind.CREDIT_CODE, "91350100M000100Y43")


def test_a_value_of_another_kind_is_no_permit() -> None:
    assert check_identifier(ADULT, IdKind.HMT_RESIDENCE, today=TODAY).code == "AREA"
    assert check_identifier("810000190508230028", IdKind.RESIDENT_18, today=TODAY).code == "AREA"
    assert check_identifier(ADULT, IdKind.FOREIGN_RESIDENCE, today=TODAY).code == "FORMAT"


@pytest.mark.parametrize("department", sorted(credit_code.DEPARTMENTS))
def test_every_registering_department(department: str) -> None:
    body = f"{department}1510100MA6TEX000"
    assert check_identifier(body + credit_code.check_character(body), IdKind.CREDIT_CODE, today=TODAY).ok


@pytest.mark.parametrize("department", sorted(set(credit_code.ALPHABET) - set(credit_code.DEPARTMENTS)))
def test_other_departments_are_refused(department: str) -> None:
    body = f"{department}1510100MA6TEX000"
    checked = check_identifier(body + credit_code.check_character(body), IdKind.CREDIT_CODE, today=TODAY)
    assert checked.code == "REG_DEPT"


def test_a_national_register_has_its_own_area() -> None:
    body = "91100000MA6TEX000"
    assert check_identifier(body + credit_code.check_character(body), IdKind.CREDIT_CODE, today=TODAY).ok


def test_the_country_table_is_whole() -> None:
    assert len(NUMERIC_OF) == len(ALPHA3_OF) == 249
    assert (NUMERIC_OF["CHN"], NUMERIC_OF["KAZ"], ALPHA3_OF["840"]) == ("156", "398", "USA")


def test_a_finding_carries_the_reason() -> None:
    finding = check_identifier("110000199003070010", today=TODAY).finding("id_number")
    assert (finding.code, finding.field, finding.value) == ("ID_CHECK", "id_number", "110000199003070010")


def test_a_length_between_the_kinds_is_still_a_personal_number() -> None:
    assert person_kind("11000019900307001") is IdKind.RESIDENT_18
    assert check_identifier("11000090030700", today=TODAY).code == "LEN"
    assert check_identifier("USA11000501011", today=TODAY).code == "LEN"
