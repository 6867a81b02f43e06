"""What a believed document changes here, inside the caller's write: tracks, items, and the mark that the roster moved.

Applying a document twice changes nothing the second time.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from unitclient.domain.deadlines import last_instant
from unitclient.domain.findings import Finding, Severity
from unitclient.domain.registers import Entry
from unitclient.store.declarations import Declaration, get_declaration, set_acceptance, set_money
from unitclient.store.documents import add_document, newest_document
from unitclient.store.items import reopen, settle, take_out
from unitclient.store.outbox import get_submission, move_deadlines, store_receipt
from unitclient.store.registers import put_entries
from unitclient.store.settings import get_setting, put_setting
from unitclient.store.store import Store
from unitclient.store.units import add_unit, list_units
from unitclient.sync.protocol import Acceptance, DocumentKind, Money, SignedDocument, refund_state
from unitclient.sync.reading import issued_at, stored

_MONEY = {
    DocumentKind.ASSESSMENT: Money.ASSESSED,
    DocumentKind.BILL: Money.BILLED,
    DocumentKind.POSTING: Money.POSTED,
    DocumentKind.SLIP: Money.RECEIPTED,
}


def apply_document(store: Store, unit: str, kind: str, signed: SignedDocument, content: dict[str, Any]) -> bool:
    """Keep a document and do what it says; False when it was here already and everything was done."""
    submission_id = content.get("submission_id")
    new = add_document(store, stored(unit, kind, signed, submission_id))
    declaration = get_declaration(store, submission_id) if submission_id else None
    _of_the_unit(store, unit, kind, content)
    if declaration is None or declaration.unit != unit:
        _mark_roster(store, unit, kind)
        return new
    at = issued_at(content)
    if kind == DocumentKind.RECEIPT:
        _receipt(store, declaration, signed, content, at)
    elif kind == DocumentKind.ACCEPTANCE:
        _acceptance(store, declaration, signed.sha256, content, at)
        _mark_roster(store, unit, kind)
    elif kind == DocumentKind.DEBIT:
        set_money(store, declaration.id, content["state"], document_ref=signed.sha256, at=at, note=content["code"])
    elif kind == DocumentKind.BILL and content.get("state") == Money.CANCELLED:
        set_money(store, declaration.id, Money.CANCELLED, document_ref=signed.sha256, at=at)
    elif kind == DocumentKind.REFUND:
        _refund(store, declaration, signed.sha256, content, at)
    elif kind in _MONEY:
        set_money(store, declaration.id, _MONEY[DocumentKind(kind)], document_ref=signed.sha256, at=at)
    return new


def _of_the_unit(store: Store, unit: str, kind: str, content: dict[str, Any]) -> None:
    """What is about the unit, and not about one of its declarations."""
    if kind == DocumentKind.REGISTER:
        put_entries(store, unit, entries_of(content))
    elif kind == DocumentKind.UNIT:
        _unit(store, unit, content)
    elif kind == DocumentKind.CALENDAR:
        _calendar(store, unit)


def _unit(store: Store, unit: str, content: Mapping[str, Any]) -> None:
    """The unit is called as the centre says from now on; a unit that is only being enrolled is not here yet."""
    for known in list_units(store):
        if known.unit_number == unit:
            add_unit(store, replace(known, name=str(content["name"]), uscc=str(content["uscc"])))


def _calendar(store: Store, unit: str) -> None:
    """What waits is as urgent as the newest calendar says, also when a deadline was extended after the signature."""
    newest = newest_document(store, unit, DocumentKind.CALENDAR)
    if newest is not None:
        told = json.loads(newest.document)["entries"]
        move_deadlines(store, unit, {str(one["period"]): last_instant(str(one["deadline"])) for one in told})


def entries_of(content: Mapping[str, Any]) -> list[tuple[Entry, str]]:
    """(entry, when it was moved) of a register document; raises KeyError or TypeError when it is not one."""
    register = str(content["register"])
    return [
        (Entry(register, str(told["key"]), str(told["state"]), dict(told["values"])), str(told["at"]))
        for told in content["entries"]
    ]


def _receipt(
    store: Store, declaration: Declaration, signed: SignedDocument, content: dict[str, Any], at: datetime
) -> None:
    submission = get_submission(store, declaration.id)
    if submission is None:
        return
    if content["sha256"] == submission.sha256:
        store_receipt(store, declaration.id, signed.document, signed.cms, document_ref=signed.sha256)
    # Otherwise the declaration was signed again after a restore, and the centre holds the first signature's bytes: its
    # word is about the declaration all the same, but no proof that ours were delivered.
    if declaration.acceptance is None:
        set_acceptance(
            store,
            declaration.id,
            Acceptance.RECEIVED,
            document_ref=signed.sha256,
            at=at,
            acceptance_number=content.get("acceptance_number"),
        )


def _acceptance(store: Store, declaration: Declaration, ref: str, content: dict[str, Any], at: datetime) -> None:
    state = Acceptance(content["state"])
    set_acceptance(
        store, declaration.id, state, document_ref=ref, at=at, acceptance_number=content.get("acceptance_number")
    )
    if state is Acceptance.RETURNED:
        # Nothing took effect: the rows wait here for the next preparation, nothing has to be typed again.
        reopen(store, declaration.id)
    elif state in (Acceptance.ACCEPTED, Acceptance.PARTLY):
        settle(store, declaration.id, refused_rows(content))
    elif state in (Acceptance.VOIDED, Acceptance.REPLACED):
        take_out(store, declaration.id)


def _refund(store: Store, declaration: Declaration, ref: str, content: Mapping[str, Any], at: datetime) -> None:
    """The note is what the bank says of the first order that it could not pay."""
    orders = content["orders"]
    code = next((str(order["code"]) for order in orders if order["state"] == "failed"), "")
    state = refund_state(str(order["state"]) for order in orders)
    set_money(store, declaration.id, state, document_ref=ref, at=at, note=code)


def refused_rows(content: Mapping[str, Any]) -> dict[int, list[Finding]]:
    """{0-based row: findings} of an acceptance."""
    refused: dict[int, list[Finding]] = {}
    for told in content.get("refused", ()):
        refused.setdefault(int(told["row"]), []).append(finding_of(told))
    return refused


def finding_of(told: Mapping[str, Any]) -> Finding:
    """A finding as the centre's documents carry it."""
    return Finding(
        code=str(told["code"]),
        severity=Severity(told.get("severity", "error")),
        field=str(told.get("field", "")),
        params={key: str(value) for key, value in (told.get("params") or {}).items()},
    )


def _mark_roster(store: Store, unit: str, kind: str) -> None:
    if kind in (DocumentKind.ACCEPTANCE, DocumentKind.NUMBER):
        put_setting(store, f"roster-moved:{unit}", True)


def roster_moved(store: Store, unit: str) -> bool:
    """Whether a decision came since the roster was last read from the centre."""
    return bool(get_setting(store, f"roster-moved:{unit}", True))


def roster_read(store: Store, unit: str) -> None:
    """The roster here is the centre's again; inside the write that stored it."""
    put_setting(store, f"roster-moved:{unit}", False)
