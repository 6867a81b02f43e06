"""What the notices page does in the lanes: read announcements and other lists, mark what was read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from unitclient.desktop.pages.notices.state import Notice
from unitclient.desktop.pages.queries.model import Query
from unitclient.desktop.pages.queries.sources import SOURCES
from unitclient.desktop.pages.sign.words import moment
from unitclient.desktop.tasks import TaskContext
from unitclient.store.registers import get_entry
from unitclient.store.units import Unit
from unitclient.workflows.announcements import announcements
from unitclient.workflows.announcements import mark_read as announcements_read
from unitclient.workflows.desk import Desk
from unitclient.workflows.knowledge import Article, search
from unitclient.workflows.tickets import TICKET, suggested

Rows = dict[str, tuple[Mapping[str, Any], ...]]


def read_notices(context: TaskContext, services: tuple[Query, ...]) -> tuple[tuple[Notice, ...], Rows]:
    """Announcements, the newest first, and the rows of every other list."""
    desk, unit = context.desk(), context.unit()
    found = tuple(
        Notice(one.ref, one.title, one.body, one.published, moment(one.received) if one.received else "", one.read)
        for one in announcements(desk, unit)
    )
    rows: Rows = {}
    for service in services:
        inputs = {one.name: one.default for one in service.inputs}
        rows[service.id] = tuple(SOURCES[service.source].rows(desk, unit, inputs))
        if inputs.get("register") == TICKET:
            rows[service.id] = tuple(_with_articles(desk, unit, row) for row in rows[service.id])
    return found, rows


def _with_articles(desk: Desk, unit: Unit, row: Mapping[str, Any]) -> Mapping[str, Any]:
    """A ticket with the titles of articles that may answer it."""
    entry = get_entry(desk.store, unit.unit_number, TICKET, str(row["key"]))
    found = suggested(desk, unit, entry.values) if entry else []
    return {**row, "suggested": "、".join(one.title for one in found)}


def find_articles(context: TaskContext, typed: str) -> tuple[Article, ...]:
    """Knowledge articles that what was typed finds, the best first."""
    return tuple(search(context.desk(), context.unit(), typed))


def mark_read(context: TaskContext, refs: tuple[str, ...]) -> int:
    """Remember that these were read and stage the receipts for them; how many receipts that were."""
    return announcements_read(context.desk(), context.unit(), refs)
