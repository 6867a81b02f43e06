"""A business that was accepted is corrected or voided: what it did is undone, and the new rows take its place whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.businesses.cases import Case
from tests.businesses.walk import Walk
from tests.e2e.office import MONTH, Office, at_centre, id_number, office, open_unit, staff
from unitclient.central.server import RunningCentre
from unitclient.errors import UserError
from unitclient.store.items import ItemState, items
from unitclient.store.registers import get_entry
from unitclient.workflows.correcting import rows_again
from unitclient.workflows.declaring import prepare_form
from unitclient.workflows.importing import ImportResult
from unitclient.workflows.prepare import prepare_void
from unitclient.workflows.roster import roster

Row = Mapping[str, Any]
Declares = Callable[..., str]


@pytest.fixture
def clerk(centre: RunningCentre, tmp_path: Path) -> Iterator[Office]:
    with office(tmp_path / "home", centre.url, open_unit(centre.url)) as opened:
        yield opened


def walk_of(clerk: Office, form: str) -> Walk:
    return Walk(clerk, Case(form, {}, (), (), {}))


def imports(clerk: Office, form: str, *rows: Row, correct: str = "") -> ImportResult:
    names = list(dict.fromkeys(name for row in rows for name in row))
    titles = [clerk.desk.catalog.form(form).field(name).title.zh for name in names]
    cells = [[row.get(name, "") for name in names] for row in rows]
    return clerk.imports(form, titles, cells, correct=correct)


def declares(clerk: Office, form: str, *rows: Row, correct: str = "") -> str:
    """Import, prepare, sign, send; the declaration's id. It must be accepted."""
    taken = imports(clerk, form, *rows, correct=correct)
    assert taken.refused == 0, taken.findings
    made = prepare_form(clerk.desk, clerk.unit, form, MONTH, correct=correct).declaration_id
    assert walk_of(clerk, form).follow(made) == "accepted"
    clerk.syncs()
    return made


def wages(clerk: Office) -> dict[str, int]:
    return {each.person.id_number: each.person.wage_fen for each in roster(clerk.desk, clerk.unit)}


def change(n: int, wage: str) -> Row:
    return {
        "name": f"员工{'零一二三四五六七八九'[n]}",
        "id_number": id_number(n),
        "wage": wage,
        "start_month": "2026-11",
        "reason": "工资变动",
    }


def registration(n: int, post: str = "装配工") -> Row:
    return {
        "name": "员工",
        "id_number": id_number(n),
        "start_date": "2026-11-01",
        "contract_term": "无固定期限",
        "post": post,
    }


def joining(n: int, month: str = "2026-11") -> Row:
    name, number, _, wage = staff(1, n)[0]
    return {"name": name, "id_number": number, "start_month": month, "wage": wage}


def state_of(clerk: Office, declaration: str) -> str | None:
    return clerk.status(declaration).declaration.acceptance


def entry_of(clerk: Office, n: int) -> tuple[str, str] | None:
    entry = get_entry(clerk.base.store, clerk.unit_number, "employment", id_number(n))
    return (entry.state, entry.values["post"]) if entry else None


def test_corrected_wages_replace_the_whole_declaration(clerk: Office, centre: RunningCentre) -> None:
    """Row 1 is put right, row 2 is left out: its wage is what it was before."""
    declares(clerk, "enrol", joining(1), joining(2))
    before = wages(clerk)
    first = declares(clerk, "base-change", change(1, "9000"), change(2, "9100"))
    second = declares(clerk, "base-change", change(1, "8000"), correct=first)
    assert (state_of(clerk, first), state_of(clerk, second)) == ("replaced", "accepted")
    assert wages(clerk) == {id_number(1): 800_000, id_number(2): before[id_number(2)]}
    assert at_centre(centre, clerk.unit_number)[-1] == ("base-change", "correction", "accepted")
    kept = items(clerk.base.store, clerk.unit_number, "base-change", ItemState.ACCEPTED)
    assert [item.declaration_id for item in kept] == [second]


def test_people_enrolled_for_a_wrong_month(clerk: Office) -> None:
    """The same people cannot be enrolled twice, but their enrolment can be corrected."""
    first = declares(clerk, "enrol", joining(1), joining(2))
    assert {told.code for told in imports(clerk, "enrol", joining(1, "2026-10")).findings} >= {"B201"}
    declares(clerk, "enrol", joining(1, "2026-10"), joining(2), correct=first)
    since = {each.person.id_number: str(each.person.since) for each in roster(clerk.desk, clerk.unit)}
    assert since == {id_number(1): "2026-10", id_number(2): "2026-11"}


