"""Checks of the businesses that change what is known of a person, beyond what their cases show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from tests.catalog.people import MAN, UNIT, codes, context, errors, form, number, person
from unitclient.catalog import CheckContext, check_row
from unitclient.catalog.checking import recheck_row
from unitclient.domain.period import Period
from unitclient.domain.registers import Entry
from unitclient.domain.roster import Coverage, Person, PersonState

NAMED: Mapping[str, object] = {"name": "王小明", "id_number": MAN}
SUSPENDED = person(state=PersonState.SUSPENDED, until=Period(2026, 5))


def holding(register: str, key: str, **values: Any) -> CheckContext:
    """A context whose centre has one entry."""
    entry = Entry(register, key, "assigned", values)
    return replace(context(person()), entry=lambda name, of: entry if (name, of) == (register, key) else None)


@pytest.mark.parametrize(
    ("form_id", "reason", "elsewhere"),
    [("suspension", "222", "251"), ("transfer-out", "231", "222"), ("termination", "212", "211")],
)
def test_a_reason_of_another_business_is_refused_at_the_centre_too(form_id: str, reason: str, elsewhere: str) -> None:
    """A field may take a part of its table only; the centre reads codes, not words."""
    row = {**NAMED, "reason": reason, "last_paid_month": "2026-07", "end_date": "2026-07-09"}
    row |= {"to_place": "示例市", "proof": "证明", "end_reason": "R1"}
    own = form(form_id)
    assert errors(recheck_row(own, {k: v for k, v in row.items() if k in own.by_name}, context(person()))) == []
    wrong = {**row, "reason": elsewhere}
    found = recheck_row(own, {k: v for k, v in wrong.items() if k in own.by_name}, context(person()))
    assert ("BAD_CODE", "reason") in errors(found)


@pytest.mark.parametrize(("form_id", "kind"), [("suspension", "terminate"), ("death", "suspend")])
def test_the_kind_follows_from_the_business(form_id: str, kind: str) -> None:
    found = recheck_row(form(form_id), {**NAMED, "stop_kind": kind}, context(person()))
    assert ("BAD_CODE", "stop_kind") in errors(found)


def test_a_resumption_has_the_insurances_of_before() -> None:
    held = {"pension": Coverage(Period(2024, 1), Period(2026, 5)), "injury": Coverage(Period(2024, 1))}
    partly = replace(SUSPENDED, coverage=held, state=PersonState.ACTIVE)
    row = {**NAMED, "start_month": "2026-07", "wage": "6800"}
    assert check_row(form("resumption"), row, context(SUSPENDED)).values["insurances"] == sorted(UNIT)
    found = check_row(form("resumption"), row, context(partly))
    assert (found.values["insurances"], errors(found)) == (["pension"], [])
    assert found.values["enrol_kind"] == "resumed"


def test_a_known_personal_number_is_filled_in() -> None:
    row = {**NAMED, "phone": "13800000000"}
    found = check_row(form("person-detail"), row, holding("person-number", MAN, person_number="1000234567"))
    assert found.values["person_number"] == "1000234567"
    assert "person_number" in found.defaulted
    unknown = check_row(form("person-detail"), row, holding("person-number", number("19920101"), person_number="1"))
    assert unknown.values["person_number"] is None


@pytest.mark.parametrize(
    ("birth", "sequence", "kind", "month", "refused"),
    [
        ("19660307", 1, "411", "2026-07", False),  # a man whose statutory month is 2026-09
        ("19700307", 1, "411", "2026-07", True),  # statutory 2031-07: three years earlier is 2028-07
        ("19700307", 1, "413", "2026-07", False),
        ("19760307", 1, "413", "2026-07", True),
        ("19760307", 2, "411", "2026-07", False),  # a woman's lower age, post unknown: 50 years and 8 months
    ],
)
def test_when_somebody_may_retire(birth: str, sequence: int, kind: str, month: str, refused: bool) -> None:
    one = number(birth, sequence)
    row = {"name": "王小明", "id_number": one, "reason": kind, "retire_month": month, "last_paid_month": "2026-07"}
    row |= {"contribution_months": "240", "approval_number": "演〔2026〕1号"}
    found = check_row(form("retirement"), row, context(person(one)))
    assert ("RETIRE_EARLY" in codes(found)) is refused, found.findings


@pytest.mark.parametrize(
    ("kind", "months", "short"), [("411", "179", True), ("411", "180", False), ("416", "12", False)]
)
def test_months_that_a_pension_needs(kind: str, months: str, short: bool) -> None:
    one = number("19640307")
    row = {"name": "王小明", "id_number": one, "reason": kind, "retire_month": "2026-07", "last_paid_month": "2026-07"}
    found = check_row(form("retirement"), {**row, "contribution_months": months}, context(person(one)))
    assert ("YEARS_SHORT" in codes(found)) is short


def coverage(holder: Person, **cells: object) -> list[str]:
    row = {**NAMED, "start_month": "2026-08", **cells}
    return codes(check_row(form("coverage-change"), row, context(holder)))


def test_what_goes_together() -> None:
    """Giving up one of pension, unemployment and injury is unusual; injury alone is usual."""
    assert coverage(person(), drop="失业") == ["B305"]
    assert coverage(person(), drop="养老、医疗、失业") == []
    without = replace(person(), coverage={"injury": Coverage(Period(2024, 1))})
    assert coverage(without, add="养老、医疗、失业") == []
    assert coverage(without, add="养老") == ["B305"]


def test_an_insurance_is_not_taken_up_and_given_up_at_once() -> None:
    without = replace(person(), coverage={"pension": Coverage(Period(2024, 1))})
    assert coverage(without, add="失业", drop="失业") == ["NOT_COVERED"]


@pytest.mark.parametrize(
    ("item", "before", "after"),
    [("证件号码", MAN, number("19900317")), ("出生日期", "1990-03-07", "1990.3.17"), ("性别", "男", "女性")],
)
def test_what_was_before_is_filled_in_from_the_number(item: str, before: str, after: str) -> None:
    row = {**NAMED, "item": item, "after": after, "proof": "公安机关证明"}
    found = check_row(form("identity-change"), row, context(person()))
    assert (errors(found), found.values["before"]) == ([], before)


@pytest.mark.parametrize("after", ["91110000MA0000000X", "6222020000000000000", "11000019900307"])
def test_what_is_no_persons_number(after: str) -> None:
    row = {**NAMED, "item": "证件号码", "after": after, "proof": "公安机关证明"}
    assert errors(check_row(form("identity-change"), row, context(person()))) == [("B101", "after")]


def test_every_name_of_a_row_is_read_as_a_name() -> None:
    """A wrong dot is mended and said, a character that no name has is refused."""
    row = {**NAMED, "reason": "更名", "proof": "户口簿"}
    found = check_row(form("name-change"), {**row, "new_name": "买买提.艾力"}, context(person()))
    assert (codes(found), found.values["new_name"]) == (["NAME_FOLDED"], "买买提·艾力")
    assert errors(check_row(form("name-change"), {**row, "new_name": "王2明"}, context(person()))) == [
        ("NAME_CHARS", "new_name")
    ]
