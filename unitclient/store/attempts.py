"""Every attempt to send and its outcome: what a unit shows when the centre was out before a deadline."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from unitclient.store.models import AttemptRow
from unitclient.store.store import Store
from unitclient.store.times import from_text, to_text


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt: when it ended, and the outcome's code (delivered, no-connection, intake-full ...)."""

    submission_id: str
    at: datetime
    code: str


def add_attempt(store: Store, submission_id: str, at: datetime, code: str) -> None:
    """Record an attempt, inside a write. `outbox.outcome` does it for a send."""
    store.change(AttemptRow.insert(submission_id=submission_id, at=to_text(at), code=code))


def attempts(store: Store, submission_id: str | None = None, since: datetime | None = None) -> list[Attempt]:
    """Attempts, oldest first; of one submission, or since a time, or all."""
    query = AttemptRow.select().order_by(AttemptRow.id)
    if submission_id is not None:
        query = query.where(AttemptRow.submission_id == submission_id)
    if since is not None:
        query = query.where(AttemptRow.at >= to_text(since))
    return [Attempt(row["submission_id"], from_text(row["at"]), row["code"]) for row in store.rows(query)]
