"""What the businesses of insured persons leave behind: on the roster, in the registers, at the bureau's desk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.businesses.test_corrections import declares, imports, joining, walk_of
from tests.e2e.office import MONTH, Office, ask, id_number, office, open_unit, staff
from unitclient.central.server import RunningCentre
from unitclient.domain.roster import ChangeKind, Person
from unitclient.errors import UserError
from unitclient.store.items import ItemState, items
from unitclient.store.registers import get_entry
from unitclient.store.staff import persons
from unitclient.workflows.declaring import prepare_form
from unitclient.workflows.pending import discard
from unitclient.workflows.prepare import prepare_month
from unitclient.workflows.roster import roster

BORN = "19720101"
"""Somebody of another year of birth than everybody else in these tests: other people at the same centre."""


@pytest.fixture
def clerk(centre: RunningCentre, tmp_path: Path) -> Iterator[Office]:
    with office(tmp_path / "home", centre.url, open_unit(centre.url)) as opened:
        yield opened


def people(clerk: Office) -> dict[str, Person]:
    return {each.person.id_number: each.person for each in roster(clerk.desk, clerk.unit)}


def leaving(n: int, **more: str) -> dict[str, Any]:
    return {"name": joining(n)["name"], "id_number": id_number(n), "last_paid_month": "2026-11", **more}


LEAVING = {
    "suspension": {"reason": "参军"},
    "transfer-out": {"reason": "转出", "to_place": "示例市"},
    "termination": {"reason": "出国定居", "proof": "定居证明"},
    "death": {"end_date": "2026-11-05", "proof": "死亡证明", "relative_name": "张大海", "relation": "配偶"},
    "retirement": {"reason": "一次性退休", "retire_month": "2026-11", "contribution_months": "90"},
}


def test_every_way_of_leaving_is_tried_here(clerk: Office) -> None:
    forms = clerk.desk.catalog.forms.values()
    assert {form.id for form in forms if form.effect is ChangeKind.STOP and form.group == "people"} == {
        "stop",
        *LEAVING,
    }


@pytest.mark.parametrize("form", sorted(LEAVING))
def test_how_somebody_left_stands_on_the_roster(clerk: Office, form: str) -> None:
    """Suspensions and transfers may come back, the others are terminated; the reason and kind were filled in."""
    declares(clerk, "enrol", joining(1), joining(2))
    declares(clerk, form, leaving(1, **LEAVING[form]))
    expected = "suspended" if form in ("suspension", "transfer-out") else "terminated"
    assert {number: each.state for number, each in people(clerk).items()} == {
        id_number(1): expected,
        id_number(2): "active",
    }
    back = imports(clerk, "resumption", {**joining(1), "start_month": "2026-12"})
    assert back.refused == (expected == "terminated"), back.findings


@pytest.mark.parametrize("form", sorted(LEAVING))
def test_nobody_would_be_left(clerk: Office, form: str) -> None:
    """The last person does not leave by these businesses, neither alone nor in one batch."""
    declares(clerk, "enrol", joining(1))
    assert {"B404"} <= {told.code for told in imports(clerk, form, leaving(1, **LEAVING[form])).findings}
    declares(clerk, "enrol", joining(2))
    both = [leaving(1, **LEAVING[form]), leaving(2, **LEAVING[form])]
    taken = imports(clerk, form, *both)
    assert (taken.taken, {told.code for told in taken.findings} & {"B404"}) == (0, {"B404"})


def test_nobody_would_be_left_over_two_sheets(clerk: Office) -> None:
    """Each of two sheets leaves somebody, both together nobody: neither the business alone nor the month sends it."""
    declares(clerk, "enrol", joining(1), joining(2))
    for n in (1, 2):
        assert imports(clerk, "suspension", leaving(n, reason="参军")).taken == 1
    with pytest.raises(UserError, match="pending-refused") as told:
        prepare_form(clerk.desk, clerk.unit, "suspension", MONTH)
    assert "没有参保人员" in str(told.value.params["reason"])
    found = prepare_month(clerk.desk, clerk.unit, MONTH)
    assert (found.others, "B404" in {finding.code for finding in found.findings}) == ((), True)
    assert len(items(clerk.base.store, clerk.unit_number, "suspension", ItemState.PENDING)) == 2


def test_nobody_would_be_left_over_two_businesses(clerk: Office) -> None:
    """One is suspended, the other terminated: told at the second sheet, not sent, and given back by the centre."""
    declares(clerk, "enrol", joining(1), joining(2))
    gone = leaving(2, **LEAVING["termination"])
    assert imports(clerk, "suspension", leaving(1, reason="参军")).taken == 1
    second = imports(clerk, "termination", gone)
    assert (second.taken, "B404" in {told.code for told in second.findings}) == (0, True)
    # With somebody on the way in the sheet is right, until that row is taken back.
    assert imports(clerk, "enrol", joining(3)).taken == 1
    assert imports(clerk, "termination", gone).taken == 1
    (joins,) = items(clerk.base.store, clerk.unit_number, "enrol", ItemState.PENDING)
    discard(clerk.desk, clerk.unit, [joins.id])
    found = prepare_month(clerk.desk, clerk.unit, MONTH)
    assert (found.others, "B404" in {finding.code for finding in found.findings}) == ((), True)
    (waits,) = items(clerk.base.store, clerk.unit_number, "termination", ItemState.PENDING)
    discard(clerk.desk, clerk.unit, [waits.id])
    made = prepare_form(clerk.desk, clerk.unit, "suspension", MONTH).declaration_id
    assert walk_of(clerk, "suspension").follow(made) == "accepted"
    assert walk_of(clerk, "termination").sends_unchecked(gone) == ("returned", {"B404"})


def test_a_resumption_brings_back_what_was_suspended(clerk: Office) -> None:
    """The insurances need not be written: they are those of before."""
    declares(clerk, "enrol", {**joining(1), "insurances": "养老、失业"}, joining(2))
    declares(clerk, "suspension", leaving(1, reason="参军"))
    taken = imports(clerk, "resumption", {**joining(1), "start_month": "2026-12"})
    assert "参保险种" in taken.defaulted
    made = prepare_form(clerk.desk, clerk.unit, "resumption", MONTH).declaration_id
    assert walk_of(clerk, "resumption").follow(made) == "accepted"
    clerk.syncs()
    back = people(clerk)[id_number(1)]
    assert (back.state, sorted(back.active_in(MONTH + 1))) == ("active", ["pension", "unemployment"])


def test_a_name_is_changed_after_the_desk_looked(clerk: Office) -> None:
    declares(clerk, "enrol", joining(1))
    row = {"name": "员工一", "id_number": id_number(1), "new_name": "买买提·艾力", "reason": "更名", "proof": "户口簿"}
    declares(clerk, "name-change", row)
    assert people(clerk)[id_number(1)].name == "买买提·艾力"


def test_insurances_are_taken_up_and_given_up(clerk: Office) -> None:
    declares(clerk, "enrol", {**joining(1), "insurances": "养老、失业、医疗"})
    row = {"name": "员工一", "id_number": id_number(1), "start_month": "2026-12"}
    declares(clerk, "coverage-change", {**row, "add": "生育", "drop": "失业"})
    held = people(clerk)[id_number(1)]
    assert set(held.active_in(MONTH)) == {"pension", "unemployment", "medical"}
    assert set(held.active_in(MONTH + 1)) == {"pension", "medical", "maternity"}


def test_details_are_kept_and_what_is_not_named_stays(clerk: Office) -> None:
    declares(clerk, "enrol", joining(1))
    row = {"name": "员工一", "id_number": id_number(1)}
    declares(clerk, "person-detail", {**row, "phone": "13800000000", "education": "本科"})
    declares(clerk, "person-detail", {**row, "phone": "13900000000"})
    entry = get_entry(clerk.base.store, clerk.unit_number, "person-detail", id_number(1))
    assert entry is not None
    assert (entry.values["phone"], entry.values["education"]) == ("13900000000", "21")


def test_a_tier_is_kept_and_the_same_one_refused(clerk: Office) -> None:
    declares(clerk, "enrol", joining(1))
    row = {"name": "员工一", "id_number": id_number(1), "start_month": "2026-12", "tier": "一档"}
    declares(clerk, "tier-change", row)
    assert {told.code for told in imports(clerk, "tier-change", row).findings} == {"ENTRY_SAME"}
    declares(clerk, "tier-change", {**row, "tier": "三档"})


def test_a_number_that_was_changed_is_carried_out_by_the_bureau(clerk: Office) -> None:
    """Approved at the desk, then carried out; until then a second change of the same item is refused."""
    declares(clerk, "enrol", joining(1))
    row = {"name": "员工一", "id_number": id_number(1), "item": "性别", "after": "女", "proof": "公安机关证明"}
    declares(clerk, "identity-change", row)
    key = f"{id_number(1)}|AAC004"
    entry = get_entry(clerk.base.store, clerk.unit_number, "identity-change", key)
    assert entry is not None
    assert (entry.state, entry.values["before"], entry.values["after"]) == ("approved", "男", "女")
    assert imports(clerk, "identity-change", row).refused == 1
    desk_step(clerk, "identity-change", key, "carry-out")
    assert imports(clerk, "identity-change", row).refused == 0


def desk_step(clerk: Office, register: str, key: str, step: str, **values: str) -> None:
    body = {"register_name": register, "key": key, "step": step, "values": values}
    ask(clerk.unit.centre_url, "POST", f"/practice/desk/units/{clerk.unit_number}/steps", body)
    clerk.syncs()


def number_of(clerk: Office, person: str) -> tuple[str, str | None]:
    entry = get_entry(clerk.base.store, clerk.unit_number, "person-number", person)
    assert entry is not None
    return entry.state, entry.values.get("person_number")


def test_a_person_never_insured_is_given_a_number_that_every_unit_finds(
    clerk: Office, centre: RunningCentre, tmp_path: Path
) -> None:
    """The bureau gives it once; another unit finds it by name and ID number, and an enrolment has it filled in."""
    person = id_number(7, BORN)
    row = {"name": "员工七", "id_number": person}
    declares(clerk, "number-registration", row)
    assert number_of(clerk, person) == ("applied", None)
    desk_step(clerk, "person-number", person, "assign", person_number="1000234567")
    assert number_of(clerk, person) == ("assigned", "1000234567")
    assert imports(clerk, "number-registration", row).refused == 1
    with office(tmp_path / "other", centre.url, open_unit(centre.url)) as other:
        declares(other, "number-registration", row)
        assert number_of(other, person) == ("assigned", "1000234567")
        taken = imports(other, "enrol", {**row, "start_month": "2026-11", "wage": "6800"})
        assert "个人编号" in taken.defaulted


def test_a_number_is_not_given_to_another_name(clerk: Office, centre: RunningCentre, tmp_path: Path) -> None:
    person = id_number(8, BORN)
    declares(clerk, "number-registration", {"name": "员工八", "id_number": person})
    desk_step(clerk, "person-number", person, "assign", person_number="1000234568")
    with office(tmp_path / "other", centre.url, open_unit(centre.url)) as other:
        declares(other, "number-registration", {"name": "别人", "id_number": person})
        assert number_of(other, person) == ("applied", None)
        desk_step(other, "person-number", person, "refuse", answer="姓名不符")
        assert imports(other, "number-registration", {"name": "员工八", "id_number": person}).refused == 0


def test_who_waits_for_the_desk_and_who_does_not(clerk: Office) -> None:
    """An ordinary unit's enrolment waits for the bureau, and the month that counts on it waits with it."""
    url = clerk.unit.centre_url
    ask(url, "PUT", f"/practice/desk/units/{clerk.unit_number}/standing", {"ordinary": True})
    clerk.enrols(staff(2))
    month = clerk.prepares()
    clerk.signs()
    for _ in range(6):
        clerk.syncs()
    enrolment = month.others[0][0]
    assert [clerk.tracks(one)[1] for one in (enrolment, month.declaration_id)] == ["received", "received"]
    waiting = [each["submission_id"] for each in ask(url, "GET", "/practice/desk/submissions")["waiting"]]
    ask(url, "PUT", f"/practice/desk/submissions/{enrolment}", {"returned": False})
    clerk.settles()
    assert enrolment in waiting
    assert [clerk.tracks(one)[1] for one in (enrolment, month.declaration_id)] == ["accepted", "accepted"]


def test_what_the_desk_returns_waits_here_to_be_mended(clerk: Office) -> None:
    url = clerk.unit.centre_url
    declares(clerk, "enrol", joining(1))
    row = {
        "name": "员工一",
        "id_number": id_number(1),
        "new_name": "员工壹",
        "reason": "更名",
        "proof": "看不清的复印件",
    }
    assert imports(clerk, "name-change", row).refused == 0
    made = prepare_form(clerk.desk, clerk.unit, "name-change", MONTH).declaration_id
    clerk.signs(made)
    while not any(each["submission_id"] == made for each in ask(url, "GET", "/practice/desk/submissions")["waiting"]):
        clerk.syncs()
    ask(url, "PUT", f"/practice/desk/submissions/{made}", {"returned": True, "note": "材料不清"})
    clerk.settles()
    assert clerk.tracks(made)[1] == "returned"
    assert [each.name for each in persons(clerk.base.store, clerk.unit_number)] == ["员工一"]
    again = prepare_form(clerk.desk, clerk.unit, "name-change", MONTH).declaration_id
    assert walk_of(clerk, "name-change").follow(again) == "accepted"
