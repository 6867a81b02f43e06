"""Notes on persons: who is listed, found by what, in which department, and that nothing is missed or kept too long."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from tests.store.conftest import StandingClock
from tests.store.samples import UNIT, add_unit, declare, person
from unitclient.clock import SystemClock
from unitclient.domain.findings import Finding
from unitclient.domain.roster import PersonState
from unitclient.store import Store, items, staff
from unitclient.store.person_notes import (
    Due,
    catch_up,
    conditions,
    departments,
    due,
    is_due,
    search_text,
    set_departments,
)
from unitclient.store.staging import StagedRow, stage_items


def notes(store: Store) -> dict[str, dict[str, Any]]:
    """All notes by ID number, after catching up."""
    catch_up(store, UNIT)
    query = "SELECT * FROM person_note LEFT JOIN person_words ON note = person_note.id WHERE unit = ? ORDER BY sort_key"
    cursor = store.connection.execute(query, (UNIT,))
    names = [column[0] for column in cursor.description]
    return {row[names.index("id_number")]: dict(zip(names, row, strict=True)) for row in cursor}


def have(store: Store, *numbers: int, **changes: object) -> None:
    with store.write("roster.upsert"):
        staff.upsert_persons(store, UNIT, [person(number, **changes) for number in numbers])


def stage(store: Store, *rows: tuple[str, dict[str, Any]], form: str = "enrol") -> list[int]:
    with store.write("items.stage"):
        staged = [StagedRow(number, number, "2026-02", {"id_number": number, **values}) for number, values in rows]
        stage_items(store, UNIT, form, "1", staged)
    return [item.id for item in items.items(store, UNIT, form)]


def test_confirmed_persons_are_noted_with_what_changes(store: Store, clock: StandingClock) -> None:
    have(store, 1, 2)
    found = notes(store)
    one = found[person(1).id_number]
    assert (one["name"], one["state"], one["wage_fen"], one["since"], one["origin"]) == (
        "张测1", "active", 500_001, "2025-03", "",
    )  # fmt: skip
    assert " zhangce1" in one["words"]
    clock.forward(days=1)
    have(store, 1, wage_fen=1, state=PersonState.SUSPENDED, name="单测")
    after = notes(store)
    assert after[person(1).id_number]["sort_key"] == "shan4单 ce4测"
    assert (after[person(1).id_number]["wage_fen"], after[person(1).id_number]["state"]) == (1, "suspended")
    assert after[person(2).id_number] == found[person(2).id_number]
    assert after[person(1).id_number]["id"] == one["id"]


def test_nothing_is_derived_when_nothing_is_due(store: Store) -> None:
    have(store, 1)
    assert is_due(store, UNIT)
    assert catch_up(store, UNIT) is True
    assert not is_due(store, UNIT)
    assert catch_up(store, UNIT) is False
    have(store, 1)
    assert not is_due(store, UNIT)


def test_catching_up_is_no_act_of_its_own(store: Store) -> None:
    have(store, 1)
    before = store.connection.execute("SELECT count(*) FROM journal").fetchone()
    catch_up(store, UNIT)
    assert store.connection.execute("SELECT count(*) FROM journal").fetchone() == before


def test_somebody_arriving_is_noted_until_the_centre_knows_them(store: Store, clock: StandingClock) -> None:
    number = person(9).id_number
    stage(store, (number, {"name": "钱九", "wage": 640_000}))
    found = notes(store)[number]
    assert (found["state"], found["wage_fen"], found["since"], found["origin"]) == (
        "pending", 640_000, "2026-02", "enrol",
    )  # fmt: skip
    clock.forward(days=1)
    stage(store, (number, {"name": "钱九九", "wage": None}))
    assert (notes(store)[number]["name"], notes(store)[number]["wage_fen"]) == ("钱九九", None)
    clock.forward(days=1)
    have(store, 9)
    now = notes(store)[number]
    assert (now["state"], now["name"], now["origin"], now["id"]) == ("active", "张测9", "", found["id"])


def test_rows_without_a_name_or_person_note_nobody(store: Store) -> None:
    stage(store, ("k", {"wage": 1}), form="monthly")
    with store.write("items.stage"):
        stage_items(store, UNIT, "x", "1", [StagedRow("k", "", "2026-01", {"name": "谁"})])
    assert notes(store) == {}


def test_who_was_taken_back_is_no_longer_listed(store: Store) -> None:
    have(store, 1)
    ids = stage(store, ("n1", {"name": "钱九"}), ("n2", {"name": "孙八"}))
    assert len(notes(store)) == 3
    with store.write("items.cancel"):
        items.cancel(store, ids[:1])
    assert set(notes(store)) == {person(1).id_number, "n2"}


def test_who_was_refused_stays_to_be_mended_and_who_is_gone_does_not(store: Store) -> None:
    have(store, 1, 2)
    ids = stage(store, ("n1", {"name": "钱九"}))
    declare(store, "d1", form="enrol")
    with store.write("items.settle"):
        items.mark_declared(store, ids, "d1")
        items.settle(store, "d1", {0: (Finding("B201"),)})
    with store.write("roster.replace"):
        staff.replace_roster(store, UNIT, [person(2)])
    assert set(notes(store)) == {person(2).id_number, "n1"}


def test_departments_come_from_sheets_and_stay(store: Store, clock: StandingClock) -> None:
    have(store, 1, 2)
    number = person(1).id_number
    ids = stage(store, (number, {"department": "生产部"}), ("n1", {"name": "钱九", "department": "IT部"}), form="wage")
    declare(store, "d1", form="wage")
    clock.forward(days=1)
    with store.write("items.declared"):
        items.mark_declared(store, ids, "d1")
    found = notes(store)
    assert (found[number]["department"], found["n1"]["department"]) == ("生产部", "IT部")
    assert departments(store, UNIT) == ["IT部", "生产部"]
    have(store, 1, name="改名")
    assert notes(store)[number]["department"] == "生产部"
    assert "生产部" in notes(store)[number]["words"]


def test_a_department_set_by_hand_is_not_overwritten_by_an_older_sheet(store: Store, clock: StandingClock) -> None:
    have(store, 1)
    number = person(1).id_number
    stage(store, (number, {"department": "生产部"}), form="wage")
    catch_up(store, UNIT)
    with store.write("people.department"):
        before = set_departments(store, UNIT, {number: "财务部", "nobody": "财务部"})
    assert before == {number: "生产部"}
    clock.forward(days=1)
    have(store, 1, wage_fen=7)
    found = notes(store)[number]
    assert found["department"] == "财务部"
    assert "财务部" in found["words"]
    with store.write("people.department"):
        assert set_departments(store, UNIT, {number: "财务部"}) == {}


def test_other_units_are_left_alone(store: Store) -> None:
    from tests.store.samples import add_unit

    add_unit(store, "510100000002")
    with store.write("roster.upsert"):
        staff.upsert_persons(store, "510100000002", [person(1)])
    assert notes(store) == {}
    assert is_due(store, "510100000002")


def test_everything_can_be_derived_anew(store: Store) -> None:
    have(store, 1, 2)
    stage(store, ("n1", {"name": "钱九", "department": "IT部"}))
    before = notes(store)
    with store.write("people.note"):
        store.connection.execute("DELETE FROM person_note")
        due(store, UNIT, Due.ALL, "")
    after = notes(store)
    same = [key for key in before["n1"] if key not in ("id", "note")]
    assert {n: [one[key] for key in same] for n, one in after.items()} == {
        n: [one[key] for key in same] for n, one in before.items()
    }


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("张三", True),
        ("三丰", True),
        ("zsf", True),
        ("ZhangSan", True),
        ("san", True),
        ("hang", False),
        ("002x", True),
        ("0021", False),
        ("1949", False),
        ("194912", True),
        ("11010519491231002X", True),
        ("研发", True),
        ("it", True),
        ("研发 zs", True),
        ("研发 李", False),
        ("zhang san", True),
        ("", True),
        ("%", False),
    ],
)
def test_what_is_typed_finds_by_name_pinyin_initials_number_or_department(typed: str, found: bool) -> None:
    text = search_text("张三丰", "11010519491231002X", "IT 研发部")
    parts, arguments = conditions(typed)
    sql = f"SELECT {' AND '.join(parts) or '1'} FROM (SELECT ? AS words)"
    # The condition stands before the text in the statement, and so do its arguments.
    assert bool(sqlite3.connect(":memory:").execute(sql, (*arguments, text)).fetchone()[0]) is found


def test_rows_are_found_by_the_time_they_were_given_though_the_clock_goes_on(home: Path) -> None:
    """A clock that stands still hides it when what is due is told of with another time than its rows have."""
    with Store.open(home, clock=SystemClock()) as store:
        add_unit(store, UNIT)
        with store.write("test"):
            staff.upsert_persons(store, UNIT, [person(1)])
        with store.write("test"):
            row = StagedRow("k", person(2).id_number, "2026-01", {"name": "张测2", "wage": 1}, (), 2)
            stage_items(store, UNIT, "enrol", "2026", [row])
        assert catch_up(store, UNIT)
        noted = store.connection.execute("SELECT id_number FROM person_note ORDER BY id_number").fetchall()
        assert [number for (number,) in noted] == sorted([person(1).id_number, person(2).id_number])
