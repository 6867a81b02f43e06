"""Import, prepare, sign and queue off line: what is staged, in which order things go out, and what stays behind."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from tests.e2e.office import ENROL_HEADERS, MONTH, Office, id_number, staff
from tests.workflows.bench import INSURANCES, confirm
from unitclient.domain.findings import Severity
from unitclient.domain.period import Period
from unitclient.domain.roster import Coverage, Person
from unitclient.errors import UserError
from unitclient.seal.pki import new_key
from unitclient.seal.signer import SoftSigner
from unitclient.sheets.model import Cell
from unitclient.store.items import ItemState, count_by_state, items
from unitclient.store.outbox import due, list_submissions
from unitclient.sync.protocol import Declaration
from unitclient.workflows.calendar import deadline_of, next_period
from unitclient.workflows.lines import total_fen
from unitclient.workflows.prepare import uuid7
from unitclient.workflows.queueing import export, withdraw
from unitclient.workflows.roster import PENDING, roster
from unitclient.workflows.signing import to_sign
from unitclient.workflows.status import Light, all_status

SINCE = Coverage(Period(2026, 1), None)
STOP = ("姓名", "证件号码", "减员类别", "减员原因", "最后缴费年月", "离职日期")


def refused(act: Callable[[], object]) -> UserError:
    with pytest.raises(UserError) as told:
        act()
    return told.value


def insured(serial: int, wage: int = 700_000) -> Person:
    row = staff(1, first=serial)[0]
    return Person(str(row[1]), str(row[0]), wage, coverage=dict.fromkeys(INSURANCES, SINCE), since=Period(2026, 1))


def count(clerk: Office, form: str, state: ItemState) -> int:
    return count_by_state(clerk.base.store, clerk.unit_number).get((form, state.value), 0)


def test_a_file_that_is_not_there(clerk: Office) -> None:
    assert refused(lambda: clerk.imports_file("enrol", clerk.home / "nothing.xlsx")).code == "file-missing"


def test_a_form_that_is_not_filled_from_sheets(clerk: Office) -> None:
    assert refused(lambda: clerk.imports("monthly", ("姓名",), [])).code == "form-not-importable"
    assert refused(lambda: clerk.imports("nonsense", ("姓名",), [])).code == "form-unknown"


def test_findings_have_their_places(clerk: Office) -> None:
    """Row and column as the spreadsheet program shows them, so that a clerk finds the cell."""
    rows: list[list[Cell]] = [*staff(1), ["李小红", "1", "2026-11", "5000"], ["赵小刚", id_number(3), "2026-11", "x"]]
    result = clerk.imports("enrol", ENROL_HEADERS, rows)
    assert (result.read, result.taken, result.refused) == (3, 1, 2)
    places = [(f.place.row, f.place.column) for f in result.findings if f.place and f.severity is Severity.ERROR]
    assert places == [(4, "B"), (5, "D")]


def test_the_same_person_twice_in_one_file(clerk: Office) -> None:
    """The second row of a person is refused, and the first is taken."""
    person = staff(1)[0]
    result = clerk.imports("enrol", ENROL_HEADERS, [person, [*person[:3], "9000"]])
    assert (result.taken, result.refused) == (1, 1)
    assert "DUPLICATE_ROW" in {finding.code for finding in result.findings}
    (item,) = items(clerk.base.store, clerk.unit_number, "enrol")
    assert item.values["wage"] == 613750


def test_a_person_whose_enrolment_is_on_its_way(clerk: Office) -> None:
    """Signed and queued: another row of the same person conflicts, an equal one changes nothing."""
    clerk.enrols(staff(2))
    clerk.prepares()
    clerk.signs()
    again = clerk.imports("enrol", ENROL_HEADERS, [staff(1)[0]])
    other = clerk.imports("enrol", ENROL_HEADERS, [[*staff(1)[0][:3], "9999"]])
    assert (again.taken, other.taken) == (0, 0)
    assert other.refused == 1
    assert {f.code for f in other.findings if f.severity is Severity.ERROR} == {"B203"}
    assert count(clerk, "enrol", ItemState.DECLARED) == 2


def test_somebody_insured_already_is_refused(clerk: Office) -> None:
    confirm(clerk, [insured(1)])
    result = clerk.imports("enrol", ENROL_HEADERS, staff(2))
    assert (result.taken, result.refused) == (1, 1)
    assert {f.code for f in result.findings if f.severity is Severity.ERROR} == {"B201"}


def test_defaults_are_named(clerk: Office) -> None:
    """What was not in the sheet and was filled in is shown, so that nobody is surprised."""
    result = clerk.enrols(staff(1))
    assert set(result.defaulted) >= {"增员类别", "参保险种"}
    (item,) = items(clerk.base.store, clerk.unit_number, "enrol")
    assert sorted(item.values["insurances"]) == sorted(INSURANCES)


def test_pending_people_stand_on_the_roster_as_pending(clerk: Office) -> None:
    confirm(clerk, [insured(5)])
    clerk.enrols(staff(1))
    shown = {entry.person.id_number: (entry.state, entry.pending) for entry in roster(clerk.desk, clerk.unit)}
    assert shown == {id_number(5): ("active", ()), id_number(1): (PENDING, ("enrol",))}


def test_preparing_writes_what_will_be_signed(clerk: Office) -> None:
    """Header and rows of the month's declaration say what the summary says."""
    clerk.enrols(staff(3))
    month = clerk.prepares()
    declared = Declaration.from_bytes(clerk.status(month.declaration_id).declaration.payload)
    header = declared.header
    assert (header.unit_number, header.form, header.period, header.kind) == (
        clerk.unit_number,
        "monthly",
        "2026-11",
        "original",
    )
    assert (header.row_count, len(declared.rows)) == (month.lines, 3 * len(INSURANCES))
    assert header.totals == month.totals
    assert header.requires == month.requires == (month.others[0][0],)
    assert header.operator == "经办人甲"
    assert header.policy["region"] == "420100"
    assert total_fen(header.totals) == sum(row[5] + row[6] for row in declared.rows)


