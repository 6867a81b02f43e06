"""What this home wrote last, kept beside the key: how it is found out that the database is older than it was.

SQLite cannot know that its write-ahead log was deleted (a cleaner, a virus scanner, a copy of the main file alone): it
opens what the main file holds, and the newest acts are gone without a word. So after each commit the journal's end is
noted in a file of its own. The note may lag behind, for it is not waited for; it is never ahead of the database.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Any

_NAME = "journal.seen"


def note(home: Path, connection: Any) -> None:
    """Note the journal's end, after a commit. A disk that does not take it is no reason to fail: the act is done."""
    last = connection.execute("SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1").fetchone()
    if last is None:
        return
    with suppress(OSError):
        # Always as long, in one write and never cut to nothing: a crash leaves the old note or the new one.
        descriptor = os.open(_path(home), os.O_WRONLY | os.O_CREAT, 0o600)
        try:
            os.write(descriptor, f"{last[0]:020d} {last[1]}\n".encode())
        finally:
            os.close(descriptor)


def noted(home: Path) -> tuple[int, str]:
    """(entries of the journal, hash of the last) as noted; (0, "") where nothing readable is."""
    try:
        seq, _, head = _path(home).read_text("ascii").strip().partition(" ")
        return int(seq), head
    except (OSError, ValueError):
        return 0, ""


def missing(connection: Any, told: tuple[int, str]) -> int:
    """How many acts the database lacks of those that were noted (read the note first); 0 is good.

    A database that went another way since (an old copy that was worked on) lacks at least one.
    """
    seq, head = told
    if not seq or not connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'journal'").fetchone():
        return 0
    found = connection.execute("SELECT hash FROM journal WHERE seq = ?", (seq,)).fetchone()
    if found is not None:
        return int(found[0] != head)
    last = connection.execute("SELECT max(seq) FROM journal").fetchone()[0] or 0
    return int(seq - last)


def forget(home: Path) -> None:
    """Another database takes the place of this one on purpose (a restore)."""
    _path(home).unlink(missing_ok=True)


def _path(home: Path) -> Path:
    return home / "keys" / _NAME
