"""What the unit subscribed to be told in the program (消息订阅), by category."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from unitclient.store.documents import find_documents
from unitclient.store.units import Unit
from unitclient.sync.protocol import DocumentKind
from unitclient.texts import language
from unitclient.workflows.desk import Desk

TOPICS = "message_topic"
"""The code table of categories."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message: its topic by code and as people read it, what it says, and when it came."""

    ref: str
    topic: str
    topic_title: str
    title: str
    body: str
    received: datetime | None

    def to_json(self) -> dict[str, Any]:
        """For machines."""
        received = self.received.isoformat() if self.received else None
        return {"ref": self.ref, "topic": self.topic, "topic_title": self.topic_title, "title": self.title,
                "body": self.body, "received": received}  # fmt: skip


def messages(desk: Desk, unit: Unit, topic: str = "") -> list[Message]:
    """The newest first; of one topic (a code of message_topic) or all."""
    table = desk.catalog.table(TOPICS)
    found = []
    for document in find_documents(desk.store, unit.unit_number, kind=DocumentKind.MESSAGE):
        told = json.loads(document.document)
        code = str(told["topic"])
        if topic in ("", code):
            title, body = str(told["title"]), str(told["body"])
            found.append(Message(document.ref, code, table.label(code, language()), title, body, document.received_at))
    return found[::-1]
