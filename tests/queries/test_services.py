"""Query services through the real centre: answered, kept with their age, not asked too often, not without the right."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.businesses.cases import load_case
from tests.businesses.walk import Walk
from tests.e2e.office import Office, id_number, office, open_unit, practice_centre, staff
from tests.e2e.office import ask as ask_desk
from unitclient.catalog.said import answer_in_words
from unitclient.central.server import RunningCentre
from unitclient.errors import UserError
from unitclient.store.answers import list_answers
from unitclient.store.documents import find_by_digest
from unitclient.store.journal import entries
from unitclient.store.registers import list_entries
from unitclient.store.settings import put_setting
from unitclient.workflows.asking import PERSONAL_OPERATORS, ask, services

INPUTS = {
    "person-paid": {"person": id_number(1)},
    "pension-account": {"person": id_number(1)},
    "medical-account": {"person": id_number(1)},
    "card-spending": {"id_number": id_number(1)},
    "vehicle-violations": {"plate": "湘J12345", "engine_tail": "A1B2C3"},
    "card-state": {"id_number": id_number(1)},
    "appointment-places": {"day": "2026-11-12"},
    "certificate-check": {"certificate_number": "20261110000001", "verify_code": "ABCD2345", "issued_on": "2026-11-10"},
}
"""What a query must be asked with, and what there is to be found."""
EMPTY_AT_FIRST = {"arrears", "card-state", "card-progress", "certificate-check"}
"""Queries that have nothing to say of a unit whose month is paid, and that has no cards and no such paper."""


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCentre]:
    with practice_centre(tmp_path_factory.mktemp("centre")) as running:
        yield running


@pytest.fixture(scope="module")
def paid(centre: RunningCentre, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A unit whose month was declared, debited and posted."""
    with office(tmp_path_factory.mktemp("home"), centre.url, open_unit(centre.url)) as clerk:
        clerk.enrols(staff(3))
        clerk.declares()
        vehicle = Walk(clerk, load_case("unit-vehicle"))
        vehicle.imports([{**vehicle.case.row(5), "plate": "湘J12345", "engine_tail": "A1B2C3"}])
        assert vehicle.sends() == "accepted"
        yield clerk


@pytest.mark.parametrize("query", list(services()))
def test_every_query_is_answered(query: str, paid: Office) -> None:
    asked = ask(paid.desk, paid.unit, query, INPUTS.get(query, {}))
    assert asked.fresh
    assert (entries(paid.desk.store)[-1].act, entries(paid.desk.store)[-1].subject) == ("query.ask", query)
    assert bool(asked.answer.rows) is (query not in EMPTY_AT_FIRST)
    assert {name for row in asked.answer.rows for name in row} <= set(services()[query].columns)


def test_what_was_paid_adds_up(paid: Office) -> None:
    rows = ask(paid.desk, paid.unit, "person-paid", {"person": id_number(2)}).answer.rows
    account = ask(paid.desk, paid.unit, "pension-account", {"person": id_number(2)}).answer.rows
    pension = next(row for row in rows if row["insurance"] == "pension")
    assert pension["posted_fen"] == pension["person_fen"] == account[-1]["balance_fen"] > 0


def test_an_answer_is_kept_and_read_off_line(paid: Office, centre: RunningCentre) -> None:
    fresh = ask(paid.desk, paid.unit, "receivables", {})
    paid.moves_to("http://127.0.0.1:9")
    try:
        kept = ask(paid.desk, paid.unit, "receivables", {})
        with pytest.raises(UserError) as nothing:
            ask(paid.desk, paid.unit, "receivables", {"since": "2020-01"})
    finally:
        paid.moves_to(centre.url)
    assert (kept.fresh, kept.answer.rows, kept.answer.at) == (False, fresh.answer.rows, fresh.answer.at)
    assert kept.refusal is not None
    assert kept.refusal.code == nothing.value.code == "centre-unreachable"


