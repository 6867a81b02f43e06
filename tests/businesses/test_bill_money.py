"""Money of the payment businesses, followed to the slip: arrears, taken back bills, later and smaller ones."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.businesses.doing import bank, does, last_of, only_bill, refused, text_of
from tests.e2e.office import Office, id_number, office, open_unit, staff
from unitclient.central.server import RunningCentre
from unitclient.documents.capital import figures
from unitclient.workflows.bills import bill_sums, bills
from unitclient.workflows.statements import write_papers


@pytest.fixture
def clerk(centre: RunningCentre, tmp_path: Path) -> Iterator[Office]:
    """An office whose bank has not enough for the month it declared."""
    with office(tmp_path / "home", centre.url, open_unit(centre.url)) as clerk:
        bank(clerk, "insufficient")
        clerk.enrols(staff(2))
        clerk.declares()
        yield clerk


def test_arrears_are_paid_to_the_slip_and_printed(clerk: Office, tmp_path: Path) -> None:
    bill = only_bill(clerk)
    assert bill.payable
    assert (
        does(clerk, "arrears-payment", {"bill_number": bill.number, "bill_amount": figures(bill.total_fen)})
        == "accepted"
    )
    clerk.settles()
    assert only_bill(clerk).state == "debit-failed"  # the account still has nothing
    bank(clerk, "ok")
    assert does(clerk, "arrears-payment", {"bill_number": bill.number, "remark": "账户已补足"}) == "accepted"
    paid = only_bill(clerk)
    assert (paid.state, paid.slip.amount_fen if paid.slip else 0) == ("receipted", bill.total_fen)
    papers = write_papers(clerk.desk, clerk.unit, last_of(clerk, "arrears-payment"), tmp_path)
    assert {"receipt", "arrears", "arrears-persons"} <= set(papers)
    statement, persons = text_of(papers["arrears"]), text_of(papers["arrears-persons"])
    for told in ("欠费补缴单", bill.number, figures(bill.total_fen), paid.slip.serial if paid.slip else "-"):
        assert told in statement
    for told in ("欠费补缴人员明细", id_number(1), id_number(2), "员工一", bill.number):
        assert told in persons


def test_a_bill_that_was_taken_back_is_no_debt_and_the_month_can_be_mended(clerk: Office) -> None:
    bill = only_bill(clerk)
    row = {"bill_number": bill.number, "cancel_reason": "误报人员或险种", "explanation": "误列一人"}
    assert does(clerk, "arrears-cancel", row) == "accepted"
    taken_back = only_bill(clerk)
    assert (taken_back.state, taken_back.payable) == ("cancelled", False)
    assert bill_sums([taken_back]).open_fen == 0
    bank(clerk, "ok")
    mended = clerk.prepares(correct=True)
    clerk.signs()
    clerk.settles()
    assert clerk.tracks(mended.declaration_id) == ("delivered", "accepted", "receipted")
    assert [one.state for one in bills(clerk.desk, clerk.unit)] == ["receipted", "cancelled"]


def test_a_bill_is_due_later_and_bears_less_late_fee(clerk: Office) -> None:
    """What is debited in the end is what was left after the waiver."""
    row = {"name": "员工一", "id_number": id_number(1), "from_month": "2026-08", "to_month": "2026-09",
           "wage": "8000", "reason": "漏缴补收"}  # fmt: skip
    assert does(clerk, "back-payment", row) == "accepted"
    clerk.settles()
    before = bills(clerk.desk, clerk.unit)[0]
    assert before.late_fee_fen > 100
    late = {
        "bill_number": before.number,
        "pay_by": "2027-01-20",
        "deferral_reason": "系统升级停办",
        "explanation": "停办",
    }
    assert does(clerk, "payment-deferral", late) == "accepted"
    less = {"bill_number": before.number, "waived": "1.00", "waive_reason": "不可抗力", "evidence": "停电公告"}
    assert does(clerk, "late-fee-waiver", less) == "accepted"
    clerk.settles()
    after = bills(clerk.desk, clerk.unit)[0]
    assert (after.due.date().isoformat(), after.state) == ("2027-01-20", "debit-failed")
    assert (before.total_fen - after.total_fen, before.late_fee_fen - after.late_fee_fen) == (100, 100)
    assert "REGISTER_STATE" in refused(clerk, "late-fee-waiver", less)
    bank(clerk, "ok")
    does(clerk, "arrears-payment", {"bill_number": before.number, "remark": "账户已补足"})
    clerk.settles()
    paid = bills(clerk.desk, clerk.unit)[0]
    assert (paid.state, paid.slip.amount_fen if paid.slip else 0) == ("receipted", after.total_fen)


def test_the_settlement_of_a_month_lists_its_bills(clerk: Office, tmp_path: Path) -> None:
    bill = only_bill(clerk)
    row = {"month": "2026-11", "collect_way": "银行托收", "contact": "李经办", "phone": "13800000000"}
    assert does(clerk, "settlement-request", row) == "accepted"
    papers = write_papers(clerk.desk, clerk.unit, last_of(clerk, "settlement-request"), tmp_path)
    text = text_of(papers["month-bills"])
    assert "月度结算单" in text
    assert bill.number in text
    assert "余额不足" in text


def test_a_gap_of_pension_is_paid_to_its_slip(centre: RunningCentre, tmp_path: Path) -> None:
    with office(tmp_path / "home", centre.url, open_unit(centre.url)) as clerk:
        clerk.enrols([*staff(1, since="2026-08"), *staff(1, first=2)])
        clerk.declares()
        person = {"name": "员工一", "id_number": id_number(1)}
        stop = {**person, "reason": "辞职", "last_paid_month": "2026-08", "end_date": "2026-08-31"}
        assert does(clerk, "stop", stop) == "accepted"
        gap = {**person, "from_month": "2026-09", "to_month": "2026-10", "wage": "8000",
               "evidence_kind": "劳动合同", "document_number": "HT-1"}  # fmt: skip
        assert does(clerk, "pension-gap-payment", gap) == "accepted"
        clerk.settles()
        bill = bills(clerk.desk, clerk.unit)[0]
        assert bill.state == "receipted"
        assert {item.insurance for item in bill.items if item.pay_kind != "late-fee"} == {"pension"}
