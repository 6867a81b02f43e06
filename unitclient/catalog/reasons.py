"""For which reasons a business refuses: the codes that its own rules can give, from the form alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from unitclient.catalog.checks import REGISTRY
from unitclient.catalog.model import BillAct, Form, Identity, LedgerAct
from unitclient.catalog.register_check import REGISTER_ABSENT, REGISTER_STATE
from unitclient.catalog.registers import Register
from unitclient.domain.files import FileLimits
from unitclient.domain.registers import ABSENT, Move

_OF_A_BILL = ("BILL_UNKNOWN", "BILL_NOT_OPEN")
_OF_AN_ACT: Mapping[BillAct, tuple[str, ...]] = {
    BillAct.CANCEL: ("BILL_OF_EARLIER_MONTH",),
    BillAct.DEFER: ("BILL_NOT_LATER",),
    BillAct.WAIVE: ("LATE_FEE_LESS",),
}
_OF_A_LEDGER_ACT: Mapping[LedgerAct, tuple[str, ...]] = {
    LedgerAct.REFUND: ("B702", "REFUND_TOO_MUCH"),
    LedgerAct.REBOOK: ("B702", "REFUND_TOO_MUCH", "RIGHT_MONTH_PAID"),
}


def reasons_of(form: Form, registers: Mapping[str, Register]) -> frozenset[str]:
    """Codes of what the form's checks, required fields, files, registers, bill, money and identity refuse.

    A cell that cannot be read as its field's type is not among them: that is the type's, whatever the business.
    """
    found = {code for spec in form.checks for code in REGISTRY[spec.name].reasons(spec.params)}
    found.update(_of_fields(form))
    for move in form.moves:
        found.update(_of_move(move, registers[move.register]))
    if form.bill_act is not None:
        found.update(_OF_A_BILL, _OF_AN_ACT.get(form.bill_act, ()))
        found.update(("BILL_AMOUNT",) if "bill_amount" in form.by_name else ())
    if form.ledger_act is not None:
        found.update(_OF_A_LEDGER_ACT[form.ledger_act])
    if form.identity is Identity.UNIT:
        found.add("USCC_TAKEN")
    return frozenset(found)


def _of_fields(form: Form) -> Iterator[str]:
    for field in form.fields:
        if (field.required and field.default is None and not field.default_rule) or field.required_when:
            yield "REQUIRED"
        if field.file is not None:
            yield from _of_file(field.file)


def _of_file(limits: FileLimits) -> Iterator[str]:
    yield from ("FILE_MISSING", "FILE_KIND", "FILE_BYTES")
    if limits.width or limits.height:
        yield "PHOTO_SIZE"
    if limits.bits:
        yield "PHOTO_DEPTH"


def _of_move(move: Move, register: Register) -> Iterator[str]:
    if ABSENT not in move.sources:
        yield REGISTER_ABSENT
    if not move.sources.issuperset(register.states):
        yield REGISTER_STATE
    if register.places is not None and move.target in register.places.states:
        yield "NO_PLACE"