def test_a_fresh_answer_is_compared_with_the_one_before(paid: Office, centre: RunningCentre) -> None:
    question = {"since": "2025-01"}
    first = ask(paid.desk, paid.unit, "business-history", question)
    assert first.changed is None
    centre.state.core.clock.shift(centre.state.core.clock.now() - datetime.now(UTC) + timedelta(seconds=30))
    same = ask(paid.desk, paid.unit, "business-history", question)
    assert (same.fresh, same.changed) == (True, False)
    walk = Walk(paid, load_case("employment-registration"))
    walk.imports([walk.case.row(3)])
    assert walk.sends() == "accepted"
    centre.state.core.clock.shift(centre.state.core.clock.now() - datetime.now(UTC) + timedelta(seconds=30))
    assert ask(paid.desk, paid.unit, "business-history", question).changed is True


def test_the_same_question_has_its_pause(paid: Office) -> None:
    """The centre says when it may be asked again; the answer that is here is shown meanwhile."""
    question = {"since": "2026-01"}
    first = ask(paid.desk, paid.unit, "collections", question)
    again = ask(paid.desk, paid.unit, "collections", question)
    assert (first.fresh, again.fresh) == (True, False)
    assert again.refusal is not None
    assert len(list_answers(paid.desk.store, paid.unit_number, "collections")) >= 1


@pytest.mark.parametrize(
    ("query", "inputs", "code"),
    [
        ("no-such-query", {}, "query-unknown"),
        ("person-paid", {}, "query-input-wrong"),
        ("person-paid", {"person": "张三"}, "query-input-wrong"),
        ("receivables", {"since": "yesterday"}, "query-input-wrong"),
        ("receivables", {"stray": "1"}, "query-input-wrong"),
        ("vehicle-violations", {"plate": "12345"}, "query-input-wrong"),
        ("vehicle-violations", {"plate": "湘J12345", "engine_tail": "B2C3"}, "centre-refused"),
        ("vehicle-violations", {"plate": "湘J12345", "copy_to": "李经办"}, "query-input-wrong"),
    ],
)
def test_what_cannot_be_asked(query: str, inputs: dict[str, str], code: str, paid: Office) -> None:
    with pytest.raises(UserError) as refused:
        ask(paid.desk, paid.unit, query, inputs)
    assert refused.value.code == code


def test_personal_data_is_for_those_with_the_right_and_leaves_a_trace(paid: Office) -> None:
    store = paid.desk.store
    ask(paid.desk, paid.unit, "person-profile", {"person": id_number(3)})
    assert entries(store)[-1].act == "query.ask"
    with store.write("test.right"):
        put_setting(store, PERSONAL_OPERATORS, "李四, 王五")
    with pytest.raises(UserError) as refused:
        ask(paid.desk, paid.unit, "person-profile", {"person": id_number(3)})
    assert refused.value.code == "query-no-right"
    allowed = dataclasses.replace(paid.unit, operator="王五")
    ask(paid.desk, allowed, "person-profile", {"person": id_number(3)})
    assert entries(store)[-1].act == "query.read"
    assert id_number(3) not in "".join(f"{entry.detail}{entry.subject}" for entry in entries(store))
    with store.write("test.right"):
        put_setting(store, PERSONAL_OPERATORS, "")


def test_a_certificate_is_checked_by_whoever_holds_it(centre: RunningCentre, paid: Office, tmp_path: Path) -> None:
    """Another unit, with all three things on the paper; with one of them wrong nothing is told."""
    walk = Walk(paid, load_case("insurance-certificate"))
    walk.imports([walk.case.row(1)])
    assert walk.sends() == "accepted"
    ((entry, _at),) = list_entries(paid.desk.store, paid.unit_number, "certificate")
    paper = {name: str(entry.values[name]) for name in ("certificate_number", "verify_code", "issued_on")}
    with office(tmp_path / "third", centre.url, open_unit(centre.url)) as third:
        (row,) = ask(third.desk, third.unit, "certificate-check", paper).answer.rows
        assert (row["state"], row["certificate_number"]) == ("issued", paper["certificate_number"])
        wrong = {**paper, "issued_on": "2026-01-01"}
        assert ask(third.desk, third.unit, "certificate-check", wrong).answer.rows == ()


