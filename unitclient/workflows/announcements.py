"""Announcements (公告) of the centre: the list, and reading one, which also stages the unit's receipt for it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from unitclient.domain.period import Period
from unitclient.errors import UserError
from unitclient.store.documents import find_documents
from unitclient.store.settings import get_setting, put_setting
from unitclient.store.units import Unit
from unitclient.sync.protocol import DocumentKind
from unitclient.texts import say
from unitclient.workflows.certificate_notices import StepNotice, certificate_notices, day_of
from unitclient.workflows.desk import Desk
from unitclient.workflows.entering import Outcome, stage_one
from unitclient.workflows.month_steps import READ_RECEIPT
from unitclient.workflows.rights import needs, operator_name

_LONGEST_TITLE = 120
"""Of a title in a receipt, in characters, as the form takes it."""


@dataclass(frozen=True, slots=True)
class Announcement:
    """One announcement. `ref` is the centre's name for the document, `published` its day, "YYYY-MM-DD".

    `own`: this computer's own notice, of which the centre knows nothing and wants no receipt.
    """

    ref: str
    id: str
    title: str
    body: str
    published: str
    received: datetime | None
    read: bool
    own: bool = False

    def to_json(self) -> dict[str, Any]:
        """For machines."""
        received = self.received.isoformat() if self.received else None
        return {"ref": self.ref, "id": self.id, "title": self.title, "body": self.body, "published": self.published,
                "received": received, "read": self.read}  # fmt: skip


def announcements(desk: Desk, unit: Unit) -> list[Announcement]:
    """All of them and this computer's own, the newest first."""
    seen = set(_seen(desk, unit))
    found = [_own(one, one.ref in seen) for one in certificate_notices(unit, desk.now())]
    for document in find_documents(desk.store, unit.unit_number, kind=DocumentKind.ANNOUNCEMENT):
        told = json.loads(document.document)
        found.append(
            Announcement(
                ref=document.ref,
                id=str(told.get("announcement_id", "")),
                title=str(told.get("title", "")),
                body=str(told.get("body", "")),
                published=str(told.get("published_on", "")),
                received=document.received_at,
                read=document.ref in seen,
            )
        )
    # Stable, then turned round: of one day the one that came last is first.
    return sorted(found, key=lambda one: one.published)[::-1]


def _own(step: StepNotice, read: bool) -> Announcement:
    told = {"days": step.days, "until": day_of(step.until)}
    title, body = say(f"certificate-notice-{step.days}", **told), say("certificate-notice-body", **told)
    return Announcement(step.ref, step.ref, title, body, day_of(step.since), step.since, read, own=True)


@needs("notices")
def read_announcement(desk: Desk, unit: Unit, ref: str) -> tuple[Announcement, bool]:
    """One announcement by its ref or id, read from now on; whether its receipt was staged just now.

    UserError notice-unknown.
    """
    known = announcements(desk, unit)
    found = next((one for one in known if ref and ref in (one.ref, one.id)), None)
    if found is None:
        raise UserError("notice-unknown", ref=ref)
    return found, bool(mark_read(desk, unit, [found.ref]))


@needs("notices")
def mark_read(desk: Desk, unit: Unit, refs: Sequence[str]) -> int:
    """Remember that these were read, and stage a receipt for each that had not been; how many receipts that were.

    The journal says by whom and when. A receipt that was taken back is not staged again: it is one an announcement.
    """
    with desk.store.write("notice.read", subject=unit.unit_number) as act:
        fresh = [one for one in announcements(desk, unit) if one.ref in set(refs) and not one.read]
        staged = _stage_receipts(desk, unit, (one for one in fresh if not one.own))
        put_setting(desk.store, _key(unit), [*_seen(desk, unit), *(one.ref for one in fresh)])
        act.detail.update(refs=[one.ref for one in fresh], receipts=staged)
        if not fresh:
            act.unchanged()
    return staged


def _stage_receipts(desk: Desk, unit: Unit, fresh: Iterable[Announcement]) -> int:
    """One row of the business for each; one that the centre has a receipt for already is refused by its own checks."""
    form, today, staged = desk.catalog.form(READ_RECEIPT), desk.today(), 0
    for one in fresh:
        row = {
            "announcement_id": one.id,
            "title": one.title[:_LONGEST_TITLE],
            "read_on": today.isoformat(),
            "reader": operator_name(desk.store, unit) or unit.name,
        }
        staged += stage_one(desk, unit, form, row, Period.of(today)).outcome is Outcome.NEW
    return staged


def _seen(desk: Desk, unit: Unit) -> list[str]:
    return list(get_setting(desk.store, _key(unit), []))


def _key(unit: Unit) -> str:
    return f"notices.read:{unit.unit_number}"
