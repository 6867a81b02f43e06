"""The roster: what each kind of row does to a person."""

from __future__ import annotations

from typing import Any

import pytest

from unitclient.domain.period import Period
from unitclient.domain.roster import ChangeKind, Coverage, Person, PersonState, apply_change

NUMBER = "11000019900307001X"


def enrolled(**members: Any) -> Person:
    row = {
        "id_number": NUMBER,
        "name": "王小明",
        "id_kind": "resident_id_18",
        "start_month": "2024-01",
        "wage": 500_000,
        "enrol_kind": "new",
        "insurances": ["medical", "pension"],
        **members,
    }
    return apply_change(None, ChangeKind.ENROL, row)


def test_enrolment_makes_an_active_person() -> None:
    person = enrolled()
    assert (person.state, person.wage_fen, person.since) == (PersonState.ACTIVE, 500_000, Period(2024, 1))
    assert person.active_in(Period(2023, 12)) == ()
    assert person.active_in(Period(2024, 1)) == ("medical", "pension")


@pytest.mark.parametrize(("kind", "state"), [("suspend", PersonState.SUSPENDED), ("terminate", PersonState.TERMINATED)])
def test_suspension_and_termination_are_kept_apart(kind: str, state: PersonState) -> None:
    person = apply_change(enrolled(), "stop", {"stop_kind": kind, "last_paid_month": "2024-06"})
    assert person.state is state
    assert person.active_in(Period(2024, 6)) == ("medical", "pension")
    assert person.active_in(Period(2024, 7)) == ()


def test_stopping_one_insurance_leaves_the_person_active() -> None:
    person = apply_change(
        enrolled(), "stop", {"stop_kind": "suspend", "last_paid_month": "2024-06", "insurances": ["medical"]}
    )
    assert person.state is PersonState.ACTIVE
    assert person.active_in(Period(2024, 7)) == ("pension",)


def test_a_second_stop_does_not_move_the_first() -> None:
    once = apply_change(enrolled(), "stop", {"stop_kind": "suspend", "last_paid_month": "2024-03"})
    twice = apply_change(once, "stop", {"stop_kind": "terminate", "last_paid_month": "2024-09"})
    assert twice.coverage["pension"] == Coverage(Period(2024, 1), Period(2024, 3))
    assert twice.state is PersonState.TERMINATED


def test_resuming_starts_a_new_coverage_and_keeps_the_first_month() -> None:
    stopped = apply_change(enrolled(), "stop", {"stop_kind": "suspend", "last_paid_month": "2024-03"})
    row = {"id_number": NUMBER, "name": "王小明", "start_month": "2024-08", "wage": 600_000, "insurances": ["pension"]}
    back = apply_change(stopped, "enrol", row)
    assert (back.state, back.since, back.wage_since) == (PersonState.ACTIVE, Period(2024, 1), Period(2024, 8))
    assert back.active_in(Period(2024, 5)) == ()
    assert back.active_in(Period(2024, 8)) == ("pension",)


@pytest.mark.parametrize(
    ("row", "since"),
    [
        ({"wage": 700_000, "start_month": "2024-07"}, Period(2024, 7)),
        ({"wage": 700_000, "year": 2025}, Period(2025, 1)),
    ],
)
def test_a_new_wage_counts_from_its_month(row: dict[str, Any], since: Period) -> None:
    person = apply_change(enrolled(), ChangeKind.WAGE, row)
    assert (person.wage_fen, person.wage_since) == (700_000, since)


@pytest.mark.parametrize("kind", [ChangeKind.ASSESS, ChangeKind.BACK_PAYMENT, ChangeKind.RECORD])
def test_the_other_forms_leave_the_roster_alone(kind: ChangeKind) -> None:
    person = enrolled()
    assert apply_change(person, kind, {}) is person


def test_only_enrolment_makes_a_person() -> None:
    with pytest.raises(ValueError, match="not on the roster"):
        apply_change(None, ChangeKind.STOP, {})