def test_enrolments_go_before_stops_and_both_before_the_month(clerk: Office) -> None:
    """The order in which things are signed and sent is the order in which the centre must decide them."""
    confirm(clerk, [insured(5), insured(6)])
    clerk.enrols(staff(1))
    name, number = staff(1, first=5)[0][:2]
    stop = clerk.imports("stop", STOP, [[name, number, "停保", "在职人员辞职", "2026-10", "2026-11-02"]])
    assert stop.refused == 0, stop.findings
    month = clerk.prepares()
    assert [form for _, form, _ in month.others] == ["enrol", "stop"]
    assert [known.form for known in to_sign(clerk.desk, clerk.unit)] == ["enrol", "stop", "monthly"]
    signed = clerk.signs(month.declaration_id)
    assert [one.form for one in signed] == ["enrol", "stop", "monthly"], "what the month counts on is signed with it"
    first = due(clerk.base.store, clerk.clock.now(), unit=clerk.unit_number)
    assert [row.submission_id for row in first] == [month.others[0][0]]
    assert month.persons == 2


def test_a_row_that_became_wrong_stays_behind_and_is_told(clerk: Office) -> None:
    """Staged when it was right; meanwhile the person was enrolled from elsewhere: the others go out."""
    clerk.enrols(staff(2))
    confirm(clerk, [insured(1)])
    month = clerk.prepares()
    assert month.others[0][2] == 1
    assert "B201" in {finding.code for finding in month.findings}
    assert count(clerk, "enrol", ItemState.PENDING) == 1
    assert month.persons == 2


def test_two_months_prepared_at_once_do_not_mix(clerk: Office) -> None:
    clerk.enrols([*staff(1), *staff(1, first=2, since="2026-12")])
    november, december = clerk.prepares(MONTH), clerk.prepares(MONTH + 1)
    assert (november.persons, december.persons) == (1, 2)
    assert clerk.status(november.declaration_id).light is Light.TO_DO
    assert {known.period for known in to_sign(clerk.desk, clerk.unit)} == {"2026-11", "2026-12"}


def test_an_unknown_region_has_no_rules(clerk: Office) -> None:
    unit = dataclasses.replace(clerk.unit, region="999999")
    assert refused(lambda: clerk.desk.policy(unit, MONTH)).code == "policy-unknown-region"


def test_what_may_be_signed(clerk: Office) -> None:
    clerk.enrols(staff(1))
    month = clerk.prepares()
    assert refused(lambda: clerk.signs("nothing")).code == "declaration-unknown"
    clerk.signs()
    assert refused(lambda: clerk.signs(month.declaration_id)).code == "already-signed"
    assert clerk.signs() == []


def test_a_key_that_does_not_fit_its_certificate_queues_nothing(clerk: Office) -> None:
    """Our own check of the container fails, so nothing is queued that the centre would refuse."""
    clerk.enrols(staff(1))
    clerk.prepares()
    clerk.signer = SoftSigner(new_key("ec"), clerk.unit.certificate_der)
    assert refused(clerk.signs).code == "seal-signature-invalid"
    assert list_submissions(clerk.base.store, clerk.unit_number) == []
    assert {one.declaration.transport.value for one in all_status(clerk.desk, clerk.unit)} == {"checked"}


def test_the_queue_knows_deadline_and_sum(clerk: Office) -> None:
    clerk.enrols(staff(2))
    month = clerk.prepares()
    clerk.signs()
    row = clerk.queued(month.declaration_id)
    told = deadline_of(clerk.desk, clerk.unit, MONTH)
    assert told is not None
    assert row.deadline == told.until
    assert row.total_fen == total_fen(month.totals)


def test_withdrawing_and_exporting_what_is_not_there(clerk: Office, tmp_path: Path) -> None:
    assert refused(lambda: withdraw(clerk.desk, clerk.unit, "x")).code == "outbox-unknown-id"
    assert refused(lambda: export(clerk.desk, "x", tmp_path)).code == "outbox-unknown-id"


def test_a_deadline_that_nobody_published_is_marked_as_computed(clerk: Office) -> None:
    """Off line from the first day on: our own computation, and it says so."""
    told = deadline_of(clerk.desk, clerk.unit, MONTH)
    assert told is not None
    assert told.computed
    assert next_period(clerk.desk, clerk.unit) == MONTH
    clerk.clock.wrong_by += told.until - clerk.clock.now() + timedelta(seconds=1)
    assert next_period(clerk.desk, clerk.unit) == MONTH + 1
    assert deadline_of(clerk.desk, clerk.unit, Period(2099, 1)) is None


def test_ids_carry_their_time_and_sort_by_it(clerk: Office) -> None:
    moment = clerk.clock.now()
    ids = [uuid7(moment + timedelta(milliseconds=n)) for n in range(50)]
    assert ids == sorted(ids)
    assert len({uuid7(moment) for _ in range(100)}) == 100
    assert {(name[14], name[19] in "89ab") for name in ids} == {("7", True)}


FAR_OR_NEAR = [("1950-01", True), ("2099-12", True), ("2026-11", False), ("2026-02", False)]


@pytest.mark.parametrize(("period", "told"), FAR_OR_NEAR)
def test_a_month_far_from_today_is_asked_about(clerk: Office, period: str, told: bool) -> None:
    found = clerk.prepares(Period.parse(period)).findings
    assert ("PERIOD_FAR" in [finding.code for finding in found]) == told