def test_rows_that_were_right_are_taken_up_again(clerk: Office) -> None:
    form = clerk.desk.catalog.form("enrol")
    first = declares(clerk, "enrol", joining(1), joining(2), joining(3))
    assert imports(clerk, "enrol", joining(2, "2026-10"), correct=first).taken == 1
    assert rows_again(clerk.desk, clerk.unit, form, first) == 2
    made = prepare_form(clerk.desk, clerk.unit, "enrol", correct=first)
    assert made.rows == 3
    assert walk_of(clerk, "enrol").follow(made.declaration_id) == "accepted"
    clerk.syncs()
    since = [str(each.person.since) for each in roster(clerk.desk, clerk.unit)]
    assert sorted(since) == ["2026-10", "2026-11", "2026-11"]


def test_a_corrected_suspension(clerk: Office) -> None:
    """Suspended with the wrong last month: corrected as if the person were insured still."""
    leaving = {"name": "员工一", "id_number": id_number(1), "reason": "参军", "last_paid_month": "2026-11"}
    declares(clerk, "enrol", joining(1, "2026-10"), joining(2, "2026-10"))
    first = declares(clerk, "suspension", leaving)
    declares(clerk, "suspension", {**leaving, "last_paid_month": "2026-10"}, correct=first)
    person = next(each.person for each in roster(clerk.desk, clerk.unit) if each.person.id_number == id_number(1))
    assert {str(held.until) for held in person.coverage.values()} == {"2026-10"}


def test_a_register_entry_is_undone_and_moved_anew(clerk: Office) -> None:
    """Person 1 is registered with another post, person 2 was registered by mistake."""
    first = declares(clerk, "employment-registration", registration(1), registration(2))
    assert entry_of(clerk, 2) == ("registered", "装配工")
    declares(clerk, "employment-registration", registration(1, "焊工"), correct=first)
    assert entry_of(clerk, 1) == ("registered", "焊工")
    assert entry_of(clerk, 2) is None
    assert imports(clerk, "employment-registration", registration(2)).refused == 0


def test_a_void_undoes_a_register_entry(clerk: Office) -> None:
    first = declares(clerk, "employment-registration", registration(1))
    void = prepare_void(clerk.desk, clerk.unit, first)
    assert walk_of(clerk, "employment-registration").follow(void.id) == "accepted"
    clerk.syncs()
    assert state_of(clerk, first) == "voided"
    assert entry_of(clerk, 1) is None
    declares(clerk, "employment-registration", registration(1, "焊工"))
    assert entry_of(clerk, 1) == ("registered", "焊工")


def test_a_voided_annual_wage_may_be_declared_again(clerk: Office) -> None:
    """Once a year means: once among what stands."""
    row = {"name": "员工一", "id_number": id_number(1), "year": "2026", "wage": "7000"}
    declares(clerk, "enrol", joining(1, "2026-10"))
    first = declares(clerk, "annual-wage", row)
    assert {told.code for told in imports(clerk, "annual-wage", row).findings} >= {"B303"}
    void = prepare_void(clerk.desk, clerk.unit, first)
    assert walk_of(clerk, "annual-wage").follow(void.id) == "accepted"
    declares(clerk, "annual-wage", {**row, "wage": "7100"})
    assert wages(clerk) == {id_number(1): 710_000}


def test_what_was_built_upon_is_not_corrected(clerk: Office) -> None:
    """The entry was moved on since: the centre returns the correction with its reason, and nothing changes."""
    first = declares(clerk, "employment-registration", registration(1))
    ending = {"name": "员工", "id_number": id_number(1), "end_date": "2026-11-05", "end_reason": "本人辞职"}
    declares(clerk, "employment-end", ending)
    taken = imports(clerk, "employment-registration", registration(1, "焊工"), correct=first)
    assert taken.refused == 0
    made = prepare_form(clerk.desk, clerk.unit, "employment-registration", correct=first).declaration_id
    assert walk_of(clerk, "employment-registration").follow(made) == "returned"
    assert {told.finding.code for told in clerk.status(made).refusals} == {"LATER_CHANGES"}
    assert entry_of(clerk, 1) == ("ended", "装配工")


@pytest.mark.parametrize(
    ("form", "code"), [("stop", "correct-other-form"), ("enrol", "correct-too-late"), ("monthly", "form-by-month")]
)
def test_what_cannot_be_corrected(clerk: Office, form: str, code: str) -> None:
    """Another business, something not accepted yet, the month (it is corrected as a month)."""
    clerk.enrols(staff(1))
    made = prepare_form(clerk.desk, clerk.unit, "enrol", MONTH).declaration_id
    with pytest.raises(UserError) as refused:
        prepare_form(clerk.desk, clerk.unit, form, correct=made)
    assert refused.value.code == code


def test_an_unknown_declaration_cannot_be_corrected(clerk: Office) -> None:
    with pytest.raises(UserError) as refused:
        prepare_form(clerk.desk, clerk.unit, "enrol", correct="0190-nothing")
    assert refused.value.code == "declaration-unknown"
