"""What the centre publishes to its units: calendar, policy packages, announcements. Signed, dated, and in the feed.

A publication is signed once and stays the same bytes until what it says changes.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from typing import Any

from unitclient.catalog.policies import to_json
from unitclient.central.database import CentreDatabase
from unitclient.central.documents import COMMON_MEMBERS, Publisher, latest
from unitclient.central.numbers import instant, uuid7
from unitclient.central.regions import calendar_entries, entry_wire
from unitclient.central.registry import unit_row
from unitclient.central.rulebook import Rulebook
from unitclient.clock import CHINA, Clock
from unitclient.sync.protocol import DocumentKind, SignedDocument, canonical


class Publications:
    """Publishes for units, and only when there is something new."""

    def __init__(self, database: CentreDatabase, publisher: Publisher, rulebook: Rulebook, clock: Clock) -> None:
        self._database = database
        self._publisher = publisher
        self._rulebook = rulebook
        self._clock = clock

    def publish_all(self, tx: sqlite3.Connection, unit_number: str) -> None:
        """Bring a unit's calendar and policies up to date, inside a transaction."""
        for kind in (DocumentKind.CALENDAR, DocumentKind.POLICIES):
            self._publish(tx, unit_number, kind)

    def current(self, unit_number: str, kind: DocumentKind) -> SignedDocument:
        """The unit's calendar or policies as of now."""
        read = self._database.read()
        found = latest(read, unit_number, kind)
        if found is not None and _says(found, self._members(read, unit_number, kind)):
            return found
        with self._database.write() as tx:
            return self._publish(tx, unit_number, kind)

    def announce(self, title: str, body: str, topic: str = "04") -> str:
        """Announce something to every unit, under a code of the table message_topic; the document's reference."""
        now = self._clock.now()
        members = {"announcement_id": uuid7(now), "topic": topic, "title": title, "body": body}
        return self._to_all(DocumentKind.ANNOUNCEMENT, {**members, "published_on": instant(now)[:10]})

    def publish_article(self, article: Mapping[str, Any]) -> str:
        """Publish a knowledge article, or a newer revision of one, to every unit; the document's reference.

        `article` has article_id, title, body, words, forms, findings, and withdrawn.
        """
        return self._to_all(DocumentKind.ARTICLE, {**article, "published_on": instant(self._clock.now())[:10]})

    def hand_over(self, tx: sqlite3.Connection, unit_number: str) -> None:
        """Enter the knowledge articles there are in the feed of a unit that was just opened."""
        rows = tx.execute(
            "SELECT ref FROM document WHERE unit_number = '' AND kind = ? ORDER BY rowid", (DocumentKind.ARTICLE.value,)
        ).fetchall()
        for row in rows:
            self._publisher.enter_common(tx, unit_number, DocumentKind.ARTICLE, row[0])

    def _to_all(self, kind: DocumentKind, members: Mapping[str, Any]) -> str:
        with self._database.write() as tx:
            units = [row[0] for row in tx.execute("SELECT unit_number FROM unit ORDER BY unit_number").fetchall()]
            return self._publisher.announce(tx, units, kind, members)

    def announcements(self) -> list[SignedDocument]:
        """All announcements, newest first."""
        rows = self._database.read().execute(
            "SELECT document, cms FROM document WHERE unit_number = '' AND kind = ? ORDER BY rowid DESC",
            (DocumentKind.ANNOUNCEMENT.value,),
        )
        return [SignedDocument(row[0], row[1]) for row in rows]

    def _publish(self, tx: sqlite3.Connection, unit_number: str, kind: DocumentKind) -> SignedDocument:
        members = self._members(tx, unit_number, kind)
        found = latest(tx, unit_number, kind)
        if found is not None and _says(found, members):
            return found
        return self._publisher.publish(tx, unit_number, kind, members).signed

    def _members(self, connection: sqlite3.Connection, unit_number: str, kind: DocumentKind) -> dict[str, Any]:
        region = str(unit_row(connection, unit_number)["region"])
        package = self._rulebook.package(region)
        if kind is DocumentKind.POLICIES:
            return {"region": region, "packages": [to_json(self._rulebook.policies_of(region))]}
        today = self._clock.now().astimezone(CHINA).date()
        return {"region": region, "entries": [entry_wire(entry) for entry in calendar_entries(package, today)]}


def _says(published: SignedDocument, members: dict[str, Any]) -> bool:
    said = {name: value for name, value in published.content().items() if name not in COMMON_MEMBERS}
    return bool(said == json.loads(canonical(members)))
