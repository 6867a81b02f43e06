"""Changes in the roster itself: checked, staged, told about, undone and done again; and one person's life line."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from tests.workflows.test_entering import ANNA, MONTH, UNIT, desk
from unitclient.domain.period import Period
from unitclient.domain.roster import Coverage, Person
from unitclient.store.declarations import find_declarations
from unitclient.store.items import ItemState, items
from unitclient.store.person_notes import catch_up, departments
from unitclient.store.staff import upsert_persons
from unitclient.workflows.desk import Desk
from unitclient.workflows.entering import stage_one
from unitclient.workflows.life_line import LifeKind, life_line
from unitclient.workflows.prepare import prepare_month
from unitclient.workflows.roster_edits import (
    ENROL_FORM,
    WAGE_FORM,
    Edited,
    Wish,
    again,
    do_again,
    edit_roster,
    move_people,
    take_back,
    wage_wish,
)
from unitclient.workflows.roster_lines import (
    PasteLine,
    WageRule,
    Way,
    clear_wages,
    paste_lines,
    set_wages,
    type_wages,
)

__all__ = ["desk"]
ONE, TWO, NEW = "420100198505051023", "11000019900307001X", "110000199003070036"


@pytest.fixture
def staffed(desk: Desk) -> Desk:
    held = {name: Coverage(Period(2024, 1)) for name in UNIT.insurances}
    people = [
        Person(number, name, 650_000, coverage=held, since=Period(2024, 1), wage_since=Period(2026, 1))
        for number, name in ((ONE, "王示范"), (TWO, "赵示范"))
    ]
    with desk.store.write("test.people"):
        upsert_persons(desk.store, UNIT.unit_number, people)
    return desk


def change(desk: Desk, *wages: tuple[str, str, str]) -> Edited:
    wishes = [
        wage_wish(desk, number, name, wage, MONTH, label=f"第 {n} 行")
        for n, (number, name, wage) in enumerate(wages, 1)
    ]
    return edit_roster(desk, UNIT, wishes, MONTH)


def pending(desk: Desk, form: str = WAGE_FORM) -> dict[str, Any]:
    return {row.person_id: row.values["wage"] for row in items(desk.store, UNIT.unit_number, form, ItemState.PENDING)}


def test_wages_are_staged_and_undone_in_one_step(staffed: Desk) -> None:
    done = change(staffed, (ONE, "王示范", "7,000.50"), (TWO, "赵示范", "8000"))
    assert (len(done.steps), done.refused, done.same) == (2, [], 0)
    assert pending(staffed) == {ONE: 700_050, TWO: 800_000}
    (row,) = items(staffed.store, UNIT.unit_number, WAGE_FORM)[:1]
    assert (row.effect_month, row.values["reason"], row.values["old_wage"]) == ("2026-11", "wage-change", 650_000)
    assert take_back(staffed, UNIT, done.steps) == 2
    assert pending(staffed) == {}
    assert do_again(staffed, UNIT, done.steps) == 2
    assert pending(staffed) == {ONE: 700_050, TWO: 800_000}


def test_undoing_gives_back_what_was_pending_before(staffed: Desk) -> None:
    change(staffed, (ONE, "王示范", "7000"))
    done = change(staffed, (ONE, "王示范", "7500"), (TWO, "赵示范", "7500"))
    same = change(staffed, (ONE, "王示范", "7500"))
    assert (same.same, same.steps) == (1, [])
    take_back(staffed, UNIT, done.steps)
    assert pending(staffed) == {ONE: 700_000}


def test_what_is_wrong_is_refused_and_the_rest_is_taken(staffed: Desk) -> None:
    done = change(
        staffed,
        (ONE, "王示范", "7000"),
        (TWO, "赵示范", "七千"),
        (NEW, "钱不在", "7000"),
        (ONE, "王示范", "1"),
    )
    assert pending(staffed) == {ONE: 700_000}
    told = {(one.wish.label, finding.code) for one in done.refused for finding in one.findings}
    assert {label for label, _ in told} == {"第 2 行", "第 3 行", "第 4 行"}
    assert ("第 4 行", "DUPLICATE_ROW") in told
    assert done.refused[0].person_id == TWO


def test_what_is_declared_is_left_alone(staffed: Desk) -> None:
    done = change(staffed, (ONE, "王示范", "7000"), (TWO, "赵示范", "7100"))
    prepare_month(staffed, UNIT, MONTH)
    assert find_declarations(staffed.store, UNIT.unit_number, form=WAGE_FORM)
    refused = change(staffed, (ONE, "王示范", "9000")).refused
    assert refused[0].findings
    assert take_back(staffed, UNIT, done.steps) == 0


def test_many_at_once_are_the_same_as_few(staffed: Desk) -> None:
    wishes = [wage_wish(staffed, ONE, "王示范", "7000", MONTH)] + [
        Wish(ENROL_FORM, {**ANNA, "id_number": f"bad{number}"}) for number in range(250)
    ]
    told: list[tuple[int, int]] = []
    done = edit_roster(staffed, UNIT, wishes, MONTH, count=lambda now, of: told.append((now, of)))
    assert (len(done.steps), len(done.refused)) == (1, 250)


def test_people_are_pasted_in_and_taken_back(desk: Desk) -> None:
    done = edit_roster(desk, UNIT, [Wish(ENROL_FORM, {**ANNA, "department": "财务部"})], MONTH)
    assert pending(desk, ENROL_FORM) == {ONE: 650_000}
    assert departments(desk.store, UNIT.unit_number) == ["财务部"]
    (row,) = items(desk.store, UNIT.unit_number, ENROL_FORM)
    changed = edit_roster(desk, UNIT, [again(desk.catalog.form(ENROL_FORM), row, {"wage": "6600"})], MONTH)
    assert pending(desk, ENROL_FORM) == {ONE: 660_000}
    assert take_back(desk, UNIT, changed.steps) == 1
    assert pending(desk, ENROL_FORM) == {ONE: 650_000}
    take_back(desk, UNIT, done.steps)
    assert departments(desk.store, UNIT.unit_number) == []


def test_departments_are_moved_and_say_where_people_were(staffed: Desk) -> None:
    assert move_people(staffed, UNIT, {ONE: "生产部", TWO: "生产部"}) == {ONE: ("", "生产部"), TWO: ("", "生产部")}
    assert move_people(staffed, UNIT, {ONE: "财务部", TWO: "生产部"}) == {ONE: ("生产部", "财务部")}
    along = edit_roster(staffed, UNIT, [], MONTH, departments={TWO: "财务部"})
    assert (along.moved, along.steps) == ({TWO: ("生产部", "财务部")}, [])
    assert departments(staffed.store, UNIT.unit_number) == ["财务部"]


def test_a_life_line_has_coverage_rows_and_declared_months(staffed: Desk) -> None:
    change(staffed, (ONE, "王示范", "7000"))
    prepare_month(staffed, UNIT, MONTH)
    told = life_line(staffed, UNIT, ONE)
    assert (told.name, told.person and told.person.wage_fen) == ("王示范", 650_000)
    assert [(event.kind, event.month) for event in told.events] == [
        (LifeKind.DECLARED, "2026-11"),
        (LifeKind.ROW, "2026-11"),
        (LifeKind.WAGE, "2026-01"),
        (LifeKind.COVERED, "2024-01"),
    ]
    declared, row = told.events[:2]
    assert declared.wage_fen == 700_000
    assert {"pension", "medical"} <= set(declared.insurances) <= set(UNIT.insurances)
    assert declared.amount_fen
    assert (row.form, row.state, row.wage_fen) == (WAGE_FORM, "declared", 700_000)
    assert row.values["调整原因"] == "工资变动"


def test_a_life_line_of_somebody_arriving_or_unknown(desk: Desk) -> None:
    stage_one(desk, UNIT, desk.catalog.form(ENROL_FORM), ANNA, MONTH)
    told = life_line(desk, UNIT, ONE)
    assert (told.name, told.person, [event.kind for event in told.events]) == ("王示范", None, [LifeKind.ROW])
    assert life_line(desk, UNIT, "nobody").events == ()


@pytest.mark.parametrize(
    ("rule", "before", "after"),
    [
        (WageRule(Way.AMOUNT, Fraction(500_000)), 1, 500_000),
        (WageRule(Way.AMOUNT, Fraction(500_000)), None, 500_000),
        (WageRule(Way.ADD, Fraction(-10_000)), 650_000, 640_000),
        (WageRule(Way.PERCENT, Fraction("3.5")), 666_667, 690_000),
        (WageRule(Way.PERCENT, Fraction(-10)), 5, 5),
        (WageRule(Way.PERCENT, Fraction(5)), None, None),
    ],
)
def test_a_rule_makes_wages_to_the_fen(rule: WageRule, before: int | None, after: int | None) -> None:
    assert rule.of(before) == after


def notes(desk: Desk) -> dict[str, int]:
    catch_up(desk.store, UNIT.unit_number)
    return dict(desk.store.connection.execute("SELECT id_number, id FROM person_note").fetchall())


def test_many_wages_are_set_by_a_rule_that_counts_on_what_is_pending(staffed: Desk) -> None:
    ids = list(notes(staffed).values())
    rule = WageRule(Way.PERCENT, Fraction(10))
    set_wages(staffed, UNIT, ids, rule, MONTH, "post-change")
    assert pending(staffed) == {ONE: 715_000, TWO: 715_000}
    again = set_wages(staffed, UNIT, ids[:1], rule, MONTH, "post-change")
    assert sorted(pending(staffed).values()) == [715_000, 786_500]
    take_back(staffed, UNIT, again.steps)
    cleared = clear_wages(staffed, UNIT, ids)
    assert pending(staffed) == {}
    take_back(staffed, UNIT, cleared.steps)
    assert pending(staffed) == {ONE: 715_000, TWO: 715_000}


def test_an_emptied_wage_is_taken_back_and_an_arriving_persons_is_changed(staffed: Desk) -> None:
    edit_roster(staffed, UNIT, [Wish(ENROL_FORM, {**ANNA, "id_number": NEW, "name": "钱示范"})], MONTH)
    found = notes(staffed)
    type_wages(staffed, UNIT, {found[ONE]: "7000", found[NEW]: "7100"}, MONTH)
    assert pending(staffed) == {ONE: 700_000}
    assert pending(staffed, ENROL_FORM) == {NEW: 710_000}
    done = type_wages(staffed, UNIT, {found[ONE]: "", found[NEW]: ""}, MONTH)
    assert pending(staffed) == {}
    assert pending(staffed, ENROL_FORM) == {NEW: 710_000}
    assert len(done.steps) == 1


def test_pasted_lines_change_known_people_and_bring_in_unknown_ones(staffed: Desk) -> None:
    lines = [
        PasteLine("第 1 行", {"name": "王示范", "id_number": ONE, "wage": "7000", "department": "生产部"}),
        PasteLine("第 2 行", {"id_number": TWO.lower(), "wage": "6500.00", "department": "生产部"}),
        PasteLine("第 3 行", {"name": "钱示范", "id_number": NEW, "wage": "7000", "start_month": "2026-11"}),
        PasteLine("第 4 行", {"name": "孙示范", "id_number": "110000199003070037", "wage": "7000"}),
        PasteLine("第 5 行", {"wage": "x"}, notes(staffed)[TWO]),
    ]  # fmt: skip
    done = paste_lines(staffed, UNIT, lines, MONTH)
    assert pending(staffed) == {ONE: 700_000}
    assert pending(staffed, ENROL_FORM) == {NEW: 700_000}
    assert done.moved == {ONE: ("", "生产部"), TWO: ("", "生产部")}
    assert [one.wish.label for one in done.refused] == ["第 5 行", "第 4 行"]
    more = paste_lines(staffed, UNIT, [PasteLine("1", {"id_number": NEW, "wage": "7200"})], MONTH)
    assert pending(staffed, ENROL_FORM) == {NEW: 720_000}
    assert len(more.steps) == 1
