"""Suspension and termination: kept apart, the reason with its consequence, dates that never default."""

from __future__ import annotations

import pytest

from tests.catalog.people import MAN, UNIT, WOMAN, catalog, codes, context, errors, form, number, person, stop
from unitclient.catalog import check_batch, check_row
from unitclient.domain.period import Period
from unitclient.domain.roster import ChangeKind, PersonState, apply_change

STOP = form("stop")


def test_a_resignation() -> None:
    row = check_row(STOP, stop(), context(person()))
    assert row.findings == ()
    assert row.values["reason"] == "222"
    assert row.values["stop_kind"] == "suspend"
    assert row.values["insurances"] == sorted(UNIT)
    assert set(row.defaulted) == {"stop_kind", "insurances"}
    assert row.consequences == ("consequence-own-wish", "consequence-stop-this-month")
    assert "失业保险金" in STOP.say(row.consequences[0])
    assert apply_change(person(), ChangeKind.STOP, row.values).state is PersonState.SUSPENDED


def test_a_retirement_is_a_termination() -> None:
    retired = person(number=number("19630601"))
    row = check_row(STOP, stop(id_number=retired.id_number, reason="退休", end_date="2026-07-01"), context(retired))
    assert (row.findings, row.values["stop_kind"]) == ((), "terminate")
    assert "consequence-retired" in row.consequences
    assert apply_change(retired, ChangeKind.STOP, row.values).state is PersonState.TERMINATED


@pytest.mark.parametrize(("reason", "kind"), [("辞职", "终止"), ("退休", "停保"), ("死亡", "停保"), ("参军", "终止")])
def test_kind_and_reason_must_agree(reason: str, kind: str) -> None:
    row = check_row(STOP, stop(reason=reason, stop_kind=kind), context(person()))
    assert ("CODES_DO_NOT_FIT", "stop_kind") in errors(row)


@pytest.mark.parametrize("name", ["reason", "last_paid_month", "end_date"])
def test_nothing_that_decides_is_filled_in(name: str) -> None:
    row = check_row(STOP, stop(**{name: ""}), context(person()))
    assert ("REQUIRED", name) in errors(row)
    assert row.values[name] is None


def test_the_day_is_demanded_by_the_reason() -> None:
    assert not errors(check_row(STOP, stop(reason="参军", end_date=None), context(person())))
    assert errors(check_row(STOP, stop(reason="死亡", end_date=None), context(person()))) == [("REQUIRED", "end_date")]


def test_every_reason_tells_a_consequence_or_has_none_to_tell() -> None:
    told = {code for each in STOP.consequences if each.when.field == "reason" for code in each.when.values}
    without = {row.code for row in catalog().table("change_reason").rows} - told
    assert without == {"224", "225", "226", "227", "229", "261", "269"}


def test_somebody_unknown_or_stopped_already() -> None:
    assert errors(check_row(STOP, stop(), context())) == [("NOT_ON_ROSTER", "id_number")]
    gone = person(state=PersonState.SUSPENDED, until=Period(2026, 6))
    assert errors(check_row(STOP, stop(), context(gone))) == [("NOT_ACTIVE", "id_number")]


def test_the_wrong_name_stops_nobody() -> None:
    assert errors(check_row(STOP, stop(name="李小明"), context(person()))) == [("B102", "name")]


@pytest.mark.parametrize(
    ("month", "day", "found"),
    [
        ("2026-07", "2026-07-09", []),
        ("2026-06", "2026-06-30", []),
        ("2026-06", "2026-07-09", ["END_MONTH_UNPAID"]),
        ("2026-05", "2026-07-01", ["END_AFTER_STOP"]),
        ("2026-07", "2026-06-30", ["PAID_AFTER_END"]),
        ("2026-06", "2026-06-10", []),
        ("2026-05", "2026-06-20", ["END_AFTER_STOP"]),
        ("2026-07", "2026-07-20", ["DATE_FUTURE"]),
        ("2026-08", "2026-07-09", ["B204", "PAID_AFTER_END"]),
        ("2026-03", "2026-03-31", ["B205"]),
    ],
)
def test_last_paid_month_and_last_day(month: str, day: str, found: list[str]) -> None:
    row = check_row(STOP, stop(last_paid_month=month, end_date=day), context(person()))
    assert sorted(codes(row)) == sorted(found)


def test_a_stop_before_the_insurance_began() -> None:
    new = person(since=Period(2026, 7))
    assert not errors(check_row(STOP, stop(last_paid_month="2026-06", end_date="2026-06-30"), context(new)))
    row = check_row(STOP, stop(last_paid_month="2026-05", end_date="2026-05-31"), context(new))
    assert errors(row) == [("STOP_BEFORE_START", "last_paid_month")]
    assert row.findings[0].params["earliest"] == "2026-06"


def test_a_stop_in_the_past_tells_about_refunds() -> None:
    row = check_row(STOP, stop(last_paid_month="2026-06", end_date="2026-06-30"), context(person()))
    assert "consequence-stop-backwards" in row.consequences


@pytest.mark.parametrize(
    ("birth", "sequence", "found"),
    [
        ("19630601", 1, []),
        ("19660301", 1, []),
        ("19700301", 1, ["RETIRE_EARLY"]),
        ("19760101", 2, []),
        ("19850101", 2, ["RETIRE_EARLY"]),
    ],
)
def test_retirement_at_most_three_years_early(birth: str, sequence: int, found: list[str]) -> None:
    one = person(number=number(birth, sequence))
    row = check_row(STOP, stop(id_number=one.id_number, reason="251", end_date="2026-07-01"), context(one))
    assert codes(row) == found


def test_the_last_person_stays() -> None:
    alone = context(person(), active=1)
    last = check_row(STOP, stop(), alone)
    assert [(each.row, each.finding.code) for each in check_batch(STOP, [last], alone)] == [(-1, "B404")]
    two = [person(), person(WOMAN, "李小红")]
    about = context(*two, active=2)
    rows = [check_row(STOP, stop(id_number=each.id_number, name=each.name), about) for each in two]
    assert not any(map(errors, rows))
    assert [(each.row, each.finding.code) for each in check_batch(STOP, rows, about)] == [(-1, "B404")]
    assert check_batch(STOP, rows[:1], about) == []


def test_an_enrolment_under_way_comes_first() -> None:
    row = check_row(STOP, stop(), context(person(), opened={("enrol", MAN)}))
    assert errors(row) == [("B203", "id_number")]
