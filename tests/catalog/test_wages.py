"""Annual wage, base adjustment, monthly lines and back payment."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.catalog.people import MAN, PERIOD, codes, context, errors, form, person, policy
from unitclient.catalog import check_batch, check_row, recheck_row
from unitclient.domain.contribution import contribution
from unitclient.domain.insurance import Insurance
from unitclient.domain.roster import ChangeKind, PersonState, apply_change

ANNUAL, CHANGE, MONTHLY, BACK = (form(each) for each in ("annual-wage", "base-change", "monthly", "back-payment"))
WHO = {"name": "王小明", "id_number": MAN}


def test_the_wage_is_the_total_over_the_months() -> None:
    row = check_row(ANNUAL, {**WHO, "wage_total": "81,600", "months": 12}, context(person()))
    assert row.findings == ()
    assert row.values["wage"] == 680_000
    assert row.values["year"] == 2026
    assert row.key == f"{MAN}|2026"
    assert set(row.defaulted) == {"wage", "year"}
    assert apply_change(person(), ChangeKind.WAGE, row.values).wage_fen == 680_000


@given(st.integers(100_000, 10**9), st.integers(1, 12))
def test_a_computed_average_always_passes(total: int, months: int) -> None:
    cells = {**WHO, "wage_total": f"{total // 100}.{total % 100:02d}", "months": months}
    assert not errors(check_row(ANNUAL, cells, context(person())))


@pytest.mark.parametrize(
    ("wage", "found"),
    [("6800", []), ("6800.99", []), ("6801", ["AVERAGE_WRONG"]), ("6799", ["AVERAGE_WRONG"]), ("6799.01", [])],
)
def test_a_typed_average_may_be_rounded_to_the_yuan(wage: str, found: list[str]) -> None:
    row = check_row(ANNUAL, {**WHO, "wage_total": "81600", "months": "12", "wage": wage}, context(person()))
    assert codes(row) == found


def test_a_wage_alone_is_enough_but_a_total_needs_its_months() -> None:
    assert not errors(check_row(ANNUAL, {**WHO, "wage": "6800"}, context(person())))
    without = check_row(ANNUAL, {**WHO, "wage_total": "81600"}, context(person()))
    assert sorted(errors(without)) == [("REQUIRED", "months"), ("REQUIRED", "wage")]


@pytest.mark.parametrize("months", [0, -1])
def test_no_average_of_no_months(months: int) -> None:
    row = check_row(ANNUAL, {**WHO, "wage_total": "81600", "months": months}, context(person()))
    assert sorted(errors(row)) == [("OUT_OF_RANGE", "months"), ("REQUIRED", "wage")]


@pytest.mark.parametrize("months", [0, 13, -1])
def test_months_of_a_year(months: int) -> None:
    row = check_row(ANNUAL, {**WHO, "wage_total": "81600", "months": months, "wage": "6800"}, context(person()))
    assert ("OUT_OF_RANGE", "months") in errors(row)


def test_once_a_year() -> None:
    row = check_row(ANNUAL, {**WHO, "wage": "6800"}, context(person(), opened={("annual-wage", f"{MAN}|2026")}))
    assert errors(row) == [("B303", "year")]


@pytest.mark.parametrize(("year", "found"), [(2025, ["YEAR_WINDOW"]), (2026, []), (2027, []), (2028, ["YEAR_WINDOW"])])
def test_the_year_is_the_periods_or_the_next(year: int, found: list[str]) -> None:
    assert codes(check_row(ANNUAL, {**WHO, "wage": "6800", "year": year}, context(person()))) == found


def test_annual_limits_are_notices_and_strangers_errors() -> None:
    assert codes(check_row(ANNUAL, {**WHO, "wage": "3000"}, context(person()))) == ["B301"]
    assert errors(check_row(ANNUAL, {**WHO, "wage": "6800"}, context())) == [("NOT_ON_ROSTER", "id_number")]


def test_an_annual_declaration_says_how_many_are_missing() -> None:
    about = context(person(), active=3)
    rows = [check_row(ANNUAL, {**WHO, "wage": "6800"}, about)]
    found = check_batch(ANNUAL, rows, about)
    assert [(each.row, each.finding.code, each.finding.params) for each in found] == [
        (-1, "PERSONS_MISSING", {"missing": "2"})
    ]
    assert check_batch(ANNUAL, rows, context(person(), active=1)) == []


CHANGED = {**WHO, "wage": "7200", "start_month": "2026-07", "reason": "调薪"}


def test_a_base_change_takes_the_old_wage_from_the_roster() -> None:
    row = check_row(CHANGE, CHANGED, context(person()))
    assert row.findings == ()
    assert row.values["old_wage"] == 680_000
    assert row.values["reason"] == "wage-change"
    assert apply_change(person(), ChangeKind.WAGE, row.values).wage_fen == 720_000


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        ({"old_wage": "6700"}, ["OLD_WAGE_DIFFERS"]),
        ({"wage": "6800"}, ["WAGE_SAME"]),
        ({"start_month": "2026-06"}, ["B205"]),
        ({"start_month": "2026-08"}, []),
        ({"start_month": "2026-09"}, ["B204"]),
        ({"reason": ""}, ["REQUIRED"]),
        ({"reason": "心情"}, ["BAD_CODE"]),
    ],
)
def test_base_changes(cells: dict[str, object], found: list[str]) -> None:
    assert codes(check_row(CHANGE, {**CHANGED, **cells}, context(person()))) == found


def test_nobody_suspended_changes_a_base() -> None:
    row = check_row(CHANGE, CHANGED, context(person(state=PersonState.SUSPENDED)))
    assert errors(row) == [("NOT_ACTIVE", "id_number")]


def line(**changed: object) -> dict[str, object]:
    made = contribution(680_000, policy(PERIOD).rules[Insurance.PENSION])
    cells = {"insurance": "pension", "wage": 680_000, "base": made.base_fen}
    return {**WHO, **cells, "unit_amount": made.unit_fen, "person_amount": made.person_fen, **changed}


def test_a_line_that_the_policy_gives() -> None:
    row = recheck_row(MONTHLY, line(), context(person()))
    assert row.findings == ()
    assert (row.values["unit_amount"], row.values["person_amount"]) == (108_800, 54_400)
    assert row.key == f"{MAN}|pension"


@pytest.mark.parametrize("name", ["base", "unit_amount", "person_amount"])
def test_a_fen_off_is_refused(name: str) -> None:
    wrong = recheck_row(MONTHLY, line(**{name: int(str(line()[name])) + 1}), context(person()))
    assert errors(wrong) == [("AMOUNT_DIFFERS", name)]


def test_an_insurance_without_a_rule() -> None:
    assert errors(recheck_row(MONTHLY, line(insurance="injury"), context(person()))) == [("NO_RULE", "insurance")]


SPAN = {**WHO, "from_month": "2023-03", "to_month": "2023-05", "wage": "6800", "reason": "漏缴"}


def test_months_that_were_left_out() -> None:
    row = check_row(BACK, SPAN, context(person()))
    assert row.findings == ()
    assert row.values["reason"] == "2"
    assert row.consequences == ("consequence-back-payment-late-fee",)
    assert row.key == f"{MAN}|2023-03|2023-05"


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        ({"to_month": "2023-02"}, ["ORDER"]),
        ({"to_month": "2026-07"}, ["SPAN_NOT_PAST", "MONTH_COVERED"]),
        ({"from_month": "2020-06"}, []),
        ({"from_month": "2020-05"}, ["B601"]),
        ({"to_month": "2024-01"}, ["MONTH_COVERED"]),
        ({"to_month": "2024-01", "reason": "补基数"}, []),
        ({"from_month": "2005-01", "to_month": "2005-02"}, ["B104"]),
    ],
)
def test_spans_of_months(cells: dict[str, object], found: list[str]) -> None:
    assert sorted(codes(check_row(BACK, {**SPAN, **cells}, context(person())))) == sorted(found)


def test_a_difference_has_no_late_fee() -> None:
    row = check_row(BACK, {**SPAN, "reason": "基数补差"}, context(person()))
    assert row.consequences == ("consequence-difference-no-late-fee",)
