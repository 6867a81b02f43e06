"""What the notices page does in the lanes: read announcements and other lists, mark what was read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from unitclient.desktop.pages.notices.state import Notice
from unitclient.desktop.pages.queries.model import Query
from unitclient.desktop.pages.queries.sources import SOURCES
from unitclient.desktop.pages.sign.words import moment
from unitclient.desktop.tasks import TaskContext
from unitclient.workflows.announcements import announcements
from unitclient.workflows.announcements import mark_read as announcements_read

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
    return found, rows


def mark_read(context: TaskContext, refs: tuple[str, ...]) -> int:
    """Remember that these were read and stage the receipts for them; how many receipts that were."""
    return announcements_read(context.desk(), context.unit(), refs)
