"""Following declarations: a list with tracks and light, and everything that is known about one of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from unitclient.errors import UserError
from unitclient.seal.envelope import verify_document
from unitclient.store.declarations import Declaration, Event, events
from unitclient.store.documents import find_documents, latest_document
from unitclient.store.journal import Entry, entries
from unitclient.store.outbox import get_submission
from unitclient.store.overview import briefs
from unitclient.store.payloads import payload_rows
from unitclient.store.transport import Transport
from unitclient.store.units import Unit
from unitclient.sync import protocol
from unitclient.sync.protocol import DocumentKind
from unitclient.workflows.centre import trust_of
from unitclient.workflows.desk import Desk
from unitclient.workflows.lines import MONTHLY, total_fen
from unitclient.workflows.prepare import OVER, VOIDABLE
from unitclient.workflows.reviewing import prepared_by
from unitclient.workflows.status import Light, Refusal, light, status

NEAR = timedelta(seconds=3)
"""How far a step and the journal entry of the same act may lie apart."""


@dataclass(frozen=True, slots=True)
class Record:
    """One declaration in the list; money in fen."""

    id: str
    form: str
    form_title: str
    period: str
    kind: str
    rows: int
    total_fen: int
    transport: str
    acceptance: str | None
    money: str | None
    light: Light
    acceptance_number: str
    prepared_at: datetime
    supersedes: str | None


@dataclass(frozen=True, slots=True)
class Step:
    """One event of the timeline. `who` is the person the journal names, empty for the centre's and the program's own.

    `note` is an outcome code, a bank's code, or a reason of ours; `document` the kind of document that said so.
    """

    at: datetime
    track: str
    state: str
    source: str
    who: str
    note: str
    document: str


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """One reason of the centre, with the person of the row where there is one. `row` counts from 1."""

    row: int | None
    id_number: str
    name: str
    refusal: Refusal


@dataclass(frozen=True, slots=True)
class Detail:
    """Everything about one declaration."""

    record: Record
    steps: tuple[Step, ...]
    refused: tuple[RefusedRow, ...]
    requires: tuple[str, ...]
    replaced_by: str
    last_code: str
    sha256: str
    papers: bool
    """Whether the centre's receipt is here, so that papers can be made."""
    correctable: bool
    voidable: bool
    payable: bool
    """Whether its debit failed and may be asked for again."""


@dataclass(frozen=True, slots=True)
class ReceiptCheck:
    """The stored receipt, checked again now. `code` says why it does not hold; empty when it does.

    `same_bytes`: it is for exactly the bytes kept here. `timely`: the centre's word on the deadline.
    """

    code: str
    acceptance_number: str
    received_at: datetime
    deadline: datetime | None
    timely: bool
    same_bytes: bool
    signer: str
    sha256: str

    @property
    def ok(self) -> bool:
        """Whether it holds and is for our bytes."""
        return not self.code and self.same_bytes


def records(desk: Desk, unit: Unit) -> list[Record]:
    """Everything that was prepared, the newest first; drafts that were prepared anew are left out."""
    found = []
    for known in reversed(briefs(desk.store, unit.unit_number)):
        if known.transport is Transport.WITHDRAWN and _was_replaced(desk, known.id):
            continue
        found.append(_record(desk, known))
    return found


def _was_replaced(desk: Desk, declaration_id: str) -> bool:
    return events(desk.store, declaration_id)[-1].note == "prepared-again"


def _record(desk: Desk, known: Declaration) -> Record:
    form = desk.catalog.forms.get(known.form)
    return Record(
        id=known.id,
        form=known.form,
        form_title=str(form.title) if form else known.form,
        period=known.period,
        kind=known.kind,
        rows=known.row_count,
        total_fen=total_fen(known.totals),
        transport=known.transport.value,
        acceptance=known.acceptance,
        money=known.money,
        light=light(desk, known),
        acceptance_number=known.acceptance_number or "",
        prepared_at=known.prepared_at,
        supersedes=known.supersedes,
    )


