"""Messages for subscribers (消息订阅): what happens is told by topic, in the program, by SMS, by e-mail.

SMS and e-mail go into the outbox of a simulated gateway (`message_out`) and no further; they only say that there is
news. What is told in the program is a signed document in the unit's feed.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from unitclient.central.numbers import instant, uuid7
from unitclient.sync.protocol import DocumentKind
from unitclient.texts import say

if TYPE_CHECKING:
    from unitclient.central.documents import Publisher

IN_PROGRAM, SMS, MAIL = "1", "2", "3"
"""Codes of the table message_channel."""
GATEWAY = "演练短信邮件网关（模拟，不向外发送）"
SUBSCRIPTIONS = "message-subscription"
_TOPICS: Mapping[DocumentKind, str] = {
    DocumentKind.CALENDAR: "01",
    DocumentKind.DEBIT: "02",
    DocumentKind.ACCEPTANCE: "03",
    DocumentKind.POLICIES: "05",
}
_TOPICS_OF_REGISTERS: Mapping[str, str] = {"appointment": "06", "social-card": "07", "ticket": "08"}
"""Codes of the table message_topic."""


def topic_of(kind: DocumentKind, members: Mapping[str, Any]) -> str:
    """The topic that a document belongs to, or "" for what nobody subscribes to."""
    if kind is DocumentKind.REGISTER:
        return _TOPICS_OF_REGISTERS.get(str(members["register"]), "")
    if kind is DocumentKind.ANNOUNCEMENT:
        return str(members["topic"])
    return _TOPICS.get(kind, "")


def tell_subscribers(
    publisher: Publisher,
    tx: sqlite3.Connection,
    unit_number: str,
    kind: DocumentKind,
    members: Mapping[str, Any],
    now: datetime,
) -> None:
    """Tell a unit of a document by every channel it subscribed its topic for, inside the document's transaction."""
    topic = topic_of(kind, members)
    if not topic:
        return
    rows = tx.execute(
        "SELECT key, record FROM entry WHERE unit_number = ? AND register = ? AND state = 'on' ORDER BY key",
        (unit_number, SUBSCRIPTIONS),
    ).fetchall()
    for row in rows:
        subscribed, channel = row["key"].split("|")
        if subscribed != topic:
            continue
        if channel == IN_PROGRAM:
            title = say(f"message-title-{topic}")
            told = {"message_id": uuid7(now), "topic": topic, "title": title, "body": _body(kind, members)}
            publisher.publish(tx, unit_number, DocumentKind.MESSAGE, told)
        else:
            values = json.loads(row["record"])
            address = str(values.get("phone" if channel == SMS else "mail") or "")
            hint = say("message-hint", title=say(f"message-title-{topic}"))
            leave(tx, unit_number, topic, channel, address, hint, now)


def leave(
    tx: sqlite3.Connection, unit_number: str, topic: str, channel: str, address: str, body: str, now: datetime
) -> None:
    """Hand a message to the simulated gateway."""
    tx.execute(
        "INSERT INTO message_out (unit_number, topic, channel, address, body, at) VALUES (?, ?, ?, ?, ?, ?)",
        (unit_number, topic, channel, address, body, instant(now)),
    )


def left(connection: sqlite3.Connection, unit_number: str) -> list[dict[str, Any]]:
    """What the gateway has of a unit, the oldest first: topic, channel, address, body, at."""
    rows = connection.execute(
        "SELECT topic, channel, address, body, at FROM message_out WHERE unit_number = ? ORDER BY id", (unit_number,)
    )
    return [dict(row) for row in rows]


def _body(kind: DocumentKind, members: Mapping[str, Any]) -> str:
    """One sentence on what happened, without persons."""
    if kind is DocumentKind.REGISTER:
        keys = "、".join(str(entry["key"]) for entry in members["entries"][:5])
        # A card's key is a person's number; the register itself shows whose it is to those who may see it.
        hidden = members["register"] == "social-card"
        return say("message-entries", count=len(members["entries"]), keys="" if hidden else f"（{keys}）")
    if kind is DocumentKind.ANNOUNCEMENT:
        return str(members["title"])
    if kind is DocumentKind.DEBIT:
        return say(f"message-{members['state']}", code=members["code"])
    if kind is DocumentKind.ACCEPTANCE:
        return say("message-acceptance", number=members["acceptance_number"], period=members["period"])
    return say(f"message-{kind.value}")
