"""A look at a database before it is opened: no byte of it or of its log is changed.

Closing an ordinary connection folds the log into the file, so a newer program's database, and one whose log is lost,
must be recognised without one.
"""

from __future__ import annotations

import shutil
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlcipher3 import dbapi2

from unitclient.errors import UserError
from unitclient.store import migrations, seen
from unitclient.store.connection import BUSY_MS, database_faults


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen. `had_log`: the last program to use it did not end by itself, or one still runs."""

    had_log: bool = False
    missing: int = 0
    """Acts that were noted as done and are not in it: its log was lost."""


def look(home: Path, path: Path, key: bytes) -> Look:
    """Look at what lies there. UserError store-newer, and the machine's faults (`connection.database_faults`)."""
    told = seen.noted(home)  # before the database: others may be writing
    if not path.exists() or not path.stat().st_size or log_of(path, "-journal").exists():
        return Look()  # nothing yet, or a beginning that was cut off
    log = log_of(path)
    with database_faults(path):
        if not log.exists():
            with suppress(dbapi2.DatabaseError):  # somebody may open it this moment: then it is read like any other
                # Nobody has it open: without a lock not even an empty log is made beside it.
                return _look(path, key, "mode=ro&immutable=1", told)
        return _look(path, key, "mode=ro", told, had_log=log.exists() and log.stat().st_size > 0)


def _look(path: Path, key: bytes, how: str, told: tuple[int, str], had_log: bool = False) -> Look:
    with closing(dbapi2.connect(f"{path.absolute().as_uri()}?{how}", uri=True)) as opened:
        for pragma in ("cipher_log_level = NONE", f"key = \"x'{key.hex()}'\"", f"busy_timeout = {BUSY_MS}"):
            opened.execute(f"PRAGMA {pragma}")
        found, known = opened.execute("PRAGMA user_version").fetchone()[0], migrations.STEPS[-1].version
        if found > known:
            raise UserError("store-newer", mendable=False, path=path, found=found, known=known)
        return Look(had_log, seen.missing(opened, told))


def keep_copy(path: Path, now: datetime) -> Path:
    """Keep a database as it was found, under a name with the time: its log may turn up again."""
    copy = path.with_name(f"{path.stem}-{now:%Y%m%dT%H%M%S%f}{path.suffix}")
    draft = copy.with_name(copy.name + ".part")
    shutil.copy2(path, draft)
    draft.replace(copy)
    return copy


def log_of(path: Path, suffix: str = "-wal") -> Path:
    """The write-ahead log beside a database."""
    return path.with_name(path.name + suffix)