def test_another_unit_is_not_told(centre: RunningCentre, paid: Office, tmp_path: Path) -> None:
    with office(tmp_path / "other", centre.url, open_unit(centre.url)) as other:
        assert ask(other.desk, other.unit, "person-profile", {}).answer.rows == ()
        assert ask(other.desk, other.unit, "pension-account", {"person": id_number(1)}).answer.rows == ()
        assert ask(other.desk, other.unit, "vehicle-violations", INPUTS["vehicle-violations"]).answer.rows == ()


def test_a_vehicle_is_told_with_cycle_forecast_and_copy(centre: RunningCentre, paid: Office) -> None:
    """Ends of numbers are the registered ones when left out; the copy goes to the simulated gateway, plate hidden."""
    (first, second) = ask(paid.desk, paid.unit, "vehicle-violations", {"plate": "湘J12345"}).answer.rows
    assert (first["handled"], second["handled"]) == ("done", "open")
    # The cycle began on 20 May: the point of March is of the one before.
    assert (second["points"], second["points_in_cycle"], second["points_left"]) == (6, 6, 6)
    assert second["premium_forecast"] == "up-10"
    said = answer_in_words(services()["vehicle-violations"], second, paid.desk.catalog)
    assert (said["handled"], said["premium_forecast"]) == ("未处理", "上浮 10%")
    ask(paid.desk, paid.unit, "vehicle-violations", {"plate": "湘J12345", "copy_to": "13800000000"})
    told = ask_desk(centre.url, "GET", f"/practice/desk/units/{paid.unit_number}/messages")
    (message,) = told["messages"]
    assert (message["channel"], message["address"]) == ("2", "13800000000")
    assert "模拟" in told["gateway"]
    assert "未处理 1 条" in message["body"]
    assert "湘J12345" not in message["body"]


def test_photo_studios_are_a_signed_list(paid: Office) -> None:
    """The ones that the business may name, of one district or all, in a document that the centre signed."""
    studios = paid.desk.catalog.table("photo_studio").rows
    asked = ask(paid.desk, paid.unit, "photo-studios", {})
    assert [row["code"] for row in asked.answer.rows] == [row.code for row in studios]
    assert find_by_digest(paid.base.store, paid.unit_number, asked.answer.document) is not None
    (north,) = ask(paid.desk, paid.unit, "photo-studios", {"district": "北区"}).answer.rows
    assert (north["name"], north["hours"]) == ("演练照相馆一店", "09:00-18:00")


def test_free_places_are_counted(paid: Office) -> None:
    day = {"day": "2026-11-12", "office": "02", "department": "02"}
    before = ask(paid.desk, paid.unit, "appointment-places", day).answer.rows
    assert {row["free"] for row in before} == {2}
    walk = Walk(paid, load_case("appointment"))
    walk.imports([{**walk.case.row(1), "office": "北区社保处", "department": "征缴科", "day": "2026-11-12",
                   "slot": "09:00-09:30"}])  # fmt: skip
    assert walk.sends() == "accepted"
    other = {**day, "day": "2026-11-13"}
    assert {row["free"] for row in ask(paid.desk, paid.unit, "appointment-places", other).answer.rows} == {2}
    later(paid, centre_seconds=2)
    (booked, *rest) = ask(paid.desk, paid.unit, "appointment-places", day).answer.rows
    assert (booked["slot"], booked["taken"], booked["free"]) == ("01", 1, 1)
    assert {row["free"] for row in rest} == {2}


def later(clerk: Office, centre_seconds: int) -> None:
    """The same question may be asked again after this while."""
    time.sleep(centre_seconds)
    clerk.syncs()
