"""Checks by what a code's row says, by the register, by months of a gap, and by the centre's ledger."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.catalog.people import MAN, PERIOD, TODAY, catalog, context, errors, form, person, policy
from unitclient.catalog import CheckContext, check_row
from unitclient.catalog.registers import insurances_by
from unitclient.domain.ledger import Arrived
from unitclient.domain.period import Period
from unitclient.domain.registers import ABSENT, OWN_KEY, Entry, Move
from unitclient.domain.roster import Coverage, Person, PersonState

REFUND = {
    "name": "王小明",
    "id_number": MAN,
    "insurance": "养老",
    "month": "2026-05",
    "side": "个人部分",
    "amount": "100",
    "refund_reason": "重复缴费",
    "evidence": "外地缴费记录",
    "receiver": "本人",
    "account_name": "王小明",
    "bank_name": "演练银行",
    "bank_account": "62220200000000001",
}


class Books:
    """A ledger with one payment: pension of May, 300 yuan by the unit and 150 by the person; May alone is billed."""

    def arrived(self, id_number: str, insurance: str, month: str) -> Arrived:
        """What arrived."""
        return Arrived(30_000, 15_000) if (id_number, insurance, month) == (MAN, "pension", "2026-05") else Arrived()

    def is_billed(self, month: str) -> bool:
        """Whether the month has a bill."""
        return month == "2026-05"


def codes(form_id: str, row: dict[str, Any], given: CheckContext) -> set[str]:
    """Codes of the errors of a row."""
    return {code for code, _ in errors(check_row(form(form_id), row, given))}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({}, None),
        ({"amount": "150"}, None),
        ({"amount": "150.01"}, "REFUND_TOO_MUCH"),
        ({"side": "单位部分", "receiver": "单位", "amount": "300"}, None),
        ({"side": "单位部分", "receiver": "单位", "amount": "300.01"}, "REFUND_TOO_MUCH"),
        ({"month": "2026-06"}, "B702"),
        ({"insurance": "失业"}, "B702"),
    ],
)
def test_no_more_is_given_back_than_arrived(change: dict[str, str], code: str | None) -> None:
    given = replace(context(person()), ledger=Books())
    assert codes("refund", {**REFUND, **change}, given) == ({code} if code else set())


def test_without_a_ledger_the_centre_is_left_to_say_it() -> None:
    assert codes("refund", {**REFUND, "amount": "99999"}, context(person())) == set()


def test_a_month_without_a_bill_is_not_settled() -> None:
    row = {"month": "2026-06", "collect_way": "银行托收", "contact": "李经办", "phone": "13800000000"}
    given = replace(context(), ledger=Books())
    assert codes("settlement-request", row, given) == {"MONTH_NOT_BILLED"}
    assert codes("settlement-request", {**row, "month": "2026-05"}, given) == set()


RESUMED = Person(
    MAN,
    "王小明",
    680_000,
    state=PersonState.ACTIVE,
    coverage={"pension": Coverage(Period(2026, 5)), "unemployment": Coverage(Period(2026, 5))},
    since=Period(2020, 1),
)
GAP = {
    "name": "王小明",
    "id_number": MAN,
    "from_month": "2026-02",
    "to_month": "2026-04",
    "wage": "8000",
    "evidence_kind": "劳动合同",
    "document_number": "HT-1",
}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({}, None),
        ({"to_month": "2026-05"}, "MONTH_COVERED"),
        ({"from_month": "2023-07", "to_month": "2023-08"}, None),
        ({"from_month": "2023-06", "to_month": "2023-08"}, "B602"),
        ({"from_month": "2023-06", "to_month": "2023-08", "evidence_kind": "法院判决"}, None),
        ({"from_month": "2019-12", "to_month": "2020-02", "evidence_kind": "法院判决"}, "GAP_BEFORE_INSURED"),
        ({"insurances": "养老、失业"}, "INSURANCE_NOT_HERE"),
    ],
)
def test_a_gap_lies_between_what_is_insured_and_is_proved(change: dict[str, str], code: str | None) -> None:
    assert codes("pension-gap-payment", {**GAP, **change}, context(RESUMED)) == ({code} if code else set())


def test_a_default_of_insurances_is_a_list_of_its_own_each_time() -> None:
    one, other = (check_row(form("pension-gap-payment"), GAP, context(RESUMED)).values["insurances"] for _ in range(2))
    assert one == other == ["pension"]
    assert one is not other


@pytest.mark.parametrize(
    ("kind", "insurances", "right"),
    [
        ("企业", "养老、失业", True),
        ("企业", "养老", False),
        ("机关", "养老", True),
        ("机关", "养老、失业", True),
        ("企业", "养老、医疗、失业", True),
    ],
)
def test_a_kind_of_unit_has_its_own_insurances(kind: str, insurances: str, right: bool) -> None:
    """The region of these tests has rates for pension and unemployment only, so no more is compulsory."""
    row = {
        "unit_type": kind,
        "insurances": insurances,
        "registered_on": "2026-07-01",
        "document": "批复",
        "superior": "局",
    }
    assert ("INSURANCES_OF_KIND" not in codes("unit-type", row, context())) is right


def test_shares_and_the_codes_that_go_together() -> None:
    claim = {"year": "2025", "scale": "30 人及以下的中小微企业", "staff": "30", "layoffs": "6",
             "paid_last_year": "1000", "amount": "600", "account_name": "演练单位", "bank_name": "演练银行",
             "promise": "CN-1", "bank_account": "42001234567890001"}  # fmt: skip
    assert codes("job-retention", claim, context()) == set()
    assert codes("job-retention", {**claim, "layoffs": "7"}, context()) == {"SHARE_TOO_LARGE"}
    floating = {"industry": "一类", "float_level": "下浮至 80%", "paid_benefits": "1", "paid_fees": "2",
                "accidents": "0", "start_month": "2026-07"}  # fmt: skip
    assert codes("injury-rate-float", floating, context()) == {"CODES_DO_NOT_FIT"}
    assert codes("injury-rate-float", {**floating, "float_level": "上浮至 120%"}, context()) == set()


def test_a_row_is_compared_with_the_entry_it_moves() -> None:
    entry = Entry("injury-rate", OWN_KEY, "basic", {"industry": "2"})
    given = CheckContext(TODAY, PERIOD, policy=policy, entry=lambda *_place: entry)
    floating = {"industry": "三类", "float_level": "基准费率", "paid_benefits": "1", "paid_fees": "2", "accidents": "0",
                "start_month": "2026-07"}  # fmt: skip
    assert codes("injury-rate-float", floating, given) == {"ENTRY_DIFFERS"}
    assert codes("injury-rate-float", {**floating, "industry": "二类"}, given) == set()


def test_a_change_is_kept_under_the_name_of_its_item() -> None:
    move = Move("unit-detail", (), frozenset({ABSENT, "current"}), "current", (), item="item", value="after")
    first = move.apply(None, {"item": "name", "after": "甲"})
    second = move.apply(first, {"item": "legal_person", "after": "乙"})
    assert (second.key, second.values) == (OWN_KEY, {"name": "甲", "legal_person": "乙"})


def test_the_unit_s_insurances_follow_the_register() -> None:
    kinds = catalog().registers
    entries = [Entry("unit-insurance", "injury", "insured"), Entry("unit-insurance", "pension", "stopped"),
               Entry("unit-detail", OWN_KEY, "current")]  # fmt: skip
    assert insurances_by(kinds, ("pension", "medical"), entries) == ("medical", "injury")


def test_days_lie_in_their_window() -> None:
    row = {"bill_number": "1", "pay_by": "2026-07-09", "deferral_reason": "系统升级停办", "explanation": "停办"}
    assert codes("payment-deferral", row, context()) == {"DAY_WINDOW"}
    assert codes("payment-deferral", {**row, "pay_by": "2026-07-10"}, context()) == set()
