"""What the queue page shows, as plain values."""

from __future__ import annotations

from dataclasses import dataclass

from unitclient.store.attempts import Attempt
from unitclient.store.outbox import OutboxState
from unitclient.store.queue_view import QueueEntry
from unitclient.workflows.queue_state import OPEN, QueueNeed

WITHDRAWABLE = (OutboxState.QUEUED, OutboxState.PARKED)
RETRYABLE = (OutboxState.QUEUED, OutboxState.UNKNOWN, OutboxState.PARKED)


@dataclass(frozen=True)
class QueueState:
    """Everything the view needs."""

    reading: bool = True
    entries: tuple[QueueEntry, ...] = ()
    titles: tuple[tuple[str, str], ...] = ()
    need: QueueNeed | None = None
    with_ended: bool = False
    current: str = ""
    tries: tuple[Attempt, ...] = ()
    sending: bool = False

    def shown(self) -> tuple[QueueEntry, ...]:
        """The entries listed."""
        return tuple(entry for entry in self.entries if self.with_ended or entry.state in OPEN)

    def entry(self) -> QueueEntry | None:
        """The one in front."""
        return next((entry for entry in self.entries if entry.submission_id == self.current), None)

    def title(self, form: str) -> str:
        """What a form is called."""
        return dict(self.titles).get(form, form)

    def name_of(self, submission_id: str) -> QueueEntry | None:
        """Another entry by its id."""
        return next((entry for entry in self.entries if entry.submission_id == submission_id), None)
