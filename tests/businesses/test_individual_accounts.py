"""What individuals paid by an order is in their accounts, once, and only when the money came."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.businesses.asked import rows_of
from tests.businesses.cases import Case
from tests.businesses.doing import bank, does
from tests.businesses.walk import Walk
from tests.e2e.office import Office, ask, id_number, office, open_unit
from unitclient.central.agreements import DebitTerms
from unitclient.central.server import RunningCentre
from unitclient.documents.capital import figures
from unitclient.workflows.bills import Bill, bills

ONE = id_number(1)
PERSON = {"name": "员工一", "id_number": ONE}
MONTHS = ("2014-01", "2014-02")
PENSION, CREDITED = 28_740, 11_496
"""A month of the lowest tier: 20 % of the base, of which 8 of the 20 are credited to the account."""


@pytest.fixture
def clerk(centre: RunningCentre, tmp_path: Path) -> Iterator[Office]:
    """An office whose bank debits nothing, with a bill of two months of one person."""
    with office(tmp_path / "home", centre.url, open_unit(centre.url)) as clerk:
        bank(clerk, "insufficient")
        joins = {**PERSON, "start_month": "2026-11", "tier": "最低档", "phone": "13800000000"}
        assert does(clerk, "individual-enrolment", joins) == "accepted"
        pays = {**PERSON, "tier": "最低档", "from_month": MONTHS[0], "to_month": MONTHS[1]}
        assert does(clerk, "individual-payment", pays) == "accepted"
        clerk.settles()
        yield clerk


def bill_of(clerk: Office) -> Bill:
    clerk.settles()
    return bills(clerk.desk, clerk.unit)[0]


def orders(clerk: Office) -> dict[str, str]:
    bill = bill_of(clerk)
    row = {"bill_number": bill.number, "bill_amount": figures(bill.total_fen)}
    assert does(clerk, "payment-order", {**row, "channel": "网上银行", "payer": "演练用人单位"}) == "accepted"
    return row


def paid(centre: RunningCentre, clerk: Office) -> list[dict[str, Any]]:
    return rows_of(centre, clerk, "person-paid", person=ONE, since="2014-01")


def account(centre: RunningCentre, clerk: Office) -> list[dict[str, Any]]:
    return rows_of(centre, clerk, "pension-account", person=ONE)


def test_an_order_that_is_settled_is_in_the_account(centre: RunningCentre, clerk: Office) -> None:
    row = orders(clerk)
    assert (paid(centre, clerk), account(centre, clerk)) == ([], [])
    bank(clerk, "ok")
    assert does(clerk, "payment-order-settlement", row) == "accepted"
    assert bill_of(clerk).state == "receipted"
    pension = [told for told in paid(centre, clerk) if told["insurance"] == "pension"]
    assert [(told["period"], told["person_fen"], told["posted_fen"]) for told in pension] == [
        (month, PENSION, CREDITED) for month in MONTHS
    ]
    assert sum(told["person_fen"] for told in paid(centre, clerk)) == 2 * 54_857
    (year,) = account(centre, clerk)
    assert (year["year"], year["months"], year["balance_fen"]) == ("2014", 2, 2 * CREDITED)


def test_an_order_that_failed_or_was_closed_posts_nothing(centre: RunningCentre, clerk: Office) -> None:
    row = orders(clerk)
    assert does(clerk, "payment-order-settlement", row) == "accepted"
    assert bill_of(clerk).state == "debit-failed"
    assert (paid(centre, clerk), account(centre, clerk)) == ([], [])
    closing = {"bill_number": row["bill_number"], "close_reason": "重复下单"}
    assert does(clerk, "payment-order-close", closing) == "accepted"
    assert (paid(centre, clerk), account(centre, clerk)) == ([], [])


def test_a_payment_that_arrives_twice_is_posted_once(centre: RunningCentre, clerk: Office) -> None:
    """Settled again and debited again while the bank is at it, and told again by the bank afterwards: one credit."""
    row = orders(clerk)
    bank(clerk, "ok")
    ask(centre.url, "PUT", "/practice/faults", {"hold": ["collect"]})
    try:
        assert does(clerk, "payment-order-settlement", row) == "accepted"
        again = Walk(clerk, Case("payment-order-settlement", row, (), (), {})).sends_unchecked(row)
        assert (again[0], again[1] & {"BILL_NOT_OPEN", "REGISTER_STATE"} != set()) == ("returned", True)
        arrears = Walk(clerk, Case("arrears-payment", {}, (), (), {})).sends_unchecked({**row, "remark": "账户已补足"})
        assert arrears == ("returned", {"BILL_NOT_OPEN"})
    finally:
        ask(centre.url, "PUT", "/practice/faults", {})
    assert bill_of(clerk).state == "receipted"
    core, debited = centre.state.core, centre.state.core.database.read()
    attempt = debited.execute("SELECT key FROM bank_transaction WHERE code = 'K00' ORDER BY rowid DESC").fetchone()
    core.bank.debit(attempt["key"], clerk.unit_number, 2 * 54_857, core.clock.now(), DebitTerms())
    taken = centre.state.core.database.read().execute(
        "SELECT count(*), sum(amount_fen) FROM bank_transaction WHERE unit_number = ? AND code = 'K00'",
        (clerk.unit_number,),
    )
    assert tuple(taken.fetchone()) == (1, 2 * 54_857)
    assert account(centre, clerk)[-1]["balance_fen"] == 2 * CREDITED


def test_residents_pay_into_their_accounts(centre: RunningCentre, clerk: Office) -> None:
    bank(clerk, "ok")
    other = {"name": "员工二", "id_number": id_number(2)}
    joins = {**other, "scheme": "居保", "start_month": "2026-11", "pension_tier": "1000元"}
    assert does(clerk, "resident-enrolment", joins) == "accepted"
    assert does(clerk, "resident-pension-payment", {**other, "year": "2026", "pension_tier": "1000元"}) == "accepted"
    assert bill_of(clerk).state == "receipted"
    (year,) = rows_of(centre, clerk, "pension-account", person=id_number(2))
    assert (year["insurance"], year["credited_fen"]) == ("resident_pension", 100_000)
    (told,) = rows_of(centre, clerk, "person-paid", person=id_number(2))
    assert (told["period"], told["person_fen"], told["posted_fen"]) == ("2026-11", 100_000, 100_000)
