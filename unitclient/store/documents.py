"""The centre's signed documents, byte for byte, as they came. They are stored once and never change."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from unitclient.errors import UserError
from unitclient.store.models import DocumentRow
from unitclient.store.store import Store
from unitclient.store.times import from_text, to_text


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A signed document: the centre's name for it, its kind, its bytes and the detached CMS over them.

    `sha256` is computed from the bytes; `received_at` is the store's to set.
    """

    unit: str
    ref: str
    kind: str
    document: bytes = field(repr=False)
    cms: bytes = field(repr=False)
    submission_id: str | None = None
    received_at: datetime | None = None

    @property
    def sha256(self) -> str:
        """Digest of the document's bytes, hex."""
        return hashlib.sha256(self.document).hexdigest()


def add_document(store: Store, document: StoredDocument) -> bool:
    """Keep a document that was verified; False when it is here already.

    UserError document-changed when the centre gives other bytes under a name it has used.
    """
    known = store.row(_named(document.unit, document.ref))
    if known is not None:
        if known["sha256"] != document.sha256:
            raise UserError("document-changed", mendable=False, ref=document.ref)
        return False
    names = ("unit", "ref", "kind", "submission_id", "document", "cms", "sha256")
    columns = {name: getattr(document, name) for name in names}
    store.change(DocumentRow.insert({**columns, "kind": str(document.kind), "received_at": to_text(store.now())}))
    return True


def get_document(store: Store, unit: str, ref: str) -> StoredDocument | None:
    """One document by the centre's name for it, or None."""
    row = store.row(_named(unit, ref))
    return None if row is None else _document(row)


def find_by_digest(store: Store, unit: str, sha256: str) -> StoredDocument | None:
    """One document by the SHA-256 of its bytes, or None."""
    row = store.row(DocumentRow.select().where((DocumentRow.unit == unit) & (DocumentRow.sha256 == sha256)))
    return None if row is None else _document(row)


def latest_document(store: Store, unit: str, kind: str, submission_id: str | None = None) -> StoredDocument | None:
    """The document of a kind that came last, or None; with `submission_id` the last about that submission."""
    query = DocumentRow.select().where((DocumentRow.unit == unit) & (DocumentRow.kind == str(kind)))
    if submission_id is not None:
        query = query.where(DocumentRow.submission_id == submission_id)
    row = store.row(query.order_by(DocumentRow.id.desc()))
    return None if row is None else _document(row)


def newest_document(store: Store, unit: str, kind: str) -> StoredDocument | None:
    """The document of a kind that the centre issued last, or None: of calendars and policies that one counts.

    It need not be the one that came last: one that was asked for may be here before older ones from the feed.
    """
    query = (
        "SELECT ref FROM document WHERE unit = ? AND kind = ?"
        " ORDER BY julianday(json_extract(CAST(document AS TEXT), '$.issued_at')) DESC, id DESC LIMIT 1"
    )
    row = store.connection.execute(query, (unit, str(kind))).fetchone()
    return None if row is None else get_document(store, unit, row[0])


def find_documents(
    store: Store, unit: str, *, kind: str | None = None, submission_id: str | None = None
) -> list[StoredDocument]:
    """Documents of a unit in the order they came, narrowed by whatever is given."""
    query = DocumentRow.select().where(DocumentRow.unit == unit).order_by(DocumentRow.id)
    if kind is not None:
        query = query.where(DocumentRow.kind == str(kind))
    if submission_id is not None:
        query = query.where(DocumentRow.submission_id == submission_id)
    return [_document(row) for row in store.rows(query)]


def foreign_documents(store: Store, unit: str, kinds: Sequence[str]) -> list[StoredDocument]:
    """Documents of these kinds about submissions that no declaration of this computer is, in the order they came."""
    marks = ", ".join("?" * len(kinds))
    query = (
        f"SELECT ref FROM document WHERE unit = ? AND kind IN ({marks}) AND submission_id IS NOT NULL"  # noqa: S608 - marks
        " AND submission_id NOT IN (SELECT id FROM declaration WHERE unit = document.unit) ORDER BY id"
    )
    rows = store.connection.execute(query, (unit, *map(str, kinds))).fetchall()
    found = (get_document(store, unit, row[0]) for row in rows)
    return [document for document in found if document is not None]


def document_refs(store: Store, unit: str) -> list[str]:
    """The centre's names for all documents of a unit, in the order they came; the bytes are left where they are."""
    query = "SELECT ref FROM document WHERE unit = ? ORDER BY id"
    return [row[0] for row in store.connection.execute(query, (unit,))]


def _named(unit: str, ref: str) -> Any:
    return DocumentRow.select().where((DocumentRow.unit == unit) & (DocumentRow.ref == ref))


def _document(row: dict[str, Any]) -> StoredDocument:
    return StoredDocument(
        unit=row["unit"],
        ref=row["ref"],
        kind=row["kind"],
        document=bytes(row["document"]),
        cms=bytes(row["cms"]),
        submission_id=row["submission_id"],
        received_at=from_text(row["received_at"]),
    )
