"""The record of attempts (报送尝试记录): proof that the unit tried, for when centre or network were out.

It is what the journal has of every attempt, with the answer that came or did not, signed by the unit's key: a file for
machines, and a PDF to be handed in. It holds no persons and no amounts.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from unitclient.clock import CHINA
from unitclient.domain.period import Period
from unitclient.errors import UserError
from unitclient.seal.cms import build_detached
from unitclient.seal.signer import Signer
from unitclient.store.attempts import Try, tries
from unitclient.store.documents import latest_document
from unitclient.store.journal import entries
from unitclient.store.queue_view import QueueEntry, queue_entries
from unitclient.store.units import Unit
from unitclient.sync.outcomes import NETWORK_CODES
from unitclient.sync.protocol import DocumentKind, SignedDocument, canonical
from unitclient.texts import say, say_outcome
from unitclient.workflows.desk import Desk
from unitclient.workflows.paper_files import write_file
from unitclient.workflows.rights import needs

KIND = "attempts"
"""`kind` of the record among signed documents: the only one that a unit signs and not the centre."""


@dataclass(frozen=True, slots=True)
class AttemptRecord:
    """The record as it will be signed. `failed` are the attempts without a receipt."""

    document: bytes
    period: Period | None
    attempts: int
    failed: int

    @property
    def sha256(self) -> str:
        """Digest of the bytes that are signed, hex."""
        return hashlib.sha256(self.document).hexdigest()

    def content(self) -> dict[str, Any]:
        """What it says."""
        told: dict[str, Any] = json.loads(self.document)
        return told


def attempt_record(desk: Desk, unit: Unit, period: Period | None = None) -> AttemptRecord:
    """Everything that was tried for one month, or at all. UserError no-attempts when nothing was."""
    wanted = str(period) if period else None
    found = tries(desk.store, unit.unit_number, wanted)
    if not found:
        raise UserError("no-attempts", period=wanted or say("outage-all"))
    tried = {one.submission_id for one in found}
    queue = [entry for entry in queue_entries(desk.store, unit.unit_number) if entry.submission_id in tried]
    (last,) = entries(desk.store, limit=1)
    told = {
        "v": 1,
        "kind": KIND,
        "service": unit.service,
        "unit_number": unit.unit_number,
        "uscc": unit.uscc,
        "unit_title": unit.name,
        "practice": unit.practice,
        "period": wanted or "",
        "issued_at": desk.now().isoformat(timespec="seconds"),
        "submissions": [_submission(desk, entry) for entry in queue],
        "attempts": [_attempt(one) for one in found],
        "journal": {"entry": last.seq, "hash": last.hash},
    }
    failed = sum(one.outcome != "delivered" for one in found)
    return AttemptRecord(canonical(told), period, len(found), failed)


def _submission(desk: Desk, entry: QueueEntry) -> dict[str, Any]:
    """One submission: what it is, by when it had to be there, and when the centre had it."""
    form = desk.catalog.forms.get(entry.form)
    receipt = latest_document(desk.store, entry.unit, DocumentKind.RECEIPT, entry.submission_id)
    told = json.loads(receipt.document) if receipt else {}
    return {
        "submission_id": entry.submission_id,
        "form": entry.form,
        "title": str(form.title) if form else entry.form,
        "period": entry.period,
        "kind": entry.kind,
        "sha256": entry.sha256,
        "size": entry.size,
        "deadline": entry.deadline.astimezone(CHINA).isoformat() if entry.deadline else None,
        "state": entry.state.value,
        "received_at": told.get("received_at"),
        "acceptance_number": told.get("acceptance_number"),
    }


def _attempt(one: Try) -> dict[str, Any]:
    """One attempt: its end by the centre's clock where that was known then, else by this computer's."""
    at = one.at + timedelta(seconds=one.ahead_s or 0)
    return {
        "journal_entry": one.seq,
        "submission_id": one.submission_id,
        "at": at.astimezone(CHINA).isoformat(timespec="seconds"),
        "clock": "computer" if one.ahead_s is None else "centre",
        "took_ms": one.took_ms,
        "answer_of": "network" if one.code in NETWORK_CODES else "centre",
        "outcome": one.outcome,
        "code": one.code,
        "said": say("d-note-receipt") if one.code == "receipt" else say_outcome(one.code),
    }


def sign_record(desk: Desk, unit: Unit, record: AttemptRecord, signer: Signer) -> tuple[bytes, bytes]:
    """(file, PDF) with the unit's signature; the PDF carries the file. UserError key-of-another-unit."""
    if unit.certificate_der and signer.certificate_der != unit.certificate_der:
        raise UserError("key-of-another-unit", unit=unit.name, subject="")
    from unitclient.seal.pdfsign import Place, sign_pdf
    from unitclient.workflows.outage_paper import draw

    at = desk.now().replace(microsecond=0)
    signed = SignedDocument(record.document, build_detached(record.document, signer, at))
    envelope = json.dumps(signed.to_wire(), indent=1).encode()
    paper = draw(desk, unit, record, envelope, at)
    place = Place(paper.page, paper.rectangle)
    return envelope, sign_pdf(paper.pdf, signer, at, place, name=unit.name, reason=say("outage-title"))


@needs("sign")
def write_record(desk: Desk, unit: Unit, record: AttemptRecord, signer: Signer, folder: Path) -> dict[str, Path]:
    """Sign the record and write both into a folder; {"record": file, "paper": PDF}. UserError file-unwritable."""
    envelope, pdf = sign_record(desk, unit, record, signer)
    stem = record_name(unit, record, desk.now())
    written = {
        "attempts_record": write_file(folder / f"{stem}.json", envelope),
        "attempts_paper": write_file(folder / f"{stem}.pdf", pdf),
    }
    with desk.store.write("outage.record", subject=unit.unit_number,
                          detail={"sha256": record.sha256, "attempts": record.attempts}):  # fmt: skip
        return written


def record_name(unit: Unit, record: AttemptRecord, at: datetime) -> str:
    """attempts-<unit number>-<month, or "all">-<time>, so that none overwrites another."""
    return f"attempts-{unit.unit_number}-{record.period or 'all'}-{at.astimezone(CHINA):%Y%m%d%H%M%S}"


def counts(attempts: Sequence[dict[str, Any]]) -> dict[str, int]:
    """How many were answered by the centre, how many not answered at all, how many delivered."""
    delivered = sum(one["outcome"] == "delivered" for one in attempts)
    network = sum(one["answer_of"] == "network" for one in attempts)
    return {"delivered": delivered, "network": network, "centre": len(attempts) - delivered - network}
