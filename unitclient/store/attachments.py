"""Files that go with declarations: kept under the SHA-256 of their bytes until they are sent, and afterwards."""

from __future__ import annotations

from collections.abc import Iterable

from unitclient.store.store import Store
from unitclient.store.times import to_text

_PUT = "INSERT OR IGNORE INTO attachment (unit, name, content, at) VALUES (?, ?, ?, ?)"


def put_attachment(store: Store, unit: str, name: str, content: bytes) -> None:
    """Keep a file under its name ("<sha256>.<kind>"); one that is here already stays as it is."""
    store.must_write().execute(_PUT, (unit, name, content, to_text(store.now())))


def get_attachment(store: Store, unit: str, name: str) -> bytes | None:
    """The bytes of a file, or None."""
    row = store.connection.execute(
        "SELECT content FROM attachment WHERE unit = ? AND name = ?", (unit, name)
    ).fetchone()
    return bytes(row[0]) if row else None


def attachment_sizes(store: Store, unit: str, names: Iterable[str]) -> dict[str, int]:
    """{name: bytes} of those of the files that are here."""
    connection = store.connection
    query = "SELECT length(content) FROM attachment WHERE unit = ? AND name = ?"
    found = {name: connection.execute(query, (unit, name)).fetchone() for name in names}
    return {name: row[0] for name, row in found.items() if row is not None}
