"""Deadlines as the unit sees them: the published calendar first, our own computation only as a labelled fallback."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from unitclient.domain.deadlines import CalendarEntry, UnknownYear, deadline_for, end_of, last_instant
from unitclient.domain.period import Period
from unitclient.store.documents import newest_document
from unitclient.store.units import Unit
from unitclient.sync.protocol import DocumentKind
from unitclient.workflows.desk import Desk


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last instant of a period's window. `computed` marks 推算: no published entry says so."""

    period: Period
    until: datetime
    notice: str
    computed: bool


def deadline_of(desk: Desk, unit: Unit, period: Period) -> Deadline | None:
    """The deadline of a period, or None where neither calendar nor holiday table knows the year."""
    told = _published(desk, unit, period)
    if told is not None:
        return told
    package = desk.policies_of(unit).package(unit.region)
    if package is None:
        return None
    try:
        entry = deadline_for(period, package.extensions, package.deadline, desk.holidays)
    except UnknownYear:
        return None
    return _of_entry(entry)


def _published(desk: Desk, unit: Unit, period: Period) -> Deadline | None:
    document = newest_document(desk.store, unit.unit_number, DocumentKind.CALENDAR)
    if document is None:
        return None
    for told in json.loads(document.document)["entries"]:
        if told["period"] == str(period):
            until = last_instant(str(told["deadline"]))
            return Deadline(period, until, str(told.get("notice") or ""), bool(told.get("computed")))
    return None


def _of_entry(entry: CalendarEntry) -> Deadline:
    return Deadline(entry.period, end_of(entry.deadline), entry.notice, entry.computed)


def next_period(desk: Desk, unit: Unit) -> Period:
    """The first period whose deadline is still ahead: the month a clerk works on now."""
    period = Period.of(desk.today())
    told = deadline_of(desk, unit, period)
    return period + 1 if told is not None and told.until < desk.now() else period
