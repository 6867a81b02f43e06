"""Every attempt to send and its outcome: what a unit shows when the centre was out before a deadline."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from unitclient.store import jsontext
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


_SENT = """
SELECT json_extract(detail, '$.bytes'), json_extract(detail, '$.took_ms') FROM journal
WHERE seq > (SELECT max(seq) FROM journal) - ? AND act = 'outbox.outcome'
  AND json_extract(detail, '$.outcome') = 'delivered' AND json_extract(detail, '$.took_ms') IS NOT NULL
ORDER BY seq DESC LIMIT ?
"""
_LOOKED_AT = 5000
"""How many of the journal's last entries are looked through: a long journal must not make a page slow."""


def measured(store: Store, most: int = 30) -> list[tuple[int, float]]:
    """(bytes, seconds) of the last submissions that were sent and receipted here, the newest first."""
    return [(size, took / 1000) for size, took in store.connection.execute(_SENT, (_LOOKED_AT, most))]


@dataclass(frozen=True, slots=True)
class Try:
    """One attempt as the journal has it: entry `seq`, ended at `at` by this computer's clock.

    `ahead_s` is what the centre's clock was ahead, None where it was not known; `took_ms` None in old entries.
    """

    seq: int
    at: datetime
    submission_id: str
    outcome: str
    code: str
    took_ms: int | None
    ahead_s: int | None


_TRIES = """
SELECT journal.seq, journal.at, journal.subject, journal.detail FROM journal
JOIN outbox ON outbox.submission_id = journal.subject JOIN declaration ON declaration.id = outbox.submission_id
WHERE journal.act = 'outbox.outcome' AND outbox.unit = ? AND (? IS NULL OR declaration.period = ?) ORDER BY journal.seq
"""


def tries(store: Store, unit: str, period: str | None = None) -> list[Try]:
    """Every attempt of a unit's submissions (of one period, or all), from the journal, whose entries are chained."""
    found = []
    for seq, at, subject, text in store.connection.execute(_TRIES, (unit, period, period)):
        told = jsontext.load(text)
        outcome = str(told.get("outcome", ""))
        code = str(told.get("code") or outcome)
        found.append(Try(seq, from_text(at), subject, outcome, code, told.get("took_ms"), told.get("ahead_s")))
    return found
