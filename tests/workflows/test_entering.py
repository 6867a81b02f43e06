"""One row typed by hand: checked as a sheet's row is, staged, edited, taken back and put back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from unitclient.app import Parts, load_parts, open_desk
from unitclient.catalog.checking import check_row
from unitclient.domain.period import Period
from unitclient.domain.roster import Coverage, Person
from unitclient.store.declarations import Declaration, add_declaration
from unitclient.store.items import ItemState, items, mark_declared
from unitclient.store.journal import entries
from unitclient.store.staff import upsert_persons
from unitclient.store.staged import StagedQuery, rows_by_form, staged_counts, staged_ids, staged_rows
from unitclient.store.units import Unit, add_unit
from unitclient.workflows.desk import Desk
from unitclient.workflows.entering import Outcome, entry_context, put_back, stage_one, withdraw
from unitclient.workflows.importing import check_context

UNIT = Unit(
    unit_number="420100000001",
    uscc="91420100MA4KXXXX1A",
    name="演练用人单位",
    region="420100",
    centre_url="http://127.0.0.1:9",
    service="practice",
    ca_pem="",
    practice=True,
    insurances=("pension", "medical", "unemployment", "injury", "maternity"),
)
MONTH = Period(2026, 11)
NOW = datetime(2026, 11, 10, 4, tzinfo=UTC)
ANNA = {"name": "王示范", "id_number": "420100198505051023", "start_month": "2026-11", "wage": "6,500.00"}
BORIS = {"name": "赵示范", "id_number": "11000019900307001X", "start_month": "2026-11", "wage": 7000}


class Fixed:
    """A clock that stands."""

    def now(self) -> datetime:
        return NOW


@cache
def _parts() -> Parts:
    return load_parts()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with open_desk(tmp_path, Fixed(), parts=_parts()) as opened:
        with opened.store.write("test.unit"):
            add_unit(opened.store, UNIT)
        yield opened


def _enter(desk: Desk, raw: dict[str, Any], form: str = "enrol", replaces: int | None = None) -> Outcome:
    return stage_one(desk, UNIT, desk.catalog.form(form), raw, MONTH, replaces=replaces).outcome


def _known(desk: Desk, *numbers: str) -> None:
    held = {name: Coverage(Period(2024, 1)) for name in UNIT.insurances}
    people = [Person(number, "王示范", 600000, coverage=held, since=Period(2024, 1)) for number in numbers]
    with desk.store.write("test.people"):
        upsert_persons(desk.store, UNIT.unit_number, people)


def test_a_good_row_is_staged_with_its_defaults(desk: Desk) -> None:
    entered = stage_one(desk, UNIT, desk.catalog.form("enrol"), ANNA, MONTH)
    assert entered.outcome is Outcome.NEW
    assert "insurances" in entered.row.defaulted
    (item,) = items(desk.store, UNIT.unit_number, "enrol")
    assert (item.values["wage"], item.effect_month, item.source_row) == (650000, "2026-11", 0)
    assert item.values["insurances"] == sorted(UNIT.insurances)


def test_a_row_with_errors_writes_nothing(desk: Desk) -> None:
    before = len(entries(desk.store))
    entered = stage_one(desk, UNIT, desk.catalog.form("enrol"), {**ANNA, "wage": "很多"}, MONTH)
    assert entered.outcome is Outcome.REFUSED
    assert [finding.code for finding in entered.findings] == ["BAD_MONEY"]
    assert (items(desk.store, UNIT.unit_number), len(entries(desk.store))) == ([], before)


def test_the_same_row_again_changes_nothing(desk: Desk) -> None:
    assert _enter(desk, ANNA) is Outcome.NEW
    before = len(entries(desk.store))
    assert _enter(desk, ANNA) is Outcome.SAME
    assert len(entries(desk.store)) == before


def test_editing_replaces_the_row_also_when_its_key_changes(desk: Desk) -> None:
    _enter(desk, ANNA)
    (first,) = items(desk.store, UNIT.unit_number, "enrol")
    assert _enter(desk, {**ANNA, "wage": "6600"}, replaces=first.id) is Outcome.CHANGED
    assert _enter(desk, BORIS, replaces=first.id) is Outcome.CHANGED
    waiting = items(desk.store, UNIT.unit_number, "enrol", ItemState.PENDING)
    assert [item.person_id for item in waiting] == [BORIS["id_number"]]
    assert _enter(desk, BORIS, replaces=waiting[0].id) is Outcome.SAME


def test_a_declared_row_of_the_same_key_stands(desk: Desk) -> None:
    _enter(desk, ANNA)
    (item,) = items(desk.store, UNIT.unit_number, "enrol")
    declaration = Declaration(
        id="d1", unit=UNIT.unit_number, form="enrol", form_version="1", period="2026-11", payload=b"{}", row_count=1,
        prepared_at=NOW, requires=(), totals={},
    )  # fmt: skip
    with desk.store.write("test.declare"):
        add_declaration(desk.store, declaration)
        mark_declared(desk.store, [item.id], "d1")
    entered = stage_one(desk, UNIT, desk.catalog.form("enrol"), {**ANNA, "wage": 9000}, MONTH)
    assert entered.outcome is Outcome.REFUSED
    assert "B203" in [finding.code for finding in entered.findings]
    assert withdraw(desk, "enrol", [item.id]) == ()


def test_taken_back_and_put_back(desk: Desk) -> None:
    _enter(desk, ANNA)
    _enter(desk, BORIS)
    first, second = items(desk.store, UNIT.unit_number, "enrol")
    assert withdraw(desk, "enrol", [first.id, second.id, 999]) == (first.id, second.id)
    assert withdraw(desk, "enrol", [first.id]) == ()
    _enter(desk, {**ANNA, "wage": 8000})
    assert put_back(desk, UNIT, desk.catalog.form("enrol"), [first.id, second.id]) == 1
    waiting = items(desk.store, UNIT.unit_number, "enrol", ItemState.PENDING)
    assert {item.person_id: item.values["wage"] for item in waiting} == {
        ANNA["id_number"]: 800000,
        BORIS["id_number"]: 700000,
    }


def test_the_last_person_cannot_be_stopped_one_by_one(desk: Desk) -> None:
    _known(desk, "420100198505051023", "11000019900307001X")
    stop = {"name": "王示范", "reason": "222", "last_paid_month": "2026-11", "end_date": "2026-11-09"}
    assert _enter(desk, {**stop, "id_number": "420100198505051023"}, "stop") is Outcome.NEW
    entered = stage_one(desk, UNIT, desk.catalog.form("stop"), {**stop, "id_number": "11000019900307001X"}, MONTH)
    assert entered.outcome is Outcome.REFUSED
    assert "B404" in [finding.code for finding in entered.findings]


@pytest.mark.parametrize("form_id", ["enrol", "stop", "annual-wage", "base-change", "back-payment"])
def test_a_typed_row_is_checked_as_a_sheets_row_is(desk: Desk, form_id: str) -> None:
    _known(desk, "420100198505051023", "11000019900307001X")
    _enter(desk, {**BORIS, "id_number": "110000199003070175"})
    form = desk.catalog.form(form_id)
    for number in ("420100198505051023", "11000019900307001X", "110000199003070175", "123", ""):
        raw = {field.name: field.example for field in form.fields if field.example} | {"id_number": number}
        alone = check_row(form, raw, entry_context(desk, UNIT, form, MONTH))
        sheet = check_row(form, raw, check_context(desk, UNIT, form, MONTH))
        assert alone == sheet


def test_a_unit_of_thousands_is_not_read_for_one_row(desk: Desk) -> None:
    held = {name: Coverage(Period(2024, 1)) for name in UNIT.insurances}
    people = [Person(f"P{number:07}", "某", 1, coverage=held) for number in range(1200)]
    with desk.store.write("test.people"):
        upsert_persons(desk.store, UNIT.unit_number, people)
    seen: list[str] = []
    desk.store.connection.set_trace_callback(seen.append)
    entry_context(desk, UNIT, desk.catalog.form("stop"), MONTH)
    desk.store.connection.set_trace_callback(None)
    assert not [sql for sql in seen if "coverage" in sql]


def test_lists_are_found_ordered_and_counted(desk: Desk) -> None:
    _enter(desk, ANNA)
    _enter(desk, {**BORIS, "wage": "500"})
    _enter(desk, {**BORIS, "id_number": "110000199003070175", "name": "钱示范"})
    first, second, third = items(desk.store, UNIT.unit_number, "enrol")
    withdraw(desk, "enrol", [third.id])
    query = StagedQuery(UNIT.unit_number, "enrol")
    assert list(staged_ids(desk.store, query)) == [second.id, first.id]
    assert list(staged_ids(desk.store, replace(query, order="wage"))) == [second.id, first.id]
    assert list(staged_ids(desk.store, replace(query, order="wage", descending=True))) == [first.id, second.id]
    assert list(staged_ids(desk.store, replace(query, text="示范 420100198505051023"))) == [first.id]
    assert list(staged_ids(desk.store, replace(query, narrow=("cancelled",)))) == [third.id]
    assert list(staged_ids(desk.store, replace(query, narrow=("pending", "findings")))) == [second.id]
    counts = staged_counts(desk.store, query)
    assert (counts[""], counts["pending"], counts["cancelled"], counts["findings"]) == (2, 2, 1, 1)
    assert staged_rows(desk.store, [third.id, 77]).keys() == {third.id}
    assert rows_by_form(desk.store, UNIT.unit_number) == {"enrol": (2, 2)}
