"""What the notices page does in the lanes: read announcements and other lists, remember what was read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from unitclient.desktop.pages.notices.state import Notice
from unitclient.desktop.pages.queries.model import Query
from unitclient.desktop.pages.queries.sources import SOURCES
from unitclient.desktop.pages.sign.words import moment
from unitclient.desktop.tasks import TaskContext
from unitclient.store.documents import find_documents
from unitclient.store.settings import get_setting, put_setting
from unitclient.sync.protocol import DocumentKind

Rows = dict[str, tuple[Mapping[str, Any], ...]]


def read_notices(context: TaskContext, services: tuple[Query, ...]) -> tuple[tuple[Notice, ...], Rows]:
    """Announcements, the newest first, and the rows of every other list."""
    desk, unit = context.desk(), context.unit()
    seen = set(get_setting(desk.store, _key(unit.unit_number), []))
    found = []
    for document in find_documents(desk.store, unit.unit_number, kind=DocumentKind.ANNOUNCEMENT):
        told = json.loads(document.document)
        received = moment(document.received_at) if document.received_at else ""
        found.append(Notice(document.ref, str(told.get("title", "")), str(told.get("body", "")),
                            str(told.get("published_on", "")), received, document.ref in seen))  # fmt: skip
    found.sort(key=lambda one: (one.published, one.received), reverse=True)
    rows: Rows = {}
    for service in services:
        inputs = {one.name: one.default for one in service.inputs}
        rows[service.id] = tuple(SOURCES[service.source].rows(desk, unit, inputs))
    return tuple(found), rows


def mark_read(context: TaskContext, refs: tuple[str, ...]) -> None:
    """Remember that these were read; the journal says by whom and when."""
    desk, unit = context.desk(), context.unit()
    with desk.store.write("notice.read", subject=unit.unit_number, detail={"refs": list(refs)}):
        seen = list(get_setting(desk.store, _key(unit.unit_number), []))
        put_setting(desk.store, _key(unit.unit_number), seen + [ref for ref in refs if ref not in seen])


def _key(unit_number: str) -> str:
    return f"notices.read:{unit_number}"
