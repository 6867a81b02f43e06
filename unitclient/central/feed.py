"""A unit's change feed: numbered without gaps, read in order, resumed by an opaque cursor.

A cursor names the feed's epoch and the last number the client has; a MAC keeps clients from making their own. A cursor
that does not fit (another epoch after a restore, another unit, another key) is answered `cursor-expired`, and the
client starts again from the snapshot.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import sqlite3
from dataclasses import dataclass
from typing import Any

from unitclient.central.database import CentreDatabase
from unitclient.central.problems import ProblemError
from unitclient.sync.protocol import Change, SignedDocument

MAX_PAGE = 500
MAX_WAIT_S = 30


@dataclass(frozen=True)
class Page:
    """Changes after a cursor, the cursor after them, and whether there are more already."""

    changes: list[Change]
    next_cursor: str
    more: bool


class Feed:
    """Reads feeds."""

    def __init__(self, database: CentreDatabase) -> None:
        self._database = database

    def page(self, unit_number: str, cursor: str | None, limit: int, with_documents: bool) -> Page:
        """Up to `limit` changes after `cursor` (None = from the start). ProblemError `cursor-expired`."""
        after = self.position(unit_number, cursor) if cursor else 0
        rows = self._database.read().execute(
            "SELECT f.seq, f.kind, f.submission_id, f.ref, f.at, d.sha256, d.document, d.cms"
            " FROM feed f JOIN document d USING (ref) WHERE f.unit_number = ? AND f.seq > ? ORDER BY f.seq LIMIT ?",
            (unit_number, after, limit + 1),
        )
        found = rows.fetchall()
        changes = [change_of(row, with_documents) for row in found[:limit]]
        last = changes[-1].seq if changes else after
        return Page(changes, self.cursor(unit_number, last), len(found) > limit)

    def last_seq(self, unit_number: str) -> int:
        """The highest number of the unit's feed, 0 when it is empty."""
        row = self._database.read().execute("SELECT last_seq FROM unit WHERE unit_number = ?", (unit_number,))
        found = row.fetchone()
        return int(found[0]) if found else 0

    def cursor(self, unit_number: str, seq: int) -> str:
        """The cursor of a client that has everything up to `seq`."""
        body = f"{self._database.meta('epoch')}.{seq}"
        return base64.urlsafe_b64encode(f"{body}.{self._mac(unit_number, body)}".encode()).decode().rstrip("=")

    def position(self, unit_number: str, cursor: str) -> int:
        """The number a cursor stands at; ProblemError `cursor-expired` when it is not a cursor of this feed now."""
        try:
            epoch, seq, mac = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii").split(".")
        except ValueError:
            raise ProblemError("cursor-expired") from None
        genuine = hmac.compare_digest(mac.encode(), self._mac(unit_number, f"{epoch}.{seq}").encode())
        if not genuine or epoch != self._database.meta("epoch") or int(seq) > self.last_seq(unit_number):
            raise ProblemError("cursor-expired")
        return int(seq)

    def _mac(self, unit_number: str, body: str) -> str:
        key = bytes.fromhex(self._database.meta("cursor_key"))
        return hmac.new(key, f"{unit_number}/{body}".encode(), hashlib.sha256).hexdigest()[:32]


def next_seq(tx: sqlite3.Connection, unit_number: str) -> int:
    """Take the next number of a unit's feed, inside the transaction that writes the entry: gap-free."""
    row = tx.execute(
        "UPDATE unit SET last_seq = last_seq + 1 WHERE unit_number = ? RETURNING last_seq", (unit_number,)
    ).fetchone()
    return int(row[0])


def change_of(row: sqlite3.Row, with_document: bool) -> Change:
    """A row of feed joined with document as a Change."""
    signed = SignedDocument(row["document"], row["cms"]) if with_document else None
    return Change(row["seq"], row["kind"], row["submission_id"], row["ref"], row["at"], row["sha256"], signed)


def change_wire(change: Change) -> dict[str, Any]:
    """JSON form of a change."""
    wire: dict[str, Any] = {
        "seq": change.seq,
        "kind": change.kind,
        "submission_id": change.submission_id,
        "ref": change.ref,
        "at": change.at,
        "sha256": change.sha256,
    }
    if change.document is not None:
        wire["signed"] = change.document.to_wire()
    return wire