def detail(desk: Desk, unit: Unit, declaration_id: str) -> Detail:
    """One declaration with its timeline, refusals and what may be done with it; UserError declaration-unknown."""
    found = status(desk, unit, declaration_id)
    known = found.declaration
    heads = briefs(desk.store, unit.unit_number)
    submission = get_submission(desk.store, known.id)
    kinds = {document.ref: document.kind for document in find_documents(desk.store, unit.unit_number,
                                                                        submission_id=known.id)}  # fmt: skip
    delivered = known.transport is Transport.DELIVERED and known.acceptance not in OVER
    return Detail(
        record=_record(desk, known),
        steps=tuple(_steps(found.history, entries(desk.store, subject=known.id), kinds, prepared_by(desk, known.id))),
        refused=_refused(desk, known, found.refusals),
        requires=known.requires,
        replaced_by=next((other.id for other in heads if other.supersedes == known.id
                          and other.transport is not Transport.WITHDRAWN), ""),
        last_code=found.last_code,
        sha256=submission.sha256 if submission else "",
        papers=DocumentKind.RECEIPT.value in kinds.values(),
        correctable=delivered and known.form == MONTHLY and known.kind != "void",
        voidable=delivered and known.kind != "void" and known.money in VOIDABLE,
        payable=known.money == protocol.Money.DEBIT_FAILED,
    )  # fmt: skip


def _steps(history: tuple[Event, ...], journal: list[Entry], kinds: Mapping[str, str], maker: str) -> list[Step]:
    """The steps as they were recorded. `maker` is who prepared the declaration, as its own bytes say."""
    return [
        Step(
            at=event.at,
            track=event.track,
            state=event.state,
            source=event.source,
            who=_who(event, journal, maker),
            note=event.note,
            document=kinds.get(event.document_ref or "", ""),
        )
        for event in history
    ]


def _who(event: Event, journal: list[Entry], maker: str) -> str:
    if event.source != "local":
        return ""
    near = [entry for entry in journal if entry.actor and abs(entry.at - event.at) <= NEAR]
    if near:
        return min(near, key=lambda entry: abs(entry.at - event.at)).actor
    return maker if event.state in (Transport.DRAFT, Transport.CHECKED) and not event.note else ""


def _refused(desk: Desk, known: Declaration, refusals: tuple[Refusal, ...]) -> tuple[RefusedRow, ...]:
    if not refusals:
        return ()
    rows = payload_rows(desk.store, known.id, [one.row for one in refusals if one.row is not None])
    return tuple(_refused_row(rows, refusal) for refusal in refusals)


def _refused_row(rows: Mapping[int, Mapping[str, Any]], refusal: Refusal) -> RefusedRow:
    row = None if refusal.row is None else rows.get(refusal.row)
    if refusal.row is None or row is None:
        return RefusedRow(None, "", "", refusal)
    return RefusedRow(refusal.row + 1, str(row.get("id_number") or ""), str(row.get("name") or ""), refusal)


def check_receipt(desk: Desk, unit: Unit, declaration_id: str) -> ReceiptCheck:
    """Verify the stored receipt against the centre's authorities and against the bytes kept here, off line.

    UserError declaration-unknown, papers-none-yet when there is no receipt.
    """
    status(desk, unit, declaration_id)
    receipt = latest_document(desk.store, unit.unit_number, DocumentKind.RECEIPT, declaration_id)
    submission = get_submission(desk.store, declaration_id)
    if receipt is None or submission is None:
        raise UserError("papers-none-yet", id=declaration_id)
    told: dict[str, Any] = json.loads(receipt.document)
    received_at = datetime.fromisoformat(told["received_at"])
    check = verify_document(receipt.document, receipt.cms, trust_of(unit), received_at)
    return ReceiptCheck(
        code="" if check.ok else check.code,
        acceptance_number=str(told["acceptance_number"]),
        received_at=received_at,
        deadline=datetime.fromisoformat(told["deadline"]) if told.get("deadline") else None,
        timely=bool(told["timely"]),
        same_bytes=told["sha256"] == submission.sha256,
        signer=check.subject,
        sha256=submission.sha256,
    )
