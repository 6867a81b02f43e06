"""The list of people: narrowing, order, counts, what hangs on each, and that SQLite uses the indexes meant for it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.store.samples import UNIT, declare, person
from unitclient.domain.findings import Finding, Severity
from unitclient.domain.roster import PersonState
from unitclient.store import Store, items, staff
from unitclient.store.people import (
    CHANGING,
    WITH_FINDINGS,
    PeopleQuery,
    declared_rows,
    note_id,
    numbers_of,
    people,
    people_counts,
    people_ids,
    rows_of_person,
    troubled_ids,
)
from unitclient.store.person_notes import catch_up, set_departments
from unitclient.store.staging import StagedRow, stage_items

WARNING = Finding("WAGE_UNUSUAL", Severity.WARNING, "wage")
NOTICE = Finding("B301", Severity.NOTICE, "wage")
ALL = PeopleQuery(UNIT, ("enrol",))


def query(**changes: Any) -> PeopleQuery:
    return PeopleQuery(UNIT, ("enrol",), **changes)


@pytest.fixture
def filled(store: Store) -> Store:
    """Five confirmed (one suspended), one arriving, one who only has a row of another form."""
    names = ["章一", "张二", "李四", "欧阳五", "曾六"]
    with store.write("test.fill"):
        known = [person(n, name=name, wage_fen=900_000 - n * 1000) for n, name in enumerate(names, start=1)]
        known[4] = person(5, name="曾六", state=PersonState.SUSPENDED, wage_fen=1)
        staff.upsert_persons(store, UNIT, known)
        stage_items(
            store, UNIT, "enrol", "1",
            [StagedRow("n7", "n7", "2026-02", {"name": "钱七", "wage": 2, "department": "财务部"}, [WARNING])],
        )  # fmt: skip
        stage_items(store, UNIT, "record", "1", [StagedRow("n8", "n8", "2026-02", {"name": "孙八"})])
        two = person(2).id_number
        stage_items(store, UNIT, "base-change", "1", [StagedRow(two, two, "2026-02", {"wage": 3}, [NOTICE])])
        catch_up(store, UNIT)
        set_departments(store, UNIT, {person(1).id_number: "财务部", person(3).id_number: "IT部"})
    return store


def names(store: Store, asked: PeopleQuery) -> list[str]:
    ids = people_ids(store, asked)
    found = people(store, UNIT, ids)
    return [found[one].name for one in ids]


def test_everybody_is_listed_by_pinyin_and_people_of_other_forms_are_not(filled: Store) -> None:
    assert names(filled, ALL) == ["李四", "欧阳五", "钱七", "曾六", "张二", "章一"]
    assert names(filled, query(descending=True)) == ["章一", "张二", "曾六", "钱七", "欧阳五", "李四"]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (query(text="zhang"), ["张二", "章一"]),
        (query(text="oy"), ["欧阳五"]),
        (query(text="财务"), ["钱七", "章一"]),
        (query(text="0003"), ["李四"]),
        (query(narrow=("suspended",)), ["曾六"]),
        (query(narrow=("suspended", "pending")), ["钱七", "曾六"]),
        (query(narrow=(CHANGING,)), ["钱七", "张二"]),
        (query(narrow=(WITH_FINDINGS,)), ["钱七"]),
        (query(narrow=("active", CHANGING)), ["张二"]),
        (query(department="财务部"), ["钱七", "章一"]),
        (query(department="财务部", text="q"), ["钱七"]),
        (query(order="wage"), ["曾六", "钱七", "欧阳五", "李四", "张二", "章一"]),
        (query(order="id_number", descending=True), ["钱七", "曾六", "欧阳五", "李四", "张二", "章一"]),
    ],
)
def test_lists_are_narrowed_and_ordered(filled: Store, asked: PeopleQuery, found: list[str]) -> None:
    assert names(filled, asked) == found


def test_counts_are_those_of_each_narrowing_alone(filled: Store) -> None:
    assert people_counts(filled, query(narrow=("suspended",), order="wage")) == {
        "": 6, "active": 4, "suspended": 1, "terminated": 0, "pending": 1, CHANGING: 2, WITH_FINDINGS: 1,
    }  # fmt: skip
    assert people_counts(filled, query(text="张"))[""] == 1


def test_each_comes_with_what_still_says_something(filled: Store) -> None:
    ids = people_ids(filled, ALL)
    found = {one.name: one for one in people(filled, UNIT, ids).values()}
    assert found["张二"].person == person(2, name="张二", wage_fen=898_000)
    assert [row.values for row in found["张二"].rows] == [{"wage": 3}]
    assert (found["钱七"].person, found["钱七"].department, found["钱七"].rows[0].findings) == (
        None, "财务部", (WARNING,),
    )  # fmt: skip
    assert found["李四"].rows == ()
    assert people(filled, UNIT, [10**9]) == {}
    assert troubled_ids(filled, ALL) == {found["钱七"].id}
    assert note_id(filled, UNIT, "n7") == found["钱七"].id
    assert note_id(filled, UNIT, "nobody") is None
    assert numbers_of(filled, [found["钱七"].id]) == {found["钱七"].id: "n7"}


def test_a_refused_row_speaks_until_it_is_tried_again(filled: Store) -> None:
    (row,) = items.items(filled, UNIT, "base-change")
    declare(filled, "d1", form="base-change")
    with filled.write("test.settle"):
        items.mark_declared(filled, [row.id], "d1")
        items.settle(filled, "d1", {0: (Finding("B201"),)})
    two = person(2).id_number
    assert names(filled, query(narrow=(WITH_FINDINGS,))) == ["钱七", "张二"]
    with filled.write("test.again"):
        stage_items(filled, UNIT, "base-change", "1", [StagedRow(two, two, "2026-02", {"wage": 4})])
    assert names(filled, query(narrow=(WITH_FINDINGS,))) == ["钱七"]
    note = note_id(filled, UNIT, two)
    assert note is not None
    assert [one.values["wage"] for one in people(filled, UNIT, [note])[note].rows] == [4]
    assert [one.state.value for one in rows_of_person(filled, UNIT, two)] == ["refused", "pending"]


def test_one_persons_lines_are_cut_out_of_a_declaration(store: Store) -> None:
    from dataclasses import replace

    from unitclient.store.declarations import add_declaration

    lines = [[f"n{number}", "张“三", kind, 5, 6, 7, 8] for number in range(300) for kind in ("injury", "pension")]
    payload = json.dumps({"header": {}, "columns": [], "rows": lines}, ensure_ascii=False, separators=(",", ":"))
    base = declare(store, "d0")
    with store.write("test.add"):
        add_declaration(store, replace(base, id="d1", payload=payload.encode()))
    assert declared_rows(store, "d1", "n7") == [lines[14], lines[15]]
    assert declared_rows(store, "d1", "n299") == lines[-2:]
    assert declared_rows(store, "d1", "n") == []


@pytest.mark.parametrize("order", ["name", "id_number", "department", "state", "wage", "since"])
def test_each_order_has_an_index(store: Store, order: str) -> None:
    from unitclient.store import people as module

    where, arguments = module._where(ALL)
    column = module._ORDERS[order]
    sql = f"EXPLAIN QUERY PLAN SELECT id FROM person_note WHERE {where} ORDER BY {column}, origin, id"
    plan = [row[3] for row in store.connection.execute(sql, arguments)]
    assert not [step for step in plan if "TEMP B-TREE" in step], plan
    assert "COVERING INDEX" in plan[0]


def test_many_hits_are_found_as_few_are(filled: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    from unitclient.store import people as module

    asked = [query(text="z"), query(text="z", order="wage"), query(text="财务", narrow=("active",)), query(text="q")]
    few = [(list(people_ids(filled, one)), people_counts(filled, one)) for one in asked]
    monkeypatch.setattr(module, "_FEW", 0)
    assert [(list(people_ids(filled, one)), people_counts(filled, one)) for one in asked] == few
