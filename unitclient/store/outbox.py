"""The outbox (待发队列): signed submissions, kept durably from signing until the centre's receipt.

queued -> sending -> delivered, or unknown (bytes went out, no answer), or parked (a person must look), or withdrawn.
Every change here moves the declaration's transport track in the same transaction, so the two never differ. A retry
sends the same bytes: the container never changes. What is due, and for how long one waits, is decided by `next_at`,
saved together with the outcome.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from unitclient.domain.sending import Queued, sending_order
from unitclient.errors import UserError
from unitclient.store import jsontext
from unitclient.store.attempts import add_attempt
from unitclient.store.declarations import set_transport
from unitclient.store.models import OutboxRow
from unitclient.store.store import Store
from unitclient.store.times import from_text, optional_text, optional_time, to_text
from unitclient.store.transport import Transport


class OutboxState(StrEnum):
    """Where a submission stands in the queue; the words of the transport track."""

    QUEUED = "queued"
    SENDING = "sending"
    DELIVERED = "delivered"
    UNKNOWN = "unknown"
    PARKED = "parked"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Submission:
    """One row of the outbox. `deadline` orders the sending, `total_fen` breaks ties (the larger sum first)."""

    submission_id: str
    unit: str
    container: bytes = field(repr=False)
    sha256: str
    deadline: datetime | None
    total_fen: int
    state: OutboxState
    attempts: int
    next_at: datetime | None
    last_code: str
    last_at: datetime | None
    receipt: bytes | None = field(repr=False)
    receipt_cms: bytes | None = field(repr=False)
    queued_at: datetime


def queue(
    store: Store, submission_id: str, unit: str, container: bytes, *, deadline: datetime | None, total_fen: int
) -> None:
    """Put a signed declaration into the queue, due at once; its declaration becomes queued."""
    now = to_text(store.now())
    store.change(
        OutboxRow.insert(
            submission_id=submission_id,
            unit=unit,
            container=container,
            sha256=hashlib.sha256(container).hexdigest(),
            deadline=optional_text(deadline),
            total_fen=total_fen,
            state=OutboxState.QUEUED.value,
            attempts=0,
            next_at=now,
            last_code="",
            claimed_by="",
            queued_at=now,
        )
    )
    set_transport(store, submission_id, Transport.QUEUED)


def get_submission(store: Store, submission_id: str) -> Submission | None:
    """One row of the outbox, or None."""
    row = store.row(OutboxRow.select().where(OutboxRow.submission_id == submission_id))
    return None if row is None else _submission(row)


def list_submissions(store: Store, unit: str | None = None, state: OutboxState | None = None) -> list[Submission]:
    """Rows of the outbox in the order they were queued, of one unit and state or of all."""
    query = OutboxRow.select().order_by(OutboxRow.queued_at, OutboxRow.submission_id)
    if unit is not None:
        query = query.where(OutboxRow.unit == unit)
    if state is not None:
        query = query.where(OutboxRow.state == state)
    return [_submission(row) for row in store.rows(query)]


_WAITING = """
SELECT outbox.submission_id, outbox.deadline, outbox.total_fen, outbox.queued_at, outbox.next_at,
  (SELECT json_group_array(other.id) FROM json_each(declaration.requires) AS needed
   JOIN declaration AS other ON other.id = needed.value WHERE other.transport NOT IN ('delivered', 'withdrawn'))
FROM outbox JOIN declaration ON declaration.id = outbox.submission_id
WHERE outbox.state IN ('queued', 'unknown') AND (? IS NULL OR outbox.unit = ?)
"""


def waiting_count(store: Store, unit: str) -> int:
    """How many submissions of a unit are still to be sent or have no certain outcome."""
    open_states = (OutboxState.QUEUED, OutboxState.SENDING, OutboxState.UNKNOWN, OutboxState.PARKED)
    query = OutboxRow.select(OutboxRow.submission_id).where(OutboxRow.unit == unit, OutboxRow.state.in_(open_states))
    return len(store.rows(query))


def due(
    store: Store, now: datetime, limit: int = 20, unit: str | None = None, *, but: Collection[str] = ()
) -> list[Submission]:
    """What is to be sent (queued) or asked about (unknown) now, in the order of `domain.sending.sending_order`.

    A submission waits for those its declaration `requires`, until they are delivered or withdrawn: a month's
    enrolments go before its monthly declaration. `but` names those to be left out.
    """
    rows = store.connection.execute(_WAITING, (unit, unit)).fetchall()
    waiting = {name: Queued(name, optional_time(until), total, from_text(since), tuple(jsontext.load(needed)))
               for name, until, total, since, _, needed in rows}  # fmt: skip
    ready = {name for name, _, _, _, at, _ in rows if at <= to_text(now) and not waiting[name].requires} - set(but)
    chosen = [name for name in sending_order(waiting.values()) if name in ready][:limit]
    submissions = (get_submission(store, name) for name in chosen)
    return [submission for submission in submissions if submission is not None]


def move_deadlines(store: Store, unit: str, deadlines: Mapping[str, datetime]) -> int:
    """Give what waits the deadlines {period: last instant} that count now, inside a write; how many moved."""
    moved = 0
    for entry in store.connection.execute(
        "SELECT outbox.submission_id, declaration.period, outbox.deadline FROM outbox"
        " JOIN declaration ON declaration.id = outbox.submission_id"
        " WHERE outbox.unit = ? AND outbox.state IN ('queued', 'sending', 'unknown', 'parked')",
        (unit,),
    ).fetchall():
        until = deadlines.get(entry[1])
        if until is not None and to_text(until) != entry[2]:
            _set(store, entry[0], deadline=to_text(until))
            moved += 1
    return moved


def claim(store: Store, submission_id: str, now: datetime) -> bool:
    """Take a due submission for sending, in a write of its own or the caller's; False when another was quicker."""
    with store.write("outbox.claim", subject=submission_id) as act:
        changed = store.change(
            OutboxRow.update(
                state=OutboxState.SENDING.value,
                attempts=OutboxRow.attempts + 1,
                claimed_by=store.token,
                last_at=to_text(now),
            ).where(
                (OutboxRow.submission_id == submission_id)
                & OutboxRow.state.in_([OutboxState.QUEUED.value, OutboxState.UNKNOWN.value])
                & (OutboxRow.next_at <= to_text(now))
            )
        )
        if not changed:
            act.unchanged()
            return False
        set_transport(store, submission_id, Transport.SENDING)
        return True


