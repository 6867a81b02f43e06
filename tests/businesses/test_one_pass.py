"""Employment registered and enrolled in one pass: neither exists without the other, whatever refuses."""

from __future__ import annotations

import pytest

from tests.businesses.conftest import NewWalk
from tests.businesses.walk import Walk
from tests.e2e.office import id_number
from unitclient.central.server import RunningCentre
from unitclient.store.declarations import find_declarations
from unitclient.workflows.prepare import prepare_void


def at_centre(centre: RunningCentre, one: Walk, number: str) -> tuple[bool, bool]:
    """(on the roster, in the employment register) of one person, as the centre has it."""
    read = centre.state.core.database.read()
    unit = one.clerk.unit_number
    person = read.execute("SELECT 1 FROM person WHERE unit_number = ? AND id_number = ?", (unit, number)).fetchone()
    entry = read.execute(
        "SELECT 1 FROM entry WHERE unit_number = ? AND register = 'employment' AND key = ?", (unit, number)
    ).fetchone()
    return person is not None, entry is not None


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"start_month": "2026-01"}, "B205"),  # the enrolment refuses
        ({"wage": ""}, "REQUIRED"),
        ({"contract_end": ""}, "REQUIRED"),  # the registration refuses
        ({"start_date": "2026-12-24", "start_month": "2026-12"}, "DATE_FUTURE"),
    ],
)
def test_a_refusal_of_either_refuses_both(
    centre: RunningCentre, walk: NewWalk, change: dict[str, str], code: str
) -> None:
    one = walk("enrol-with-employment")
    word, codes = one.sends_unchecked(one.case.row(1, change))
    assert (word, code in codes) == ("returned", True)
    assert at_centre(centre, one, id_number(1)) == (False, False)


def test_somebody_registered_is_not_enrolled_and_somebody_enrolled_is_not_registered(
    centre: RunningCentre, walk: NewWalk
) -> None:
    one = walk("enrol-with-employment")
    one.come_here(1)
    registered, enrolled = id_number(900), id_number(1, "19850101")
    assert one.sends_unchecked(one.case.row(1, {"id_number": registered})) == ("returned", {"REGISTER_STATE"})
    assert at_centre(centre, one, registered) == (False, True), "as it was before"
    assert one.sends_unchecked(one.case.row(1, {"id_number": enrolled})) == ("returned", {"B201"})
    assert at_centre(centre, one, enrolled) == (True, False), "as it was before"


def test_both_are_taken_back_together(centre: RunningCentre, walk: NewWalk) -> None:
    one = walk("enrol-with-employment")
    assert one.imports([one.case.row(1)]).taken == 1
    assert one.sends() == "accepted"
    assert at_centre(centre, one, id_number(1)) == (True, True)
    clerk = one.clerk
    voided = find_declarations(clerk.desk.store, clerk.unit_number)[-1].id
    prepare_void(clerk.desk, clerk.unit, voided)
    clerk.signs()
    clerk.settles()
    assert at_centre(centre, one, id_number(1)) == (False, False)


def test_the_form_for_new_people_stays_the_usual_one(walk: NewWalk) -> None:
    """Where the program offers one form to enrol with, it is the first by name."""
    forms = walk("enrol-with-employment").clerk.desk.catalog.forms.values()
    assert min(form.id for form in forms if form.effect == "enrol") == "enrol"
