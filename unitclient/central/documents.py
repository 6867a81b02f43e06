"""Signed documents: made and stored in the transaction of the decision they tell, together with the feed's entry."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from unitclient.central.feed import next_seq
from unitclient.central.numbers import instant, uuid7
from unitclient.clock import Clock
from unitclient.sync.protocol import DOCUMENT_MEMBERS, DocumentKind, SignedDocument, canonical

COMMON_MEMBERS = ("v", "kind", "service", "unit_number", "issued_at")
"""Members every document has, before those of its kind."""


class Sealer(Protocol):
    """Signs in the service's name."""

    @property
    def service(self) -> str:
        """The service id."""
        ...

    def seal(self, document: bytes) -> bytes:
        """Detached CMS over the document, DER."""
        ...


@dataclass(frozen=True)
class Published:
    """A stored document and, when it is in a feed, its number there."""

    ref: str
    signed: SignedDocument
    seq: int


After = Callable[["Publisher", sqlite3.Connection, str, DocumentKind, Mapping[str, Any], datetime], None]
"""What is done once a document is in a unit's feed, in the same transaction."""


class Publisher:
    """Makes signed documents and puts them on record."""

    def __init__(self, sealer: Sealer, clock: Clock, after: After | None = None) -> None:
        self._sealer = sealer
        self._clock = clock
        self._after = after

    def sign(self, kind: DocumentKind, unit_number: str, members: Mapping[str, Any]) -> SignedDocument:
        """A signed document that is not stored. `members` are exactly those of DOCUMENT_MEMBERS."""
        assert members.keys() == set(DOCUMENT_MEMBERS[kind]), set(DOCUMENT_MEMBERS[kind]) ^ members.keys()
        document = canonical(
            {
                "v": 1,
                "kind": kind.value,
                "service": self._sealer.service,
                "unit_number": unit_number,
                "issued_at": instant(self._clock.now()),
                **members,
            }
        )
        return SignedDocument(document, self._sealer.seal(document))

    def publish(
        self,
        tx: sqlite3.Connection,
        unit_number: str,
        kind: DocumentKind,
        members: Mapping[str, Any],
        submission_id: str | None = None,
        seq: int | None = None,
    ) -> Published:
        """Sign, store, and enter in the unit's feed. `seq` is a number already taken for it by `next_seq`."""
        signed = self.sign(kind, unit_number, members)
        ref = self.store(tx, unit_number, kind, signed, submission_id)
        taken = next_seq(tx, unit_number) if seq is None else seq
        self._enter(tx, unit_number, taken, kind, ref, submission_id)
        self._follow(tx, unit_number, kind, members)
        return Published(ref, signed, taken)

    def announce(
        self, tx: sqlite3.Connection, units: Iterable[str], kind: DocumentKind, members: Mapping[str, Any]
    ) -> str:
        """Store what is said to everybody and enter it in every unit's feed; its reference."""
        ref = self.store(tx, "", kind, self.sign(kind, "", members), None)
        for unit_number in units:
            self.enter_common(tx, unit_number, kind, ref)
            self._follow(tx, unit_number, kind, members)
        return ref

    def enter_common(self, tx: sqlite3.Connection, unit_number: str, kind: DocumentKind, ref: str) -> None:
        """Enter what was said to everybody in the feed of one unit."""
        self._enter(tx, unit_number, next_seq(tx, unit_number), kind, ref, None)

    def _follow(self, tx: sqlite3.Connection, unit_number: str, kind: DocumentKind, members: Mapping[str, Any]) -> None:
        if self._after is not None:
            self._after(self, tx, unit_number, kind, members, self._clock.now())

    def store(
        self,
        tx: sqlite3.Connection,
        unit_number: str,
        kind: DocumentKind,
        signed: SignedDocument,
        submission_id: str | None,
    ) -> str:
        """Put a signed document on record; its reference."""
        now = self._clock.now()
        ref = uuid7(now)
        row = (ref, unit_number, kind.value, submission_id, signed.document, signed.cms, signed.sha256, instant(now))
        tx.execute("INSERT INTO document VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
        return ref

    def _enter(
        self,
        tx: sqlite3.Connection,
        unit_number: str,
        seq: int,
        kind: DocumentKind,
        ref: str,
        submission_id: str | None,
    ) -> None:
        row = (unit_number, seq, kind.value, submission_id, ref, instant(self._clock.now()))
        tx.execute("INSERT INTO feed VALUES (?, ?, ?, ?, ?, ?)", row)


def latest(
    connection: sqlite3.Connection, unit_number: str, kind: DocumentKind, submission_id: str | None = None
) -> SignedDocument | None:
    """The newest document of a kind for a unit (and submission)."""
    row = connection.execute(
        "SELECT document, cms FROM document WHERE unit_number = ? AND kind = ? AND submission_id IS ?"
        " ORDER BY rowid DESC LIMIT 1",
        (unit_number, kind.value, submission_id),
    ).fetchone()
    return SignedDocument(row[0], row[1]) if row else None


def by_ref(connection: sqlite3.Connection, unit_number: str, ref: str) -> SignedDocument | None:
    """A document the unit may read: its own, or one for everybody."""
    row = connection.execute(
        "SELECT document, cms FROM document WHERE ref = ? AND unit_number IN (?, '')", (ref, unit_number)
    ).fetchone()
    return SignedDocument(row[0], row[1]) if row else None


def sha256_hex(data: bytes) -> str:
    """SHA-256 in hex."""
    return hashlib.sha256(data).hexdigest()