_OUTCOMES = frozenset({OutboxState.QUEUED, OutboxState.DELIVERED, OutboxState.UNKNOWN, OutboxState.PARKED})


def outcome(
    store: Store,
    submission_id: str,
    state: OutboxState,
    *,
    next_at: datetime | None,
    code: str,
    now: datetime | None = None,
) -> None:
    """What became of an attempt: the new state, when to go on (queued and unknown need it), and the outcome's code.

    ValueError when that may not follow. A late answer to an attempt that was given up as unknown is welcome.
    """
    if state not in _OUTCOMES or (state in (OutboxState.QUEUED, OutboxState.UNKNOWN)) != (next_at is not None):
        raise ValueError(f"{state} with next_at {next_at}")
    at = now or store.now()
    set_transport(store, submission_id, Transport(state), note=code)
    _set(store, submission_id, state=state.value, next_at=optional_text(next_at), last_code=code, last_at=to_text(at),
         claimed_by="")  # fmt: skip
    add_attempt(store, submission_id, at, code)


def store_receipt(
    store: Store, submission_id: str, receipt: bytes, cms: bytes, *, document_ref: str | None = None
) -> bool:
    """Keep the verified receipt: the submission is delivered, whatever was thought of it before.

    False when a receipt is there already; ValueError when that one has other bytes (the centre promised it never has).
    """
    known = _must_get(store, submission_id)
    if known.receipt is not None:
        if known.receipt != receipt:
            raise ValueError(f"{submission_id}: another receipt is stored")
        return False
    set_transport(store, submission_id, Transport.DELIVERED, note="receipt", document_ref=document_ref)
    _set(store, submission_id, state=OutboxState.DELIVERED.value, next_at=None, claimed_by="", receipt=receipt,
         receipt_cms=cms)  # fmt: skip
    return True


def retry(store: Store, submission_id: str, now: datetime) -> None:
    """Make a waiting or parked submission due at once. UserError outbox-unknown-id, outbox-not-retryable."""
    known = _for_user(
        store, submission_id, "outbox-not-retryable", OutboxState.QUEUED, OutboxState.UNKNOWN, OutboxState.PARKED
    )
    state = OutboxState.QUEUED if known.state is OutboxState.PARKED else known.state
    set_transport(store, submission_id, Transport(state), note="retry")
    _set(store, submission_id, state=state.value, next_at=to_text(now))


def withdraw(store: Store, submission_id: str) -> None:
    """Take a submission out of the queue. UserError outbox-unknown-id, outbox-not-withdrawable.

    Only queued and parked ones: of the others the centre may hold the bytes already.
    """
    _for_user(store, submission_id, "outbox-not-withdrawable", OutboxState.QUEUED, OutboxState.PARKED)
    set_transport(store, submission_id, Transport.WITHDRAWN)
    _set(store, submission_id, state=OutboxState.WITHDRAWN.value, next_at=None)


def _set(store: Store, submission_id: str, **columns: Any) -> None:
    store.change(OutboxRow.update(columns).where(OutboxRow.submission_id == submission_id))


def _must_get(store: Store, submission_id: str) -> Submission:
    submission = get_submission(store, submission_id)
    if submission is None:
        raise ValueError(f"not in the outbox: {submission_id}")
    return submission


def _for_user(store: Store, submission_id: str, refusal: str, *states: OutboxState) -> Submission:
    submission = get_submission(store, submission_id)
    if submission is None:
        raise UserError("outbox-unknown-id", id=submission_id)
    if submission.state not in states:
        raise UserError(refusal, id=submission_id, state=submission.state)
    return submission


def _submission(row: dict[str, Any]) -> Submission:
    row = {**row, "state": OutboxState(row["state"]), "container": bytes(row["container"])}
    del row["claimed_by"]
    for name in ("deadline", "next_at", "last_at"):
        row[name] = optional_time(row[name])
    row["queued_at"] = from_text(row["queued_at"])
    for name in ("receipt", "receipt_cms"):
        row[name] = None if row[name] is None else bytes(row[name])
    return Submission(**row)
