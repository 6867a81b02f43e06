"""Backup: one encrypted file that has proved, before it gets its name, that it can be restored."""

from __future__ import annotations

import os
import shutil
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from unitclient.drafts import draft_of, scratch
from unitclient.errors import UserError
from unitclient.store import backupfile
from unitclient.store.backupfile import BackupKeys, KeptSecret, Listing
from unitclient.store.connection import connect, database_faults, raw
from unitclient.store.contents import contents
from unitclient.store.journal_file import anchor
from unitclient.store.kdf import DEFAULT_COST, Cost
from unitclient.store.migrations import schema_version
from unitclient.store.store import Store
from unitclient.store.times import to_text


@dataclass(frozen=True, slots=True)
class BackupReport:
    """What was written. `own_key` is true when only the unit's database key opens it (no passphrase was given)."""

    path: Path
    bytes: int
    rows: dict[str, int]
    own_key: bool


def backup(
    store: Store, out: Path, passphrase: str | KeptSecret | None = None, *, cost: Cost = DEFAULT_COST
) -> BackupReport:
    """Write an encrypted backup of everything, restore it into a scratch copy, compare, and only then name it `out`.

    With a passphrase it can be restored anywhere; without one only where this home's key file is. UserError
    backup-exists (nothing is overwritten), backup-unwritable, backup-unproved (the copy differs; nothing is left).
    """
    if out.exists():
        raise UserError("backup-exists", path=out)
    try:
        with scratch(store.home, "backup") as folder, draft_of(out) as draft:
            keys = backupfile.new_keys(passphrase, store.key, to_text(store.now()), cost)
            listing = _copy(store, folder / "copy.db", keys)
            with draft.open("wb") as file:
                backupfile.write(file, keys, listing, folder / "copy.db")
                file.flush()
                os.fsync(file.fileno())
            if not listing.is_of(unpack(draft, folder / "proof.db", keys)):
                raise UserError("backup-unproved", mendable=False, path=out)
            draft.replace(out)
    except OSError as fault:
        raise UserError("backup-unwritable", path=out, reason=fault.strerror or fault) from fault
    return BackupReport(out, out.stat().st_size, listing.rows, passphrase is None)


def needs_passphrase(path: Path) -> bool:
    """Whether restoring that backup asks for a passphrase. UserError backup-broken, backup-missing."""
    with open_backup(path) as file:
        return bool(backupfile.read_header(file, path)[0]["key"] == "passphrase")


def unpack(path: Path, database: Path, keys: BackupKeys) -> Listing:
    """Take the database out of a backup and say what it really holds, after checking every page's seal.

    UserError backup-wrong-key, backup-broken.
    """
    with open_backup(path) as file:
        _, line = backupfile.read_header(file, path)
        backupfile.read_listing(file, keys, line, path)
        with database.open("wb") as target:
            shutil.copyfileobj(file, target, 1 << 20)
    try:
        with database_faults(path), closing(connect(database, keys.database)) as opened:
            damaged = raw(opened).execute("PRAGMA cipher_integrity_check").fetchall()
            listing = Listing(schema_version(opened), contents(raw(opened)), anchor(raw(opened)))
    except UserError as fault:
        raise UserError("backup-broken", path=path) from fault
    if damaged:
        raise UserError("backup-broken", path=path)
    return listing


def open_backup(path: Path) -> BinaryIO:
    """Open a backup file for reading; UserError backup-missing."""
    try:
        return path.open("rb")
    except OSError as fault:
        raise UserError("backup-missing", path=path) from fault


def _copy(store: Store, target: Path, keys: BackupKeys) -> Listing:
    """Copy page by page from one snapshot, and list what that snapshot holds."""
    with store.read():
        listing = Listing(schema_version(store.db), contents(store.connection), anchor(store.connection))
        with closing(connect(target, keys.database)) as copy:
            store.connection.backup(raw(copy))
    return listing
