"""What a clerk changes afterwards: corrections, voids, mended rows, drafts prepared anew, submissions withdrawn."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from tests.e2e.office import ENROL_HEADERS, MONTH, Office, at_centre, faults, id_number, staff
from unitclient.central.server import RunningCentre
from unitclient.errors import UserError
from unitclient.sheets.model import Cell
from unitclient.store.items import ItemState, count_by_state, items
from unitclient.workflows.lines import total_fen
from unitclient.workflows.practice_month import next_month
from unitclient.workflows.prepare import prepare_void
from unitclient.workflows.queueing import withdraw
from unitclient.workflows.roster import roster
from unitclient.workflows.status import Light, all_status


def refused(act: Callable[[], object]) -> str:
    """The code of the refusal that an act ends with."""
    with pytest.raises(UserError) as told:
        act()
    return told.value.code


def wages(clerk: Office) -> dict[str, int]:
    return {entry.person.id_number: entry.person.wage_fen for entry in roster(clerk.desk, clerk.unit)}


def rows_in(clerk: Office, state: ItemState, form: str = "enrol") -> int:
    return count_by_state(clerk.base.store, clerk.unit_number).get((form, state.value), 0)


def test_a_correction_before_the_bill_replaces(own_centre: RunningCentre, own_clerk: Office) -> None:
    """Somebody was forgotten: the correction names the old declaration and takes its place; one bill, the right one."""
    clerk = own_clerk
    faults(own_centre.url, hold=["bill"])
    clerk.enrols(staff(2))
    first = clerk.prepares()
    clerk.signs()
    while clerk.tracks(first.declaration_id)[2] != "assessed":
        clerk.syncs()
    assert refused(clerk.prepares) == "month-already-declared"
    clerk.enrols(staff(1, first=5))
    second = clerk.prepares(correct=True)
    assert clerk.status(second.declaration_id).declaration.supersedes == first.declaration_id
    assert second.persons == 3
    clerk.signs()
    clerk.syncs()
    while clerk.tracks(second.declaration_id)[2] != "assessed":
        clerk.syncs()
    faults(own_centre.url)
    clerk.settles()
    assert clerk.tracks(first.declaration_id)[1] == "replaced"
    assert clerk.status(first.declaration_id).light is Light.ENDED
    assert clerk.tracks(second.declaration_id) == ("delivered", "accepted", "receipted")
    bills = own_centre.state.core.database.read().execute("SELECT submission_id, total_fen FROM bill").fetchall()
    assert [tuple(bill) for bill in bills] == [(second.declaration_id, total_fen(second.totals))]


def test_a_correction_after_the_bill_is_returned_with_its_reason(clerk: Office) -> None:
    """The money has moved: the correction comes back, the first declaration stands, and its rows are not lost."""
    clerk.enrols(staff(2))
    first = clerk.declares()
    clerk.enrols(staff(1, first=5))
    second = clerk.prepares(correct=True)
    clerk.signs()
    clerk.settles()
    told = clerk.status(second.declaration_id)
    assert (told.declaration.acceptance, told.light) == ("returned", Light.TROUBLE)
    assert [refusal.finding.code for refusal in told.refusals] == ["ALREADY_BILLED"]
    assert clerk.tracks(first.declaration_id) == ("delivered", "accepted", "receipted")
    assert len(wages(clerk)) == 3, "the enrolment itself was accepted"


def test_nothing_to_correct(clerk: Office) -> None:
    assert refused(lambda: clerk.prepares(correct=True)) == "correct-nothing"


def test_a_void_before_money_moves(own_centre: RunningCentre, own_clerk: Office) -> None:
    """A month is voided before its debit; then the month may be declared anew."""
    clerk = own_clerk
    faults(own_centre.url, hold=["debit"])
    clerk.enrols(staff(2))
    first = clerk.prepares()
    clerk.signs()
    while clerk.tracks(first.declaration_id)[2] != "billed":
        clerk.syncs()
    void = prepare_void(clerk.desk, clerk.unit, first.declaration_id)
    clerk.signs()
    clerk.settles()
    assert clerk.tracks(first.declaration_id)[1] == "voided"
    assert clerk.tracks(void.id)[:2] == ("delivered", "accepted")
    assert clerk.status(void.id).light is Light.DONE
    faults(own_centre.url)
    again = clerk.declares()
    assert clerk.tracks(again.declaration_id) == ("delivered", "accepted", "receipted")
    debits = own_centre.state.core.database.read().execute("SELECT count(*) FROM debit WHERE state = 'debited'")
    assert debits.fetchone()[0] == 1


def test_a_void_survives_the_next_preparation(clerk: Office) -> None:
    """A prepared void is no draft of the month: preparing the month again leaves it where it is."""
    clerk.enrols(staff(2))
    month = clerk.prepares()
    clerk.signs(month.others[0][0])
    clerk.settles()
    void = prepare_void(clerk.desk, clerk.unit, month.others[0][0])
    clerk.prepares()
    assert clerk.tracks(void.id)[0] == "checked"


def test_a_voided_month_is_nobodys_last_month(own_centre: RunningCentre, own_clerk: Office) -> None:
    """The next month is compared with what stands, not with what was voided; the month to do is the voided one."""
    clerk = own_clerk
    clerk.enrols(staff(2))
    clerk.declares()
    faults(own_centre.url, hold=["debit"])
    second = clerk.prepares(MONTH + 1)
    clerk.signs()
    while clerk.tracks(second.declaration_id)[2] != "billed":
        clerk.syncs()
    prepare_void(clerk.desk, clerk.unit, second.declaration_id)
    clerk.signs()
    clerk.settles()
    assert next_month(clerk.desk, clerk.unit) == MONTH + 1
    assert clerk.prepares(MONTH + 2).difference == ()


def test_voiding_an_enrolment_takes_the_people_off_the_roster(clerk: Office) -> None:
    clerk.enrols(staff(2))
    month = clerk.prepares()
    enrolment = month.others[0][0]
    clerk.signs(enrolment)
    clerk.settles()
    assert len(wages(clerk)) == 2
    prepare_void(clerk.desk, clerk.unit, enrolment)
    # The draft of the month still counts on the voided enrolment: it is prepared anew.
    clerk.signs(*[one.declaration.id for one in all_status(clerk.desk, clerk.unit) if one.declaration.kind == "void"])
    clerk.settles()
    assert clerk.tracks(enrolment)[1] == "voided"
    assert wages(clerk) == {}
    assert clerk.prepares().lines == 0


def test_importing_twice_changes_nothing(clerk: Office) -> None:
    first = clerk.enrols(staff(4))
    again = clerk.enrols(staff(4))
    assert (first.taken, again.taken, again.unchanged) == (4, 0, 4)
    assert clerk.prepares().others[0][2] == 4


def test_a_corrected_row_replaces_the_pending_one(clerk: Office) -> None:
    clerk.enrols(staff(2))
    changed: list[list[Cell]] = [[*row[:3], "9999.00"] for row in staff(1)]
    result = clerk.enrols(changed)
    assert (result.taken, result.updated) == (1, 1)
    assert wages(clerk)[id_number(1)] == 999900
    assert rows_in(clerk, ItemState.PENDING) == 2


def test_only_the_mended_rows_of_the_error_workbook_are_taken(clerk: Office) -> None:
    """Wrong rows come back with a reason; mended and imported again they make no duplicate of the good ones."""
    people: list[list[Cell]] = [
        *staff(3),
        ["王小明", "110000199003070000", "2026-11", "7000"],
        ["李小红", id_number(8), "2026-11", ""],
    ]
    first = clerk.imports("enrol", ENROL_HEADERS, people)
    assert (first.read, first.taken, first.refused) == (5, 3, 2)
    assert first.error_workbook is not None
    mend(first.error_workbook, {"110000199003070000": id_number(7)}, {id_number(8): 8000})
    second = clerk.imports_file("enrol", first.error_workbook)
    assert (second.read, second.taken, second.refused) == (2, 2, 0), second.findings
    assert rows_in(clerk, ItemState.PENDING) == 5
    third = clerk.imports_file("enrol", first.error_workbook)
    assert (third.taken, third.unchanged) == (0, 2)
    assert clerk.declares().persons == 5


def mend(path: Path, numbers: dict[str, str], missing_wages: dict[str, int]) -> None:
    """Correct cells of an error workbook as a clerk would, in the spreadsheet."""
    book = openpyxl.load_workbook(path)
    sheet = book.active
    assert sheet is not None
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    top = next(place for place, row in enumerate(rows) if "证件号码" in row)
    number, wage = (rows[top].index(title) + 1 for title in ("证件号码", "缴费工资"))
    for row in range(top + 2, len(rows) + 1):
        value = str(sheet.cell(row, number).value)
        if value in numbers:
            sheet.cell(row, number).value = numbers[value]
        if value in missing_wages:
            sheet.cell(row, wage).value = missing_wages[value]
    book.save(path)
    book.close()


def test_preparing_again_replaces_the_draft_and_loses_no_row(clerk: Office) -> None:
    clerk.enrols(staff(2))
    first = clerk.prepares()
    clerk.enrols(staff(1, first=5))
    second = clerk.prepares()
    assert (second.persons, second.others[0][2]) == (3, 3)
    assert clerk.tracks(first.declaration_id)[0] == "withdrawn"
    shown = [one.declaration.id for one in all_status(clerk.desk, clerk.unit)]
    assert first.declaration_id not in shown
    assert second.declaration_id in shown
    clerk.signs()
    clerk.settles()
    assert len(wages(clerk)) == 3


def test_withdrawing_gives_the_rows_back(clerk: Office) -> None:
    """Taking an enrolment out of the queue takes the month with it that counts on it; all rows wait again."""
    clerk.enrols(staff(3))
    month = clerk.prepares()
    enrolment = month.others[0][0]
    clerk.signs()
    assert rows_in(clerk, ItemState.DECLARED) == 3
    withdraw(clerk.desk, clerk.unit, enrolment)
    assert clerk.tracks(enrolment)[0] == clerk.tracks(month.declaration_id)[0] == "withdrawn"
    assert rows_in(clerk, ItemState.PENDING) == 3
    assert clerk.syncs().tried == {}
    again = clerk.declares()
    assert clerk.tracks(again.declaration_id) == ("delivered", "accepted", "receipted")
    assert items(clerk.base.store, clerk.unit_number, state=ItemState.PENDING) == []


def test_what_was_delivered_cannot_be_withdrawn(clerk: Office) -> None:
    clerk.enrols(staff(1))
    month = clerk.declares()
    assert refused(lambda: withdraw(clerk.desk, clerk.unit, month.declaration_id)) == "outbox-not-withdrawable"


def test_the_month_may_not_be_declared_twice_from_one_computer(centre: RunningCentre, clerk: Office) -> None:
    clerk.enrols(staff(1))
    clerk.declares()
    assert refused(clerk.prepares) == "month-already-declared"
    assert len(at_centre(centre, clerk.unit_number)) == 2


def test_a_row_for_next_month_waits_for_next_month(clerk: Office) -> None:
    clerk.enrols([*staff(1), *staff(1, first=2, since="2026-12")])
    assert clerk.declares().persons == 1
    assert rows_in(clerk, ItemState.PENDING) == 1
    following = clerk.prepares(MONTH + 1)
    assert (following.persons, following.others[0][2]) == (2, 1)
