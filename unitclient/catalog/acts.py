"""What a form does to bills, to money that arrived, and to the unit itself; and the fields that it needs for that."""

from __future__ import annotations

from collections.abc import Mapping

from unitclient.catalog.model import BillAct, Field, Identity, LedgerAct
from unitclient.catalog.sections import Section

_BILL_ACTS: Mapping[str, BillAct | None] = {"none": None, **{act.value: act for act in BillAct}}
_NEEDED_BY_BILL_ACT: Mapping[BillAct | None, tuple[str, ...]] = {
    None: (),
    BillAct.PAY: ("bill_number",),
    BillAct.CANCEL: ("bill_number",),
    BillAct.NAME: ("bill_number",),
    BillAct.DEFER: ("bill_number", "pay_by"),
    BillAct.WAIVE: ("bill_number", "waived"),
}
_LEDGER_ACTS: Mapping[str, LedgerAct | None] = {"none": None, **{act.value: act for act in LedgerAct}}
_NEEDED_BY_LEDGER_ACT: Mapping[LedgerAct | None, tuple[str, ...]] = {
    None: (),
    LedgerAct.REFUND: (
        *("id_number", "insurance", "month", "side", "amount"),
        *("receiver", "account_name", "bank_name", "bank_account"),
    ),
    LedgerAct.REBOOK: ("id_number", "insurance", "month", "right_month", "amount"),
}
_IDENTITIES: Mapping[str, Identity | None] = {"none": None, **{whose.value: whose for whose in Identity}}


def read_bill_act(top: Section, by_name: Mapping[str, Field]) -> BillAct | None:
    """`bill = "pay" | "cancel" | "defer" | "waive"`: the form has the field bill_number, and what the act needs."""
    act: BillAct | None = top.choice("bill", _BILL_ACTS, "none")
    for name in _NEEDED_BY_BILL_ACT[act]:
        if act is not None and name not in by_name:
            top.refuse("bill", "effect-needs-field", value=act.value, field=name)
    return act


def read_ledger_act(top: Section, by_name: Mapping[str, Field]) -> LedgerAct | None:
    """`ledger = "refund" | "rebook"`: the form has the fields that say whose money it is, and where it goes."""
    act: LedgerAct | None = top.choice("ledger", _LEDGER_ACTS, "none")
    for name in _NEEDED_BY_LEDGER_ACT[act]:
        if act is not None and name not in by_name:
            top.refuse("ledger", "effect-needs-field", value=act.value, field=name)
    return act


def read_identity(top: Section, by_name: Mapping[str, Field]) -> Identity | None:
    """`identity = "unit"`: the form has the fields item and after."""
    whose: Identity | None = top.choice("identity", _IDENTITIES, "none")
    for name in ("item", "after"):
        if whose is not None and name not in by_name:
            top.refuse("identity", "effect-needs-field", value=whose.value, field=name)
    return whose
