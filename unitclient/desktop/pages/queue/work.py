"""What the queue does in the lanes: read it, send one round, send one at once, carry out and bring in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from unitclient.app import unit_desk
from unitclient.desktop.tasks import TaskContext
from unitclient.errors import UserError
from unitclient.store.attempts import Attempt
from unitclient.store.queue_view import QueueEntry
from unitclient.store.units import list_units
from unitclient.workflows import queueing
from unitclient.workflows.centre import centre_offset
from unitclient.workflows.queue_state import QueueNeed, next_due, queue_need, queue_pace, queue_state, tries_of
from unitclient.workflows.syncing import SyncResult, sync_once


@dataclass(frozen=True, slots=True)
class QueueRead:
    """The queue of the unit in front, what it needs, and the names of its forms."""

    entries: tuple[QueueEntry, ...]
    need: QueueNeed
    titles: dict[str, str]


@dataclass(frozen=True, slots=True)
class Round:
    """One automatic round over all units: results and troubles by unit number, and when the next try is due."""

    results: dict[str, SyncResult]
    troubles: dict[str, str]
    next_at: datetime | None
    clock_moved: bool

    @property
    def moved(self) -> bool:
        """Whether anything changed here."""
        return any(result.tried or result.changes for result in self.results.values())


def read_queue(context: TaskContext) -> QueueRead:
    """What is not at its end, most urgent first."""
    desk, unit = context.desk(), context.unit()
    entries = tuple(queue_state(desk, unit, ended=True))
    titles = {form.id: str(form.title) for form in desk.catalog.forms.values()}
    need = queue_need(entries, desk.store.now(), desk.now(), queue_pace(desk))
    ahead = desk.now() - desk.store.now()
    return QueueRead(tuple(_by_centre(entry, ahead) for entry in entries), need, titles)


def read_tries(context: TaskContext, submission_id: str) -> list[Attempt]:
    """Every attempt of one submission, by the centre's clock."""
    desk = context.desk()
    ahead = desk.now() - desk.store.now()
    return [replace(one, at=one.at + ahead) for one in tries_of(desk, submission_id)]


def _by_centre(entry: QueueEntry, ahead: timedelta) -> QueueEntry:
    """Times as the centre's clock shows them: they stand beside the deadline, which is counted by it."""
    return replace(
        entry,
        queued_at=entry.queued_at + ahead,
        next_at=entry.next_at + ahead if entry.next_at else None,
        last_at=entry.last_at + ahead if entry.last_at else None,
    )


def send_round(context: TaskContext) -> SyncResult:
    """Send what is due or was not sent for want of a line, and fetch feedback, once."""
    queueing.retry_unreached(context.desk(), context.unit())
    return sync_once(context.desk(), context.unit())


def send_now(context: TaskContext, ids: tuple[str, ...]) -> SyncResult:
    """Make these due at once and send."""
    desk = context.desk()
    for submission_id in ids:
        queueing.retry_now(desk, submission_id)
    return sync_once(desk, context.unit())


def withdraw(context: TaskContext, submission_id: str) -> None:
    """Take it out of the queue, with those that count on it."""
    queueing.withdraw(context.desk(), context.unit(), submission_id)


def export(context: TaskContext, ids: tuple[str, ...], folder: Path) -> list[Path]:
    """Write the signed containers into a folder."""
    return [queueing.export(context.desk(), submission_id, folder) for submission_id in ids]


def import_reply(context: TaskContext, path: Path) -> dict[str, Any]:
    """Take the centre's receipt from a file."""
    return queueing.import_reply(context.desk(), context.unit(), path)


def sync_all(context: TaskContext) -> Round:
    """One round for every unit on this computer; a unit whose centre is away does not hold up the others."""
    desk = context.desk()
    before = {unit.unit_number: centre_offset(desk.store, unit.unit_number) for unit in list_units(desk.store)}
    results: dict[str, SyncResult] = {}
    troubles: dict[str, str] = {}
    for number in before:
        if context.cancelled():
            break
        own, unit = unit_desk(desk, number)
        if not unit.device_id:
            continue
        try:
            results[number] = sync_once(own, unit)
            if results[number].trouble:
                troubles[number] = results[number].trouble
        except UserError as refusal:
            troubles[number] = refusal.code
    moved = any(centre_offset(desk.store, number) != offset for number, offset in before.items())
    return Round(results, troubles, next_due(desk, desk.store.now()), moved)
