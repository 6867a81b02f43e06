"""Debits that fail, debits whose result is not known yet, and back payments: the money track to its end."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.e2e.office import MONTH, TODAY, Office, ask, staff
from unitclient.errors import UserError
from unitclient.store.documents import find_documents
from unitclient.sync.protocol import DocumentKind
from unitclient.workflows.lines import total_fen
from unitclient.workflows.paying import ask_again
from unitclient.workflows.prepare import prepare_void
from unitclient.workflows.status import Light


def bank(clerk: Office, **settings: Any) -> None:
    """What the bank does with this unit's debits from now on."""
    ask(clerk.unit.centre_url, "PUT", f"/practice/bank/{clerk.unit_number}", settings)


def money(clerk: Office, declaration_id: str) -> list[tuple[str, str]]:
    """(state, the bank's code) of every step of the money track."""
    history = clerk.status(declaration_id).history
    return [(event.state, event.note) for event in history if event.track == "money"]


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"behaviour": "no-agreement"}, "K06"),
        ({"behaviour": "insufficient"}, "K01"),
        ({"behaviour": "ok", "balance_fen": 100}, "K01"),
        ({"behaviour": "frozen"}, "K04"),
    ],
)
def test_a_debit_that_fails_and_is_asked_for_again(clerk: Office, settings: dict[str, Any], code: str) -> None:
    """The reason is shown and the light is red; once it is mended, `pay` brings it to the slip."""
    bank(clerk, **settings)
    clerk.enrols(staff(3))
    month = clerk.declares()
    failed = clerk.status(month.declaration_id)
    assert clerk.tracks(month.declaration_id) == ("delivered", "accepted", "debit-failed")
    assert failed.light is Light.TROUBLE
    assert money(clerk, month.declaration_id)[-1] == ("debit-failed", code)
    bank(clerk, behaviour="ok")
    assert ask_again(clerk.desk, clerk.unit, month.declaration_id)["total_fen"] == total_fen(month.totals)
    clerk.syncs()
    clerk.settles()
    assert clerk.status(month.declaration_id).light is Light.DONE
    assert [state for state, _ in money(clerk, month.declaration_id)] == [
        "assessed", "billed", "debiting", "debit-failed", "debiting", "debited", "posted", "receipted",
    ]  # fmt: skip


def test_paying_again_settles_without_looking_first(clerk: Office) -> None:
    """Between `pay` and the next word of the centre the last thing said is still the failure: sync waits for more."""
    bank(clerk, behaviour="insufficient")
    clerk.enrols(staff(2))
    month = clerk.declares()
    bank(clerk, behaviour="timeout", resolve_after_ms=1500)
    ask_again(clerk.desk, clerk.unit, month.declaration_id)
    clerk.settles()
    assert clerk.tracks(month.declaration_id)[2] == "receipted"


def test_a_debit_fails_twice(clerk: Office) -> None:
    bank(clerk, behaviour="insufficient")
    clerk.enrols(staff(2))
    month = clerk.declares()
    bank(clerk, behaviour="limit")
    ask_again(clerk.desk, clerk.unit, month.declaration_id)
    clerk.settles()
    assert money(clerk, month.declaration_id)[-1] == ("debit-failed", "K08")
    bank(clerk)
    ask_again(clerk.desk, clerk.unit, month.declaration_id)
    clerk.settles()
    assert clerk.tracks(month.declaration_id)[2] == "receipted"


@pytest.mark.parametrize(("resolves_to", "end"), [("K00", "receipted"), ("K01", "debit-failed")])
def test_a_result_that_the_bank_does_not_know_yet(clerk: Office, resolves_to: str, end: str) -> None:
    """Debiting stays debiting, with no slip and no second debit, until the bank knows."""
    bank(clerk, behaviour="timeout", resolve_after_ms=1200, resolves_to=resolves_to)
    clerk.enrols(staff(2))
    month = clerk.prepares()
    clerk.signs()
    while clerk.tracks(month.declaration_id)[2] != "debiting":
        clerk.syncs()
    assert clerk.status(month.declaration_id).light is Light.WAITING
    with pytest.raises(UserError) as refused:
        ask_again(clerk.desk, clerk.unit, month.declaration_id)
    assert refused.value.code == "debit-not-failed"
    clerk.settles()
    assert clerk.tracks(month.declaration_id)[2] == end
    assert [state for state, _ in money(clerk, month.declaration_id)].count("debiting") == 1


def test_nothing_to_pay_again(clerk: Office) -> None:
    """Paid is paid: asking again is refused, and so is asking for something unknown."""
    clerk.enrols(staff(2))
    month = clerk.declares()
    for name, code in ((month.declaration_id, "debit-not-failed"), ("nothing", "declaration-unknown")):
        with pytest.raises(UserError) as refused:
            ask_again(clerk.desk, clerk.unit, name)
        assert refused.value.code == code


def test_money_that_was_taken_cannot_be_voided(clerk: Office) -> None:
    clerk.enrols(staff(2))
    month = clerk.declares()
    with pytest.raises(UserError) as refused:
        prepare_void(clerk.desk, clerk.unit, month.declaration_id)
    assert refused.value.code == "void-too-late"


BACK_HEADERS = ("姓名", "证件号码", "补缴起始年月", "补缴终止年月", "缴费工资", "补缴原因")


def test_a_back_payment_goes_to_its_slip(clerk: Office) -> None:
    """A back payment has a bill of its own, and it is not settled before that bill is paid."""
    person = staff(1)[0]
    clerk.enrols([person])
    clerk.declares()
    taken = clerk.imports("back-payment", BACK_HEADERS, [[*person[:2], "2026-09", "2026-10", "8000", "漏缴补收"]])
    assert (taken.taken, taken.refused) == (1, 0), taken.findings
    prepared = clerk.prepares(MONTH + 1)
    back = next(name for name, form, _ in prepared.others if form == "back-payment")
    clerk.signs(back)
    clerk.settles()
    assert clerk.tracks(back) == ("delivered", "accepted", "receipted")
    bills = find_documents(clerk.base.store, clerk.unit_number, kind=DocumentKind.BILL, submission_id=back)
    assert len(bills) == 1


def test_a_month_declared_late_owes_a_late_fee(own_clerk: Office) -> None:
    """The centre adds the late fee to the bill; we show it from the bill and never from ourselves."""
    own_clerk.enrols(staff(2))
    month = own_clerk.prepares()
    own_clerk.signs()
    late = TODAY + timedelta(days=40)
    ask(own_clerk.unit.centre_url, "PUT", "/practice/clock", {"now": late.isoformat()})
    own_clerk.settles()
    assert own_clerk.tracks(month.declaration_id)[2] == "receipted"
    (bill,) = find_documents(
        own_clerk.base.store, own_clerk.unit_number, kind=DocumentKind.BILL, submission_id=month.declaration_id
    )
    assert b'"pay_kind":"late-fee"' in bill.document
