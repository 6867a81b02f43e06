"""Debits rest on the agreement with bank and bureau: from signing to the end of it, and anew."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.businesses.doing import desk_step, does
from tests.e2e.office import Office, id_number, office, open_unit, staff
from unitclient.central.server import RunningCentre
from unitclient.store.registers import get_entry
from unitclient.workflows.bills import Bill, bills

ACCOUNT, OTHER = "42001234567890001", "42001234567890002"
PARTIES = {"account_name": "演练用人单位", "bank_name": "演练银行江岸支行"}


@pytest.fixture
def clerk(centre: RunningCentre, tmp_path: Path) -> Iterator[Office]:
    """A unit with two persons and a month that was debited before anybody asked for an agreement."""
    with office(tmp_path / "home", centre.url, open_unit(centre.url)) as clerk:
        clerk.enrols(staff(2))
        clerk.declares()
        assert bills(clerk.desk, clerk.unit)[0].state == "receipted"
        yield clerk


def signs_agreement(clerk: Office, account: str, limit: str = "") -> None:
    """Unit signs, bank answers, unit confirms: the three parties."""
    row = {"bank_account": account, **PARTIES, "agreement_kind": "三方协议", "signer": "李经办", "phone": "13800000000"}
    assert does(clerk, "bank-agreement-sign", {**row, **({"single_limit": limit} if limit else {})}) == "accepted"
    desk_step(clerk, "bank-agreement", account, "bank-confirm", {"agreement_number": "XY42010001"})
    check = {"bank_account": account, **PARTIES, "agreement_number": "XY42010001", "confirmed_on": "2026-11-10"}
    assert does(clerk, "bank-agreement-check", check) == "accepted"
    assert state(clerk, account) == "active"


def state(clerk: Office, account: str) -> str:
    """State of an agreement as this computer knows it."""
    entry = get_entry(clerk.base.store, clerk.unit_number, "bank-agreement", account)
    return entry.state if entry else ""


def owes(clerk: Office, month: str) -> Bill:
    """A back payment of one month, and its bill once the bank has answered."""
    row = {"name": "员工一", "id_number": id_number(1), "from_month": month, "to_month": month,
           "wage": "8000", "reason": "漏缴补收"}  # fmt: skip
    assert does(clerk, "back-payment", row) == "accepted"
    clerk.settles()
    return bills(clerk.desk, clerk.unit)[0]


def test_ending_the_agreement_ends_debits_and_signing_mends_it(clerk: Office) -> None:
    signs_agreement(clerk, ACCOUNT)
    paid = owes(clerk, "2026-10")
    assert (paid.state, paid.account_tail) == ("receipted", ACCOUNT[-4:])
    end = {"bank_account": ACCOUNT, "end_reason": "更换缴费银行", "end_date": "2026-11-10"}
    assert does(clerk, "bank-agreement-end", end) == "accepted"
    failed = owes(clerk, "2026-09")
    assert (failed.state, failed.reason) == ("debit-failed", "K06")
    does(clerk, "arrears-payment", {"bill_number": failed.number, "remark": "账户已补足"})
    clerk.settles()
    assert bills(clerk.desk, clerk.unit)[0].reason == "K06"
    signs_agreement(clerk, OTHER)
    does(clerk, "arrears-payment", {"bill_number": failed.number, "remark": "账户已补足"})
    clerk.settles()
    assert bills(clerk.desk, clerk.unit)[0].state == "receipted"


def test_an_agreement_that_is_only_signed_is_not_in_force(clerk: Office) -> None:
    row = {"bank_account": ACCOUNT, **PARTIES, "agreement_kind": "三方协议", "signer": "李经办", "phone": "13800000000"}
    assert does(clerk, "bank-agreement-sign", row) == "accepted"
    assert owes(clerk, "2026-10").reason == "K06"


def test_the_limit_of_the_agreement_holds_until_it_is_changed(clerk: Office) -> None:
    signs_agreement(clerk, ACCOUNT, limit="5.00")
    failed = owes(clerk, "2026-10")
    assert failed.reason == "K08"
    change = {"bank_account": ACCOUNT, "single_limit": "800000", "reason_text": "限额太低"}
    assert does(clerk, "bank-agreement-change", change) == "accepted"
    assert state(clerk, ACCOUNT) == "changed"
    does(clerk, "arrears-payment", {"bill_number": failed.number, "remark": "账户已补足"})
    clerk.settles()
    assert bills(clerk.desk, clerk.unit)[0].state == "receipted"
