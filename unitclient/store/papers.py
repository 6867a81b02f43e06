"""Papers that the centre signed (PDF): kept once they came, so that they can be seen and handed on off line."""

from __future__ import annotations

import hashlib

from unitclient.store.attachments import get_attachment, put_attachment
from unitclient.store.store import Store


def put_paper(store: Store, unit: str, document_sha256: str, entry: str, pdf: bytes) -> None:
    """Keep the paper of a document (of one `entry` of it), inside a write; the first one that came stays."""
    put_attachment(store, unit, _name(document_sha256, entry), pdf)


def get_paper(store: Store, unit: str, document_sha256: str, entry: str = "") -> bytes | None:
    """The paper of a document (of one `entry` of it), or None when it never came."""
    return get_attachment(store, unit, _name(document_sha256, entry))


def _name(document_sha256: str, entry: str) -> str:
    """Kept among the files, under a name that no file of a declaration has."""
    part = f"-{hashlib.sha256(entry.encode()).hexdigest()[:16]}" if entry else ""
    return f"paper-{document_sha256}{part}.pdf"
