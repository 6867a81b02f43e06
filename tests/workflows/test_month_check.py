"""Checking a prepared month: who changed, totals, findings, consequences, and every amount explained."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import pytest

from tests.e2e.office import ENROL_HEADERS, MONTH, Office, ask, id_number, office, open_unit, practice_centre, staff
from unitclient.domain.findings import Severity
from unitclient.domain.money import round_ratio
from unitclient.sheets.model import Cell
from unitclient.sync.protocol import Declaration as Content
from unitclient.workflows.month_check import SAME, MonthCheck, declared, explain_person, month_check

STOP_HEADERS = ("姓名", "证件号码", "减员原因", "最后缴费年月", "离职日期")
WAGE_HEADERS = ("姓名", "证件号码", "新缴费工资", "起始年月", "调整原因")
NEXT = MONTH + 1
CHANGES: tuple[tuple[str, tuple[str, ...], list[Cell]], ...] = (
    ("stop", STOP_HEADERS, ["员工一", id_number(1), "222", "2026-11", "2026-11-20"]),
    ("enrol", ENROL_HEADERS, ["员工四", id_number(4), "2026-12", "8000.00"]),
    ("base-change", WAGE_HEADERS, ["员工二", id_number(2), "7777.00", "2026-12", "工资变动"]),
)


@pytest.fixture(scope="module")
def later(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """November declared, December prepared: one left, one joined, one earns more, one is below the floor."""
    folder = tmp_path_factory.mktemp("later")
    with (
        practice_centre(folder / "centre") as running,
        office(folder / "home", running.url, open_unit(running.url)) as clerk,
    ):
        low = ["员工低", id_number(9), "2026-11", "1500.00"]
        high = ["员工高", id_number(8), "2026-11", "99999.00"]
        clerk.enrols([*staff(3), low, high])
        clerk.declares()
        ask(running.url, "PUT", "/practice/clock", {"now": "2026-12-05T12:00:00+08:00"})
        clerk.syncs()
        for form, headers, row in CHANGES:
            result = clerk.imports(form, headers, [row], period=NEXT)
            assert result.taken == 1, result.findings
        clerk.prepares(NEXT)
        yield clerk


def check(clerk: Office) -> MonthCheck:
    told = month_check(clerk.desk, clerk.unit, NEXT)
    assert told is not None
    return told


def test_everybody_is_there_with_what_changed(later: Office) -> None:
    told = check(later)
    found = {line.id_number: (line.change, line.limit) for line in told.people}
    assert found == {
        id_number(1): ("gone", ""),
        id_number(2): ("wage", ""),
        id_number(3): (SAME, ""),
        id_number(4): ("new", ""),
        id_number(8): (SAME, "cap"),
        id_number(9): (SAME, "floor"),
    }
    assert told.counts() == {"gone": 1, "wage": 1, "new": 1, SAME: 3, "cap": 1, "floor": 1}
    assert (told.persons, told.persons_before, told.last_period) == (5, 5, MONTH)
    assert not told.signed
    assert [one.form for one in told.batch] == ["enrol", "stop", "base-change", "monthly"]


def test_totals_are_those_of_the_declaration(later: Office) -> None:
    told = check(later)
    whole = content(later, told)
    assert {one.insurance: {"unit": one.unit, "person": one.person} for one in told.totals} == whole.header.totals
    assert sum(line.after for line in told.people) == sum(row[5] + row[6] for row in whole.rows)
    assert {one.persons for one in told.totals} == {5}
    assert sum(line.before for line in told.people) == sum(one.unit_before + one.person_before for one in told.totals)


def content(clerk: Office, told: MonthCheck) -> Content:
    return declared(clerk.desk, told.declaration.id)


def test_each_amount_is_explained_to_the_fen(later: Office) -> None:
    told = check(later)
    for person in told.people:
        lines = explain_person(later.desk, later.unit, told.declaration.id, person.id_number)
        assert lines
        amount = person.before if person.change == "gone" else person.after
        assert sum(line.unit_fen + line.person_fen for line in lines) == amount
        for line in lines:
            assert line.rule is not None
            assert line.agrees
            for part in (line.unit, line.person):
                assert part is not None
                assert part.exact == Fraction(line.base_fen * part.rate_ppm, 1_000_000)
                rule = line.rule.unit_rounding if part is line.unit else line.rule.person_rounding
                assert round_ratio(part.exact, rule) + part.fixed_fen == part.amount_fen
            assert bool(line.clamped) == (line.base_fen != round(line.wage_fen, -2))
    wage = explain_person(later.desk, later.unit, told.declaration.id, id_number(2))
    assert {line.wage_fen for line in wage} == {777_700}
    assert all(line.before and line.before[0] < line.base_fen for line in wage)
    joined = explain_person(later.desk, later.unit, told.declaration.id, id_number(4))
    assert all(line.before is None for line in joined)


def test_findings_once_each_and_errors_first(later: Office) -> None:
    told = check(later)
    weights = [group.finding.severity for group in told.findings]
    assert weights == sorted(weights, key=[Severity.ERROR, Severity.WARNING, Severity.NOTICE].index)
    assert "POLICY_REFERENCE" in [group.finding.code for group in told.findings]
    floor = [group for group in told.findings if (id_number(9), "员工低") in group.persons]
    assert not floor
    keys = [(group.finding.code, group.form, *sorted(group.finding.params.items())) for group in told.findings]
    assert len(keys) == len(set(keys))


def test_consequences_of_stops_come_first(later: Office) -> None:
    told = check(later)
    assert [(one.form, one.text) for one in told.consequences][:2] == [
        ("stop", "consequence-own-wish"),
        ("stop", "consequence-stop-backwards"),
    ]
    assert told.consequences[0].persons == ((id_number(1), "员工一"),)


def test_a_row_that_no_longer_passes_is_left_out_and_says_why(later: Office) -> None:
    later.imports("enrol", ENROL_HEADERS, [["员工五", id_number(5), "2026-12", "6000.00"]], period=NEXT)
    with later.base.store.write("test.break"):
        later.base.store.must_write().execute(
            "UPDATE item SET row_values = replace(row_values, '2026-12', '2028-12') WHERE state = 'pending'"
        )
    told = check(later)
    assert told.left_out == 1
    wrong = [group for group in told.findings if group.left_out and group.finding.severity is Severity.ERROR]
    assert [(group.form, group.persons) for group in wrong] == [("enrol", ((id_number(5), "员工五"),))]


def test_nothing_prepared(later: Office) -> None:
    assert month_check(later.desk, later.unit, MONTH + 5) is None
