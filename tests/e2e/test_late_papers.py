"""Account posting and bank slip (回单): awaited until a day, overdue with whom to ask, and cleared when they come."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from tests.cli.harness import read, run
from tests.e2e.office import MONTH, Office, ask, staff
from unitclient.app import load_parts
from unitclient.central.server import RunningCentre
from unitclient.clock import CHINA
from unitclient.workflows.bills import Bill, DebitStep, bills
from unitclient.workflows.deliveries import Arrival, Delivery, Paper, delivery_line, last_day, tracker
from unitclient.workflows.month_state import month_state

HOLIDAYS = load_parts().holidays


def hold(clerk: Office, paper: str, *, held: bool = True) -> None:
    ask(clerk.unit.centre_url, "PUT", f"/practice/desk/held/{paper}", {"held": held})


def until(clerk: Office, reached: Callable[[Bill], bool]) -> Bill:
    """Sync until the unit's one bill is as wanted."""
    for _ in range(100):
        clerk.syncs()
        found = bills(clerk.desk, clerk.unit)
        if found and reached(found[0]):
            return found[0]
        time.sleep(0.05)
    raise AssertionError(found)


def paper(bill: Bill, wanted: Paper) -> Delivery:
    return next(one for one in bill.papers if one.paper is wanted)


def to_dos(clerk: Office) -> dict[str, dict[str, Any]]:
    """{code: params} of the dashboard's to-dos on papers."""
    told = month_state(clerk.desk, clerk.unit, MONTH).to_dos
    return {one.code: dict(one.params) for one in told if one.code.endswith("-overdue")}


@pytest.mark.parametrize("late", ["slip", "post"])
def test_a_late_paper_is_asked_for_and_cleared(own_centre: RunningCentre, own_clerk: Office, late: str) -> None:
    clerk, wanted = own_clerk, Paper.SLIP if late == "slip" else Paper.POSTING
    hold(clerk, late)
    clerk.enrols(staff(2))
    clerk.prepares()
    clerk.signs()
    bill = until(clerk, lambda one: one.state == ("posted" if late == "slip" else "debited"))
    awaited = paper(bill, wanted)
    assert (awaited.state, awaited.by, awaited.computed) == (Arrival.AWAITED, date(2026, 11, 13), False)
    assert paper(bill, Paper.POSTING).state is (Arrival.DELIVERED if late == "slip" else Arrival.AWAITED)
    assert to_dos(clerk) == {}
    clock = own_centre.state.core.clock
    clock.set_to(datetime(2026, 11, 13, 23, tzinfo=CHINA))
    clerk.syncs()
    assert to_dos(clerk) == {}, "its last day is not over"
    clock.set_to(clock.now() + timedelta(hours=2))
    clerk.syncs()
    bill = until(clerk, lambda one: paper(one, wanted).state is Arrival.OVERDUE)
    ref = paper(bill, wanted).bank_ref
    assert ref
    told = to_dos(clerk)
    code = "slip-overdue" if late == "slip" else "posting-overdue"
    assert (str(told[code]["by"]), told[code]["number"], told[code]["ref"]) == ("2026-11-13", bill.number, ref)
    assert ref in delivery_line(paper(bill, wanted))
    asked = run(clerk.home, "bills")
    assert asked.code == 1
    assert asked.data["bills"][0]["papers"][-1]["state"] == "overdue"
    assert "已逾期" in read(clerk.home, "bills").out
    hold(clerk, late, held=False)
    bill = until(clerk, lambda one: one.state == "receipted")
    came = paper(bill, wanted)
    assert (came.state, came.on, came.late) == (Arrival.DELIVERED, date(2026, 11, 14), True)
    assert to_dos(clerk) == {}
    assert run(clerk.home, "bills").code == 0
    assert "晚于应到日" in read(clerk.home, "bills").out


@pytest.mark.parametrize(
    ("debited", "by", "computed"),
    [
        ("2026-11-10", "2026-11-13", False),
        ("2026-11-12", "2026-11-17", False),  # over a weekend
        ("2026-09-30", "2026-10-10", False),  # over the national holiday, to the Saturday that is worked
        ("2027-01-29", "2027-02-03", True),  # nobody announced that year: weekends alone
    ],
)
def test_three_working_days(debited: str, by: str, computed: bool) -> None:
    assert last_day(date.fromisoformat(debited), 3, HOLIDAYS) == (date.fromisoformat(by), computed)


def test_nothing_is_due_before_a_debit_or_after_one_that_failed(clerk: Office) -> None:
    track = tracker(clerk.desk, clerk.unit)
    failed = DebitStep(clerk.desk.now(), 1, "debit-failed", "K01", 100, "R1")
    for debits in ((), (failed,)):
        found = track.deliveries(debits, {})
        assert {one.state for one in found} == {Arrival.NOT_DUE}
        assert "还没有扣款" in delivery_line(found[0])
