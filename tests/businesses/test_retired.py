"""Businesses of the group retired."""

from __future__ import annotations

import pytest

from tests.businesses.cases import Case, forms_of
from tests.businesses.conftest import NewWalk
from tests.businesses.story import tell
from tests.businesses.walk import Walk
from tests.e2e.office import ask, id_number
from unitclient.domain.registers import Entry
from unitclient.store.registers import get_entry


@pytest.mark.parametrize("form", forms_of("retired"))
def test_business(form: str, walk: NewWalk) -> None:
    tell(walk(form))


def test_certification_is_asked_for_benefit_suspended_and_revived(walk: NewWalk) -> None:
    one = walk("benefit-certification")
    told = one.case.before[0]
    registered = Walk(one.clerk, Case(told["form"], told["row"], (), (), {}))
    assert registered.imports([registered.case.row(1)]).taken == 1
    assert registered.sends() == "accepted"
    clerk = one.clerk

    def entry() -> Entry:
        clerk.syncs()
        found = get_entry(clerk.desk.store, clerk.unit_number, "benefit-certification", id_number(1))
        assert found is not None
        return found

    assert (entry().state, entry().values["certified_until"]) == ("valid", "2026-12-31"), "due by the day registered"
    steps = f"/practice/desk/units/{clerk.unit_number}/steps"
    for step, values, state in (("remind", {}, "due"), ("suspend", {"suspended_on": "2027-01-01"}, "suspended")):
        body = {"register_name": "benefit-certification", "key": id_number(1), "step": step, "values": values}
        ask(clerk.unit.centre_url, "POST", steps, body)
        assert entry().state == state
    assert one.imports([one.case.row(1)]).taken == 1
    assert one.sends() == "accepted"
    assert (entry().state, entry().values["certified_until"]) == ("valid", "2027-11-02")
