"""Money that is given back or moved to another month, followed to the accounts, the bank and the papers."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.businesses.asked import rows_of
from tests.businesses.cases import Case
from tests.businesses.doing import bank, does, last_of, refused, sends_off, text_of
from tests.businesses.walk import Walk
from tests.e2e.office import MONTH, Office, ask, id_number, office, open_unit, staff
from unitclient.central.server import RunningCentre
from unitclient.errors import UserError
from unitclient.store.documents import find_documents
from unitclient.store.models import DeclarationRow
from unitclient.store.registers import get_entry, list_entries
from unitclient.sync.protocol import DocumentKind
from unitclient.workflows.bills import bills
from unitclient.workflows.following import detail
from unitclient.workflows.month_state import month_state
from unitclient.workflows.prepare import prepare_void
from unitclient.workflows.statements import write_papers

ONE = id_number(1)
KEY = f"{ONE}|pension|2026-11|person"


@pytest.fixture
def clerk(centre: RunningCentre, tmp_path: Path) -> Iterator[Office]:
    """An office whose month is paid."""
    with office(tmp_path / "home", centre.url, open_unit(centre.url)) as clerk:
        clerk.enrols(staff(2))
        clerk.declares()
        yield clerk


def refund(**change: str) -> dict[str, str]:
    row = {"name": "员工一", "id_number": ONE, "insurance": "养老", "month": "2026-11", "side": "个人部分",
           "amount": "100", "refund_reason": "重复缴费", "evidence": "外地缴费记录", "receiver": "本人",
           "account_name": "员工一", "bank_name": "演练银行", "bank_account": "62220200000000001"}  # fmt: skip
    return {**row, **change}


def correction(**change: str) -> dict[str, str]:
    row = {"name": "员工一", "id_number": ONE, "insurance": "养老", "month": "2026-11", "right_month": "2026-10",
           "fix_reason": "申报时所属期选错", "evidence": "10 月工资表"}  # fmt: skip
    return {**row, **change}


def sums(rows: list[dict[str, Any]], insurance: str) -> dict[str, tuple[int, int, int]]:
    """{month: (unit's, person's, credited)} of an insurance, in fen."""
    found: dict[str, tuple[int, int, int]] = {}
    for row in rows:
        if row["insurance"] == insurance:
            before = found.get(row["period"], (0, 0, 0))
            now = (row["unit_fen"], row["person_fen"], row["posted_fen"])
            found[row["period"]] = (before[0] + now[0], before[1] + now[1], before[2] + now[2])
    return found


def paid(centre: RunningCentre, clerk: Office, insurance: str = "pension") -> dict[str, tuple[int, int, int]]:
    return sums(rows_of(centre, clerk, "person-paid", person=ONE, since="2026-01"), insurance)


def voucher(clerk: Office) -> dict[str, Any]:
    """The newest voucher of refunds."""
    clerk.syncs()
    found = find_documents(clerk.base.store, clerk.unit_number, kind=DocumentKind.REFUND)
    return max((json.loads(one.document) for one in found), key=lambda told: str(told["issued_at"]))


def state(clerk: Office, register: str = "refund", key: str = KEY) -> str:
    clerk.syncs()
    entry = get_entry(clerk.base.store, clerk.unit_number, register, key)
    return entry.state if entry else ""


def shown(clerk: Office) -> dict[str, Any]:
    """Where the newest refund stands, as list, status and receipt tell it."""
    told = detail(clerk.desk, clerk.unit, last_of(clerk, "refund"))
    one = clerk.status(told.record.id)
    assert one.to_json()["money"] == told.record.money
    papers = write_papers(clerk.desk, clerk.unit, told.record.id, clerk.home / "papers")
    return {"money": told.record.money, "light": told.record.light.value, "paper": text_of(papers["receipt"]),
            "steps": [step.state for step in told.steps if step.track == "money"]}  # fmt: skip


def until(clerk: Office, wanted: str) -> None:
    for _ in range(100):
        if state(clerk) == wanted:
            return
        time.sleep(0.05)
    raise AssertionError(state(clerk))


def yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}"


def codes(clerk: Office, form: str, row: dict[str, str]) -> set[str]:
    word, found = Walk(clerk, Case(form, row, (), (), {})).sends_unchecked(row)
    assert word == "returned"
    return found


def test_a_refund_leaves_the_month_the_account_and_the_bank(centre: RunningCentre, clerk: Office) -> None:
    unit_fen, person_fen, credited = paid(centre, clerk)["2026-11"]
    before = rows_of(centre, clerk, "pension-account", person=ONE)[-1]
    received = sum(row["amount_fen"] for row in rows_of(centre, clerk, "receipts"))
    assert does(clerk, "refund", refund()) == "accepted"
    until(clerk, "paid-out")
    assert paid(centre, clerk)["2026-11"] == (unit_fen, person_fen - 10_000, credited - 10_000)
    after = rows_of(centre, clerk, "pension-account", person=ONE)[-1]
    assert (after["balance_fen"], after["months"]) == (before["balance_fen"] - 10_000, 1)
    assert sum(row["amount_fen"] for row in rows_of(centre, clerk, "receipts")) == received - 10_000
    told = voucher(clerk)
    (order,) = told["orders"]
    assert (order["state"], order["code"], order["amount_fen"], told["bank"]) == (
        "paid",
        "K00",
        10_000,
        "演练银行（模拟）",
    )
    assert order["items"] == [
        {"id_number": ONE, "insurance": "pension", "month": "2026-11", "side": "person", "amount_fen": 10_000}
    ]
    entry = get_entry(clerk.base.store, clerk.unit_number, "refund", KEY)
    assert entry is not None
    assert (entry.values["order_number"], entry.values["bank_serial"]) == (order["order_number"], order["serial"])


def test_a_month_that_is_wholly_given_back_is_no_month(centre: RunningCentre, clerk: Office) -> None:
    unit_fen, person_fen, _ = paid(centre, clerk)["2026-11"]
    assert does(clerk, "refund", refund(amount=yuan(person_fen))) == "accepted"
    assert rows_of(centre, clerk, "pension-account", person=ONE) == []
    whole = refund(side="单位部分", receiver="单位", account_name="演练用人单位", amount=yuan(unit_fen))
    assert does(clerk, "refund", whole) == "accepted"
    assert paid(centre, clerk)["2026-11"] == (0, 0, 0)
    record = {"name": "员工一", "id_number": ONE, "from_month": "2026-01", "to_month": "2026-11", "purpose": "贷款"}
    assert does(clerk, "person-rights-record", record) == "accepted"
    clerk.syncs()
    (paper,) = [entry for entry, _ in list_entries(clerk.base.store, clerk.unit_number, "certificate")]
    insured = {fact["insurance"] for fact in paper.values["facts"]["paid"]}
    assert "pension" not in insured
    assert "unemployment" in insured


def test_the_same_money_is_given_back_once(centre: RunningCentre, clerk: Office) -> None:
    """Also when the second was asked for while the first one waited for the desk."""
    _, person_fen, _ = paid(centre, clerk)["2026-11"]
    first = sends_off(clerk, "refund", refund(amount=yuan(person_fen)))
    clerk.syncs()
    ask(centre.url, "PUT", f"/practice/desk/submissions/{first}", {"returned": False})
    until(clerk, "paid-out")
    assert "REGISTER_STATE" in refused(clerk, "refund", refund())
    moved = correction(amount=yuan(person_fen))
    assert does(clerk, "period-correction", correction(amount="1.00", insurance="失业")) == "accepted"
    assert "REFUND_TOO_MUCH" in codes(clerk, "refund", refund(insurance="失业", amount="9999"))
    unit_fen = paid(centre, clerk)["2026-11"][0]
    assert codes(clerk, "period-correction", {**moved, "amount": yuan(unit_fen + 1)}) == {"REFUND_TOO_MUCH"}


def test_a_refund_the_bank_cannot_pay_is_here_again(centre: RunningCentre, clerk: Office) -> None:
    before = paid(centre, clerk)
    bank(clerk, "frozen")
    assert does(clerk, "refund", refund()) == "accepted"
    until(clerk, "bounced")
    assert paid(centre, clerk) == before
    (order,) = voucher(clerk)["orders"]
    assert (order["state"], order["code"]) == ("failed", "K04")
    told = shown(clerk)
    assert (told["money"], told["light"]) == ("refund-failed", "trouble")
    assert "被退票" in told["paper"]
    assert "K04" in told["paper"]
    assert "refund-failed" in [todo.code for todo in month_state(clerk.desk, clerk.unit, MONTH).to_dos]
    bank(clerk, "ok")
    assert does(clerk, "refund", refund(bank_account="62220200000000002")) == "accepted"
    until(clerk, "paid-out")
    assert paid(centre, clerk)["2026-11"][1] == before["2026-11"][1] - 10_000


def test_a_slow_bank_pays_a_refund_once(centre: RunningCentre, clerk: Office) -> None:
    bank(clerk, "timeout")
    assert does(clerk, "refund", refund()) == "accepted"
    assert state(clerk) == "approved"
    told = shown(clerk)
    assert (told["money"], told["light"]) == ("refund-issued", "waiting")
    assert voucher(clerk)["orders"][0]["state"] == "issued"
    number = voucher(clerk)["orders"][0]["order_number"]
    assert number in told["paper"]
    clerk.settles()  # waits for the bank's word
    told = shown(clerk)
    assert (told["money"], told["light"], told["steps"]) == ("refund-paid", "done", ["refund-issued", "refund-paid"])
    assert "退费已拨付" in told["paper"]
    assert [entry.state for entry, _ in list_entries(clerk.base.store, clerk.unit_number, "refund")] == ["paid-out"]
    rows = centre.state.core.database.read().execute(
        "SELECT code, amount_fen FROM bank_transaction WHERE key = ?", (number,)
    )
    assert [tuple(row) for row in rows] == [("K00", -10_000)]


def test_a_refund_voided_before_the_decision_leaves_everything(centre: RunningCentre, clerk: Office) -> None:
    before, bill = paid(centre, clerk), bills(clerk.desk, clerk.unit)
    waiting = sends_off(clerk, "refund", refund())
    void = prepare_void(clerk.desk, clerk.unit, waiting)
    assert Walk(clerk, Case("refund", {}, (), (), {})).follow(void.id) == "accepted"
    assert clerk.status(waiting).declaration.acceptance == "voided"
    assert state(clerk) == ""
    assert paid(centre, clerk) == before
    assert bills(clerk.desk, clerk.unit) == bill
    assert find_documents(clerk.base.store, clerk.unit_number, kind=DocumentKind.REFUND) == []


def test_a_refund_that_was_paid_is_not_voided(clerk: Office) -> None:
    taken = sends_off(clerk, "refund", refund())
    assert Walk(clerk, Case("refund", {}, (), (), {})).follow(taken) == "accepted"
    until(clerk, "paid-out")
    with pytest.raises(UserError, match="void-too-late"):
        prepare_void(clerk.desk, clerk.unit, taken)
    # Another computer may not have heard of it: then the centre refuses.
    with clerk.base.store.write("test.not-heard"):
        clerk.base.store.change(DeclarationRow.update(money=None).where(DeclarationRow.id == taken))
    void = prepare_void(clerk.desk, clerk.unit, taken)
    assert Walk(clerk, Case("refund", {}, (), (), {})).follow(void.id) == "returned"
    assert {told.finding.code for told in clerk.status(void.id).refusals} == {"MONEY_MOVED"}


def test_a_corrected_month_moves_with_its_account(centre: RunningCentre, clerk: Office) -> None:
    was = paid(centre, clerk)["2026-11"]
    assert does(clerk, "period-correction", correction(amount=yuan(was[0] + was[1]))) == "accepted"
    assert paid(centre, clerk) == {"2026-10": was, "2026-11": (0, 0, 0)}
    account = rows_of(centre, clerk, "pension-account", person=ONE)
    assert [(row["months"], row["credited_fen"]) for row in account] == [(1, was[2])]
    assert "RIGHT_MONTH_PAID" not in codes(clerk, "refund", refund())  # B702: nothing is left there
    assert state(clerk, "period-correction", f"{ONE}|pension|2026-11") == "rebooked"


def test_a_part_moves_by_both_sides_and_adds_up(centre: RunningCentre, clerk: Office) -> None:
    was = paid(centre, clerk)["2026-11"]
    assert does(clerk, "period-correction", correction(amount="100.01")) == "accepted"
    now = paid(centre, clerk)
    assert sum(now["2026-10"][:2]) == 10_001
    assert tuple(a + b for a, b in zip(now["2026-10"], now["2026-11"], strict=True)) == was


def test_a_correction_that_was_built_upon_is_not_voided(centre: RunningCentre, clerk: Office) -> None:
    was = paid(centre, clerk)["2026-11"]
    made = sends_off(clerk, "period-correction", correction(amount=yuan(was[0] + was[1])))
    follow = Walk(clerk, Case("period-correction", {}, (), (), {}))
    assert follow.follow(made) == "accepted"
    assert does(clerk, "refund", refund(month="2026-10")) == "accepted"
    void = prepare_void(clerk.desk, clerk.unit, made)
    assert follow.follow(void.id) == "returned"
    assert {told.finding.code for told in clerk.status(void.id).refusals} == {"LATER_CHANGES"}


def test_a_correction_that_is_voided_moves_back(centre: RunningCentre, clerk: Office) -> None:
    before = paid(centre, clerk)
    made = sends_off(clerk, "period-correction", correction(amount="100"))
    follow = Walk(clerk, Case("period-correction", {}, (), (), {}))
    assert follow.follow(made) == "accepted"
    assert paid(centre, clerk) != before
    assert follow.follow(prepare_void(clerk.desk, clerk.unit, made).id) == "accepted"
    assert paid(centre, clerk) == before
