"""The journal: who did what when, append-only, each entry chained to the one before by SHA-256.

hash = SHA-256(hash of the entry before, as 64 hex digits, followed by the entry's canonical JSON). The first entry
follows 64 zeros. The journal is kept long and shown to auditors, so its entries hold no names, numbers or wages of
persons: `refuse_personal` is the guard.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from unitclient.store import jsontext
from unitclient.store.models import JournalRow
from unitclient.store.times import from_text, to_text

if TYPE_CHECKING:
    from unitclient.store.store import Store

GENESIS = "0" * 64
_PERSONAL_WORDS = frozenset(
    {"name", "names", "wage", "wages", "salary", "phone", "mobile", "address", "birth", "card", "pin", "password",
     "passphrase", "id_number", "person", "person_id"}
)  # fmt: skip
_RESIDENT_ID = re.compile(
    r"(?<![0-9A-Za-z])\d{6}(?:(?:19|20)\d{2})(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?![0-9A-Za-z])"
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the journal."""

    seq: int
    at: datetime
    act: str
    subject: str
    detail: Mapping[str, Any]
    actor: str
    prev_hash: str
    hash: str


def append(connection: Any, at: datetime, act: str, subject: str, detail: Mapping[str, object], actor: str) -> None:
    """Add an entry inside the transaction of the act itself. ValueError when it would hold personal data."""
    refuse_personal(subject, detail)
    last = connection.execute("SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1").fetchone()
    seq, prev_hash = (last[0] + 1, last[1]) if last else (1, GENESIS)
    values = (seq, to_text(at), act, subject, jsontext.dump(detail), actor)
    connection.execute(
        "INSERT INTO journal VALUES (?, ?, ?, ?, ?, ?, ?, ?)", (*values, prev_hash, _hash(prev_hash, *values))
    )


def refuse_personal(subject: str, detail: Mapping[str, object]) -> None:
    """ValueError (a fault of the program) for a key that names a person's data, or a value that is a resident ID."""
    for key in _keys(detail):
        if key in _PERSONAL_WORDS or _PERSONAL_WORDS & set(re.split(r"[_\-. ]", key)):
            raise ValueError(f"the journal takes no personal data: {key}")
    if _RESIDENT_ID.search(f"{subject} {jsontext.dump(detail)}"):
        raise ValueError("the journal takes no personal data: a resident ID")


def _keys(value: object) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, member in value.items():
            yield str(key).lower()
            yield from _keys(member)
    elif isinstance(value, list | tuple):
        for member in value:
            yield from _keys(member)


def entries(store: Store, *, subject: str | None = None, limit: int | None = None) -> list[Entry]:
    """Entries, oldest first; those about one subject, the newest `limit` of them."""
    query = JournalRow.select().order_by(JournalRow.seq.desc()).limit(limit)
    if subject is not None:
        query = query.where(JournalRow.subject == subject)
    return [_entry(row) for row in reversed(store.rows(query))]


def _entry(row: dict[str, Any]) -> Entry:
    return Entry(**{**row, "at": from_text(row["at"]), "detail": jsontext.load(row["detail"])})


def verify_journal(store: Store) -> int | None:
    """The first seq at which the chain is broken (changed, missing or put in), or None when it is whole.

    Entries cut off at the very end leave a whole chain: that shows only against a copy that holds the last hash
    (`journal_file.Anchor`, in every backup and exported file).
    """
    return broken_entry(
        store.connection.execute(
            "SELECT seq, at, act, subject, detail, actor, prev_hash, hash FROM journal ORDER BY seq"
        )
    )


def broken_entry(rows: Iterable[Sequence[Any] | None]) -> int | None:
    """The place (from 1) of the first of these rows that does not follow from the one before; None when all do.

    A row is (seq, at, act, subject, detail, actor, prev_hash, hash), or None for one that could not be read.
    """
    prev_hash = GENESIS
    for expected, row in enumerate(rows, start=1):
        if row is None:
            return expected
        *values, row_prev, row_hash = row
        if row[0] != expected or row_prev != prev_hash or row_hash != _hash(prev_hash, *values):
            return expected
        prev_hash = row_hash
    return None


def _hash(prev_hash: str, seq: int, at: str, act: str, subject: str, detail: str, actor: str) -> str:
    entry = {"seq": seq, "at": at, "act": act, "subject": subject, "detail": detail, "actor": actor}
    return hashlib.sha256(prev_hash.encode("ascii") + jsontext.dump(entry).encode()).hexdigest()
