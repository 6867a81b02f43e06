"""The journal as a file: JSON lines that carry their own proof.

    {"unitclient-journal": 1, "exported_at": ..., "entries": N, "head": hash of entry N}
    {"seq": 1, "at": ..., "act": ..., "subject": ..., "detail": "<JSON>", "actor": ..., "prev_hash": ..., "hash": ...}
    ...
    {"sha256": of every byte before this line}

A changed byte anywhere, and an entry that is gone, put in or in another place, shows in the file alone. Whoever makes
all of it anew is found out by what holds the hash of an entry elsewhere: the database, or a backup (`Anchor`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from unitclient.store import jsontext
from unitclient.store.journal import GENESIS, broken_entry
from unitclient.store.store import Store
from unitclient.store.times import to_text

COLUMNS = ("seq", "at", "act", "subject", "detail", "actor", "prev_hash", "hash")
_QUERY = "SELECT seq, at, act, subject, detail, actor, prev_hash, hash FROM journal ORDER BY seq"


@dataclass(frozen=True, slots=True)
class Anchor:
    """How many entries a journal had, and the hash of the last: a copy elsewhere shows when its end was cut off."""

    entries: int
    head: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found. `broken_at` is the first entry that is not as it should be; None is good."""

    entries: int
    head: str
    broken_at: int | None


def anchor(connection: Any) -> Anchor:
    """The end of a journal as it is now."""
    last = connection.execute("SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1").fetchone()
    return Anchor(*last) if last else Anchor(0, GENESIS)


def to_lines(store: Store) -> Iterator[bytes]:
    """The file's lines, of one moment."""
    digest = hashlib.sha256()
    with store.read():
        end = anchor(store.connection)
        head = {"unitclient-journal": 1, "exported_at": to_text(store.now()), "entries": end.entries, "head": end.head}
        rows = (dict(zip(COLUMNS, row, strict=True)) for row in store.connection.execute(_QUERY))
        for members in _chain(head, rows):
            line = jsontext.dump(members).encode() + b"\n"
            digest.update(line)
            yield line
    yield jsontext.dump({"sha256": digest.hexdigest()}).encode() + b"\n"


def _chain(head: dict[str, Any], rows: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    yield head
    yield from rows


def check_file(content: bytes) -> Checked | None:
    """Check an exported journal by itself; None when the bytes are no journal at all.

    What is wrong outside of the entries (first and last line) counts as wrong at the entry after the last.
    """
    lines = content.splitlines(keepends=True)
    head = _members(lines[0]) if lines else None
    if head is None or head.get("unitclient-journal") != 1:
        return None
    sealed = _members(lines[-1]) or {}
    whole = sealed == {"sha256": hashlib.sha256(b"".join(lines[:-1])).hexdigest()} and lines[-1].endswith(b"\n")
    rows = [_row(line) for line in (lines[1:-1] if "sha256" in sealed else lines[1:])]
    wrong = broken_entry(rows)
    last = str(rows[-1][-1]) if rows and rows[-1] else GENESIS
    if wrong is None and ((head.get("entries"), head.get("head")) != (len(rows), last) or not whole):
        wrong = len(rows) + 1
    return Checked(len(rows), last, wrong)


def compare(store: Store, end: Anchor) -> int | None:
    """The first entry that is missing in, or different from, this database's journal, as far as an anchor can say."""
    if end.entries == 0:
        return None
    row = store.connection.execute("SELECT hash FROM journal WHERE seq = ?", (end.entries,)).fetchone()
    if row is None:
        return anchor(store.connection).entries + 1
    return None if row[0] == end.head else end.entries


def compare_entries(store: Store, content: bytes) -> int | None:
    """The first entry of a file (that `check_file` took) which this database has not, or has otherwise."""
    for line in content.splitlines()[1:-1]:
        row = _row(line)
        seq = row[0] if row else 0
        found = store.connection.execute("SELECT hash FROM journal WHERE seq = ?", (seq,)).fetchone()
        if not row or found is None or found[0] != row[-1]:
            return int(seq)
    return None


def _members(line: bytes) -> dict[str, Any] | None:
    try:
        told = jsontext.load(line.decode())
    except ValueError:
        return None
    return told if isinstance(told, dict) else None


def _row(line: bytes) -> tuple[Any, ...] | None:
    """The entry of a line in the order of the columns; None when it is no entry written by `to_lines`."""
    members = _members(line)
    if members is None or members.keys() != set(COLUMNS):
        return None
    return tuple(members[name] for name in COLUMNS)
