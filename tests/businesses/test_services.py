"""What the cases of the services do not tell: the last place of a slot, an own place kept, and a ticket on its way."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.businesses.cases import Case, load_case
from tests.businesses.conftest import NewWalk
from tests.businesses.walk import Walk
from tests.e2e.office import MONTH, ask, office, open_unit, staff
from unitclient.central.server import RunningCentre
from unitclient.store.registers import get_entry, list_entries
from unitclient.workflows.declaring import prepare_form
from unitclient.workflows.registers import register_rows


@pytest.fixture
def three(centre: RunningCentre, tmp_path: Path) -> Iterator[list[Walk]]:
    """Three units of one centre that want to come."""
    with ExitStack() as stack:
        yield [
            Walk(
                stack.enter_context(office(tmp_path / name, centre.url, open_unit(centre.url))),
                load_case("appointment"),
            )
            for name in ("a", "b", "c")
        ]


def wish(**change: Any) -> dict[str, Any]:
    return {**load_case("appointment").row(1), "department": "登记科", "slot": "09", **change}


def test_two_units_race_for_the_last_place_and_one_gets_it(three: list[Walk]) -> None:
    first, *racers = three
    assert first.imports([wish(appointment_number="A")]).taken == 1
    assert first.sends() == "accepted"
    declarations = []
    for one in racers:
        assert one.imports([wish(appointment_number="A")]).taken == 1
        made = prepare_form(one.clerk.desk, one.clerk.unit, "appointment", MONTH).declaration_id
        one.clerk.signs(made)
        declarations.append(made)
    for one in racers:  # both are under way before either is decided
        one.clerk.syncs()
    words = sorted(one.follow(made) for one, made in zip(racers, declarations, strict=True))
    assert words == ["accepted", "returned"]
    states = [
        entry.state if (entry := get_entry(one.clerk.base.store, one.clerk.unit_number, "appointment", "A")) else ""
        for one in three
    ]
    assert sorted(states) == ["", "booked", "booked"]
    loser = next(one for one, state in zip(three, states, strict=True) if not state)
    refused = [status for made in declarations for status in _refusals(loser, made)]
    assert refused == ["NO_PLACE"]
    # A place that is given back is free again.
    cancel = Walk(first.clerk, Case("appointment-cancel", {"appointment_number": "A", "reason_text": "x"}, (), (), {}))
    assert cancel.imports([cancel.case.row(1)]).taken == 1
    assert cancel.sends() == "accepted"
    assert loser.imports([wish(appointment_number="A")]).refused == 0
    assert loser.sends() == "accepted"


def _refusals(one: Walk, declaration: str) -> list[str]:
    from unitclient.store.declarations import get_declaration

    if get_declaration(one.clerk.base.store, declaration) is None:
        return []
    return [refusal.finding.code for refusal in one.clerk.status(declaration).refusals]


def test_a_slot_in_one_batch_is_not_given_twice_either(walk: NewWalk) -> None:
    one = walk("appointment")
    rows = [wish(appointment_number=name, slot="10") for name in ("A", "B", "C")]
    assert one.imports(rows).taken == 3
    assert one.sends() == "partly-accepted"


def test_an_appointment_may_keep_its_own_place(walk: NewWalk) -> None:
    """Who asks for the slot it has already is not refused because it is full with oneself."""
    one = walk("appointment")
    rows = [wish(appointment_number=name, slot="08") for name in ("A", "B")]
    assert one.imports(rows).taken == 2
    assert one.sends() == "accepted"
    same = {key: rows[0][key] for key in ("appointment_number", "office", "department", "day", "slot")}
    change = Walk(one.clerk, Case("appointment-change", same, (), (), {}))
    assert change.imports([same]).taken == 1
    assert change.sends() == "accepted"


def test_a_ticket_goes_from_office_to_office_and_back(walk: NewWalk) -> None:
    one = walk("ticket")
    assert one.imports([one.case.row(1)]).taken == 1
    assert one.sends() == "accepted"
    steps: list[tuple[str, dict[str, str], str]] = [
        ("to-settlement", {"note": "请核对"}, "结算中心处理中"),
        ("to-information", {"note": "请查日志"}, "信息中心处理中"),
        ("back-to-district", {"note": "已查明"}, "区社保处处理中"),
        ("answer", {"answer": "已补出账单", "answered_by": "区社保处"}, "已答复"),
    ]
    for step, values, title in steps:
        body = {"register_name": "ticket", "key": "T-1", "step": step, "values": values}
        ask(one.clerk.unit.centre_url, "POST", f"/practice/desk/units/{one.clerk.unit_number}/steps", body)
        one.clerk.syncs()
        (row,) = register_rows(one.clerk.desk, one.clerk.unit, "ticket")
        assert row.state_title == title
    assert "已补出账单" in row.shown
    assert "业务办理" in row.shown


def test_limits_read_as_yuan(walk: NewWalk) -> None:
    one = walk("account-limits")
    one.come_here(1)
    assert one.imports([one.case.row(1)]).taken == 1
    assert one.sends() == "accepted"
    row = next(row for row in register_rows(one.clerk.desk, one.clerk.unit, "linked-account") if row.key == "L-1")
    assert "50000.00" in row.shown
    assert row.to_json()["values"]["single_limit"] == 5_000_000


def test_personal_data_is_hidden_before_it_leaves_and_shown_as_it_is_sent(walk: NewWalk) -> None:
    """The clerk is told what is sent; the centre has no more than that, even from a client that hides nothing."""
    one = walk("ticket")
    one.clerk.enrols(staff(1))
    (number, name) = (staff(1)[0][1], staff(1)[0][0])
    taken = one.imports([{**one.case.row(1), "question": f"{name} {number} 没有出账，电话 13812345678"}])
    (told,) = [finding for finding in taken.findings if finding.code == "HIDDEN"]
    assert str(number) not in told.params["shown"]
    assert one.sends() == "accepted"
    (entry, _) = list_entries(one.clerk.desk.store, one.clerk.unit_number, "ticket")[0]
    assert entry.values["question"] == told.params["shown"]
    assert "138******78" in str(entry.values["question"])
    raw = {**one.case.row(2), "subject": f"{number} 没有出账"}
    assert one.sends_unchecked(raw)[0] == "accepted"
    kept = {entry.key: entry.values for entry, _ in list_entries(one.clerk.desk.store, one.clerk.unit_number, "ticket")}
    assert str(number) not in str(kept["T-2"])
