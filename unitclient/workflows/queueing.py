"""The outbox from the clerk's side: look, try again, withdraw, carry out as a file and bring the reply in."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from unitclient.drafts import write_whole
from unitclient.errors import UserError
from unitclient.seal.revocation import CrlPolicy
from unitclient.store import outbox
from unitclient.store.declarations import find_declarations
from unitclient.store.items import reopen
from unitclient.store.outbox import Submission, get_submission, list_submissions
from unitclient.store.units import Unit
from unitclient.sync.apply import apply_document
from unitclient.sync.protocol import DocumentKind, SignedDocument, parsed
from unitclient.sync.reading import NotBelieved
from unitclient.texts import say_outcome
from unitclient.workflows.centre import reader_of, with_centre_clock
from unitclient.workflows.desk import Desk
from unitclient.workflows.revocation import with_lists
from unitclient.workflows.rights import needs

UNREACHED = frozenset({"no-connection", "no-route", "proxy-failed", "tls-failed"})
"""Last answers that are nobody's answer: nothing of the submission went out."""


def submission_json(row: Submission) -> dict[str, Any]:
    """For machines; total in fen."""
    return {
        "id": row.submission_id,
        "state": row.state.value,
        "sha256": row.sha256,
        "size": len(row.container),
        "attempts": row.attempts,
        "next_at": row.next_at.isoformat() if row.next_at else None,
        "last_code": row.last_code,
        "deadline": row.deadline.isoformat() if row.deadline else None,
        "total": row.total_fen,
        "queued_at": row.queued_at.isoformat(),
    }


def list_outbox(desk: Desk, unit: Unit) -> list[Submission]:
    """Everything that was queued, oldest first."""
    return list_submissions(desk.store, unit.unit_number)


@needs("send")
def retry_now(desk: Desk, submission_id: str) -> Submission:
    """Make it due at once; the next sync sends it."""
    with desk.store.write("outbox.retry", subject=submission_id):
        outbox.retry(desk.store, submission_id, desk.store.now())
    return _get(desk, submission_id)


@needs("send")
def retry_unreached(desk: Desk, unit: Unit) -> int:
    """Make due at once what waits because nobody was reached; how many.

    A clerk who has the line back need not wait for the next try. What the centre itself put off stays put off.
    """
    waiting = [row.submission_id for row in list_outbox(desk, unit)
               if row.state is outbox.OutboxState.QUEUED and row.last_code in UNREACHED]  # fmt: skip
    for submission_id in waiting:
        retry_now(desk, submission_id)
    return len(waiting)


@needs("send")
def withdraw(desk: Desk, unit: Unit, submission_id: str) -> Submission:
    """Take it out of the queue; its rows wait for the next preparation again. Those that count on it go with it."""
    with desk.store.write("outbox.withdraw", subject=submission_id):
        for counting in _counting_on(desk, unit, submission_id):
            row = get_submission(desk.store, counting)
            if row is not None and row.state in (outbox.OutboxState.QUEUED, outbox.OutboxState.PARKED):
                outbox.withdraw(desk.store, counting)
                reopen(desk.store, counting)
        outbox.withdraw(desk.store, submission_id)
        reopen(desk.store, submission_id)
    return _get(desk, submission_id)


def _counting_on(desk: Desk, unit: Unit, submission_id: str) -> list[str]:
    found = find_declarations(desk.store, unit.unit_number)
    return [known.id for known in reversed(found) if submission_id in known.requires]


@needs("send")
def export(desk: Desk, submission_id: str, folder: Path) -> Path:
    """Write the signed container into a folder (报盘); the same bytes that are sent."""
    row = _get(desk, submission_id)
    out = folder / f"{submission_id}.asice"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(out, row.container)
    except OSError as failure:
        raise UserError("file-unwritable", path=out) from failure
    return out


@needs("send")
def import_reply(desk: Desk, unit: Unit, path: Path) -> dict[str, Any]:
    """Take the centre's receipt from a file (回盘): {"document", "cms"} as JSON, or {"receipt": that}.

    The receipt counts exactly as if it had come over the network; only the revocation lists may be old, since there
    may be no network. UserError reply-unreadable, reply-not-believed, reply-for-another.
    """
    signed = read_reply(path)
    reader = reader_of(desk, unit, CrlPolicy.WARN)
    reader = replace(reader, trust=with_lists(desk, reader.trust))
    try:
        content = reader.read(signed, DocumentKind.RECEIPT, with_centre_clock(desk, unit).now())
        row = get_submission(desk.store, content["submission_id"])
        if row is None or row.sha256 != content["sha256"]:
            raise UserError("reply-for-another", path=path, id=content["submission_id"])
        with desk.store.write("outbox.reply", subject=row.submission_id):
            apply_document(desk.store, unit.unit_number, DocumentKind.RECEIPT, signed, content)
    except NotBelieved as failure:
        raise UserError("reply-not-believed", path=path, code=say_outcome(failure.code)) from failure
    return {"id": row.submission_id, "acceptance_number": content["acceptance_number"], "timely": content["timely"]}


def read_reply(path: Path) -> SignedDocument:
    """A receipt as it was carried here; UserError file-missing, reply-unreadable. It is not believed yet."""
    try:
        told = parsed(path.read_bytes())
        return SignedDocument.from_wire(told.get("receipt", told))
    except FileNotFoundError as failure:
        raise UserError("file-missing", path=path) from failure
    except (OSError, ValueError, KeyError, AttributeError, TypeError) as failure:
        raise UserError("reply-unreadable", path=path) from failure


def _get(desk: Desk, submission_id: str) -> Submission:
    row = get_submission(desk.store, submission_id)
    if row is None:
        raise UserError("outbox-unknown-id", id=submission_id)
    return row
