"""Who decides: the rules at once for units with confidence standing, the bureau's desk for ordinary ones and for all
where the form says so; and what the desk moves on afterwards.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.businesses.doing import bank, does, refused, sends_off
from tests.e2e.office import Office, ask, id_number, office, open_unit, staff
from unitclient.central.server import RunningCentre
from unitclient.store.registers import get_entry
from unitclient.workflows import asking

AGREEMENT = {
    "bank_account": "42001234567890001",
    "account_name": "演练用人单位",
    "bank_name": "演练银行江岸支行",
    "agreement_kind": "三方协议",
    "signer": "李经办",
    "phone": "13800000000",
}
NOTE = "户名与营业执照不一致"


@pytest.fixture
def clerk(centre: RunningCentre, tmp_path: Path) -> Iterator[Office]:
    with office(tmp_path / "home", centre.url, open_unit(centre.url)) as clerk:
        yield clerk


def waits(clerk: Office) -> list[str]:
    """Submissions of this unit that wait for the desk."""
    told = ask(clerk.unit.centre_url, "GET", "/practice/desk/submissions")["waiting"]
    return [one["submission_id"] for one in told if one["unit_number"] == clerk.unit_number]


def word(clerk: Office, declaration: str, rounds: int = 40) -> str | None:
    """The centre's word after some rounds."""
    for _ in range(rounds):
        clerk.syncs()
        if waits(clerk) or clerk.tracks(declaration)[1] not in (None, "received"):
            break
    return clerk.tracks(declaration)[1]


def test_a_unit_with_confidence_standing_is_decided_by_rule_at_once(clerk: Office) -> None:
    declaration = sends_off(clerk, "bank-agreement-sign", AGREEMENT)
    assert word(clerk, declaration) == "accepted"


def test_an_ordinary_unit_waits_for_the_desk_and_mends_what_is_returned(clerk: Office) -> None:
    url = clerk.unit.centre_url
    ask(url, "PUT", f"/practice/desk/units/{clerk.unit_number}/standing", {"ordinary": True})
    declaration = sends_off(clerk, "bank-agreement-sign", {**AGREEMENT, "account_name": "演练用人单位（筹）"})
    assert word(clerk, declaration) == "received"
    assert waits(clerk) == [declaration]
    ask(url, "PUT", f"/practice/desk/submissions/{declaration}", {"returned": True, "note": NOTE})
    assert word(clerk, declaration) == "returned"
    (refusal,) = clerk.status(declaration).refusals
    assert (refusal.finding.code, refusal.finding.params["note"]) == ("DESK_RETURNED", NOTE)
    assert does(clerk, "bank-agreement-sign", AGREEMENT) == "accepted"
    entry = get_entry(clerk.base.store, clerk.unit_number, "bank-agreement", AGREEMENT["bank_account"])
    assert entry is not None
    assert (entry.state, entry.values["account_name"]) == ("signed", "演练用人单位")


def test_an_important_change_is_looked_at_for_every_unit(clerk: Office) -> None:
    row = {"item": "法定代表人", "before": "王前任", "after": "李后任", "changed_on": "2026-11-01",
           "document": "法定代表人身份证件", "document_number": "演练-1"}  # fmt: skip
    declaration = sends_off(clerk, "unit-important-change", row)
    assert word(clerk, declaration) == "received"
    ask(clerk.unit.centre_url, "PUT", f"/practice/desk/submissions/{declaration}", {"returned": False})
    assert word(clerk, declaration) == "accepted"
    detail = get_entry(clerk.base.store, clerk.unit_number, "unit-detail", "unit")
    assert detail is not None
    assert detail.values == {"legal_person": "李后任"}
    answer = asking.ask(clerk.desk, clerk.unit, "unit-profile", {})
    assert {"item": "legal_person", "value": "李后任"} in [dict(told) for told in answer.answer.rows]


def paid_out(clerk: Office, key: str) -> str:
    """The state of a refund once the bank has spoken."""
    for _ in range(100):
        clerk.syncs()
        entry = get_entry(clerk.base.store, clerk.unit_number, "refund", key)
        if entry is not None and entry.state != "approved":
            return entry.state
        time.sleep(0.05)
    raise AssertionError("the bank says nothing")


def test_a_refund_is_paid_out_or_sent_back_by_the_bank_and_asked_for_again(clerk: Office) -> None:
    clerk.enrols(staff(1))
    clerk.declares()
    row = {"name": "员工一", "id_number": id_number(1), "insurance": "养老", "month": "2026-11", "side": "个人部分",
           "amount": "100", "refund_reason": "重复缴费", "evidence": "外地缴费记录", "receiver": "本人",
           "account_name": "员工一", "bank_name": "演练银行", "bank_account": "62220200000000001"}  # fmt: skip
    key = f"{id_number(1)}|pension|2026-11|person"
    bank(clerk, "frozen")
    assert does(clerk, "refund", row) == "accepted"
    assert paid_out(clerk, key) == "bounced"
    bank(clerk, "ok")
    assert does(clerk, "refund", {**row, "bank_account": "62220200000000002"}) == "accepted"
    assert paid_out(clerk, key) == "paid-out"
    entry = get_entry(clerk.base.store, clerk.unit_number, "refund", key)
    assert entry is not None
    assert (entry.values["amount"], entry.values["bank_account"]) == (10_000, "62220200000000002")
    assert "REGISTER_STATE" in refused(clerk, "refund", row)


def test_what_has_to_come_first_and_what_comes_once(clerk: Office) -> None:
    floating = {"industry": "二类", "float_level": "下浮至 80%", "paid_benefits": "1", "paid_fees": "2",
                "accidents": "0", "start_month": "2026-11"}  # fmt: skip
    assert "REGISTER_ABSENT" in refused(clerk, "injury-rate-float", floating)
    claim = {"year": "2025", "scale": "大型企业", "staff": "1000", "layoffs": "55", "paid_last_year": "100000",
             "amount": "30000", "account_name": "演练用人单位", "bank_name": "演练银行", "promise": "CN-1",
             "bank_account": "42001234567890001"}  # fmt: skip
    assert "SHARE_TOO_LARGE" in refused(clerk, "job-retention", {**claim, "amount": "30000.01"})
    assert does(clerk, "job-retention", claim) == "accepted"
    assert "REGISTER_STATE" in refused(clerk, "job-retention", claim)


def test_an_insurance_that_the_unit_gave_up_is_taken_for_nobody_until_it_is_taken_up_again(clerk: Office) -> None:
    drop = {"insurance": "生育", "last_month": "2026-11", "change_reason": "政策合并险种", "document": "通知"}
    join = {"name": "员工一", "id_number": id_number(1), "start_month": "2026-11", "wage": "8000",
            "insurances": "养老、医疗、失业、生育"}  # fmt: skip
    assert does(clerk, "unit-insurance-drop", drop) == "accepted"
    assert "INSURANCE_NOT_OF_UNIT" in refused(clerk, "enrol", join)
    add = {"insurance": "生育", "start_month": "2026-11", "change_reason": "按规定应当参加", "document": "登记表"}
    assert does(clerk, "unit-insurance-add", add) == "accepted"
    assert does(clerk, "enrol", join) == "accepted"
