"""The outbox without its containers, for what people look at: a queue of large submissions is many megabytes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from unitclient.store import jsontext
from unitclient.store.outbox import OutboxState
from unitclient.store.store import Store
from unitclient.store.times import from_text, optional_time

_QUEUE = """
SELECT outbox.submission_id, outbox.unit, declaration.form, declaration.period, declaration.kind, declaration.row_count,
  length(outbox.container), outbox.sha256, outbox.state, outbox.attempts, outbox.next_at, outbox.last_code,
  outbox.last_at, outbox.deadline, outbox.total_fen, outbox.queued_at,
  (SELECT json_group_array(other.id) FROM json_each(declaration.requires) AS needed
   JOIN declaration AS other ON other.id = needed.value WHERE other.transport NOT IN ('delivered', 'withdrawn'))
FROM outbox JOIN declaration ON declaration.id = outbox.submission_id
WHERE (? IS NULL OR outbox.unit = ?){open} ORDER BY outbox.queued_at, outbox.submission_id
"""
_OPEN = " AND outbox.state IN ('queued', 'sending', 'unknown', 'parked')"


@dataclass(frozen=True, slots=True)
class QueueEntry:
    """One row of the outbox without its bytes; `size` is the container's in bytes, money is in fen.

    `waits_for` names the submissions that must be delivered before this one is sent.
    """

    submission_id: str
    unit: str
    form: str
    period: str
    kind: str
    row_count: int
    size: int
    sha256: str
    state: OutboxState
    attempts: int
    next_at: datetime | None
    last_code: str
    last_at: datetime | None
    deadline: datetime | None
    total_fen: int
    queued_at: datetime
    waits_for: tuple[str, ...]


def queue_entries(store: Store, unit: str | None = None, *, ended: bool = True) -> list[QueueEntry]:
    """The outbox in the order it was filled, of one unit or of all; without `ended` what has no receipt yet."""
    query = _QUEUE.format(open="" if ended else _OPEN)
    return [_entry(row) for row in store.connection.execute(query, (unit, unit))]


def _entry(row: tuple[Any, ...]) -> QueueEntry:
    known = dict(zip(QueueEntry.__dataclass_fields__, row, strict=True))
    for name in ("next_at", "last_at", "deadline"):
        known[name] = optional_time(known[name])
    known["queued_at"] = from_text(known["queued_at"])
    known["state"] = OutboxState(known["state"])
    known["waits_for"] = tuple(jsontext.load(known["waits_for"]))
    return QueueEntry(**known)
