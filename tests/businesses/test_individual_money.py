"""Money of individuals: tiers to the fen and to the slip, resident bills in words, orders that follow a bill."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.businesses.cases import load_case
from tests.businesses.conftest import NewWalk
from tests.businesses.walk import Walk
from tests.documents.papers import text_of
from tests.e2e.office import Office, ask
from unitclient.desktop.pages.sign.words import insurance_word
from unitclient.store.registers import get_entry
from unitclient.texts import use_language
from unitclient.workflows.bills import Bill, bills
from unitclient.workflows.paying import ask_again
from unitclient.workflows.statements import write_papers

TIERS = {"最低档": (28_740, 54_857), "一档": (43_120, 69_237), "二档": (57_480, 83_597), "三档": (71_860, 97_977)}
"""Pension and the whole month in fen; medical with large sums 242.06 and maternity 19.11 do not move."""


def done(walk: Walk, form: str, n: int, **change: str) -> None:
    """A row of another business, accepted."""
    other = Walk(walk.clerk, load_case(form))
    other.case.known.update(walk.case.known)
    taken = other.imports([other.case.row(n, change)])
    assert taken.refused == 0, taken.findings
    assert other.sends() == "accepted"


def newest_bill(clerk: Office) -> Bill:
    clerk.settles()
    return bills(clerk.desk, clerk.unit)[0]


@pytest.mark.parametrize(("tier", "pension_fen", "month_fen"), [(tier, *fen) for tier, fen in TIERS.items()])
def test_a_tier_is_billed_to_the_fen_debited_and_has_its_slip(
    walk: NewWalk, tier: str, pension_fen: int, month_fen: int
) -> None:
    one = walk("individual-payment")
    done(one, "individual-enrolment", 1, tier=tier)
    done(one, "individual-payment", 1, tier=tier, from_month="2014-01", to_month="2014-01")
    bill = newest_bill(one.clerk)
    parts = {item.insurance: item.person_fen for item in bill.items}
    assert parts == {"pension": pension_fen, "medical_with_serious_illness": 24_206, "maternity": 1_911}
    assert (bill.total_fen, bill.state) == (month_fen, "receipted")
    assert bill.slip is not None
    assert bill.slip.amount_fen == month_fen


def test_a_span_of_months_is_paid_month_by_month(walk: NewWalk) -> None:
    one = walk("individual-payment")
    done(one, "individual-enrolment", 1)
    done(one, "individual-payment", 1, from_month="2014-01", to_month="2014-12")
    assert newest_bill(one.clerk).total_fen == 12 * 54_857
    again = Walk(one.clerk, load_case("individual-payment"))
    taken = again.imports([again.case.row(1, {"from_month": "2014-12", "to_month": "2015-01"})])
    assert [told.code for told in taken.findings if told.severity == "error"] == ["ENTRY_LATER"], (
        "no month is paid twice"
    )


def test_resident_bills_say_their_insurance_in_words(walk: NewWalk, tmp_path: Path) -> None:
    one = walk("resident-pension-payment")
    done(one, "resident-enrolment", 1)
    done(one, "resident-pension-payment", 1)
    pension = newest_bill(one.clerk)
    assert [(item.insurance, item.person_fen) for item in pension.items] == [("resident_pension", 100_000)]
    done(one, "resident-enrolment", 1, scheme="居民医保", pension_tier="")
    done(one, "resident-medical-payment", 1)
    medical = newest_bill(one.clerk)
    assert (medical.total_fen, medical.state) == (40_000, "receipted")
    for bill, zh, en in ((pension, "城乡居民基本养老保险", "Residentpension"),
                         (medical, "城乡居民基本医疗保险", "Residentmedical")):  # fmt: skip
        for language, words in (("zh", zh), ("en", en)):
            use_language(language)
            papers = write_papers(one.clerk.desk, one.clerk.unit, bill.declaration_id, tmp_path)
            assert words in text_of(papers["settlement"].read_bytes(), tmp_path)
            assert "_" not in insurance_word(bill.items[0].insurance)
    use_language("zh")


@dataclass
class Order:
    """An unpaid bill and the order for it."""

    walk: Walk
    bill: str

    def state(self) -> str:
        self.walk.clerk.settles()
        self.walk.clerk.syncs()
        clerk = self.walk.clerk
        entry = get_entry(clerk.desk.store, clerk.unit_number, "payment-order", self.bill)
        return entry.state if entry else ""

    def bank(self, behaviour: str) -> None:
        clerk = self.walk.clerk
        ask(clerk.unit.centre_url, "PUT", f"/practice/bank/{clerk.unit_number}", {"behaviour": behaviour})


@pytest.fixture
def order(walk: NewWalk) -> Order:
    one = walk("payment-order")
    one.come_here(1)
    return Order(one, one.case.known["@bill", 1])


def test_an_order_fails_with_the_bank_and_is_paid_when_it_is_settled_again(order: Order) -> None:
    done(order.walk, "payment-order", 1)
    assert order.state() == "made"
    order.bank("limit")
    done(order.walk, "payment-order-settlement", 1)
    assert order.state() == "failed"
    order.bank("ok")
    done(order.walk, "payment-order-settlement", 1)
    assert order.state() == "paid"
    clerk = order.walk.clerk
    entry = get_entry(clerk.desk.store, clerk.unit_number, "payment-order", order.bill)
    bill = next(bill for bill in bills(clerk.desk, clerk.unit) if bill.number == order.bill)
    assert bill.slip is not None
    assert entry is not None
    assert (entry.values["bank_serial"], bill.state) == (bill.slip.serial, "receipted")


def test_a_bill_has_one_open_order_and_a_paid_one_none(order: Order) -> None:
    done(order.walk, "payment-order", 1)
    assert order.walk.sends_unchecked(order.walk.case.row(1)) == ("returned", {"REGISTER_STATE"})
    done(order.walk, "payment-order-settlement", 1)
    assert order.state() == "paid"
    close = Walk(order.walk.clerk, load_case("payment-order-close"))
    close.case.known.update(order.walk.case.known)
    assert close.sends_unchecked(close.case.row(1)) == ("returned", {"REGISTER_STATE"})


def test_a_bill_that_was_paid_meanwhile_is_not_paid_by_its_order(order: Order) -> None:
    done(order.walk, "payment-order", 1)
    clerk = order.walk.clerk
    mine = next(bill for bill in bills(clerk.desk, clerk.unit) if bill.number == order.bill)
    ask_again(clerk.desk, clerk.unit, mine.declaration_id)
    clerk.settles()
    settle = Walk(clerk, load_case("payment-order-settlement"))
    settle.case.known.update(order.walk.case.known)
    assert settle.sends_unchecked(settle.case.row(1)) == ("returned", {"BILL_NOT_OPEN"})
    assert order.state() == "made"
    done(order.walk, "payment-order-close", 1)
    assert order.state() == "closed"
