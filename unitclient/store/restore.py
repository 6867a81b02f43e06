"""Restore: a backup becomes the database of a home, and the database that was there is moved aside, never deleted."""

from __future__ import annotations

import os
import shutil
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from unitclient.clock import Clock
from unitclient.drafts import scratch
from unitclient.errors import UserError
from unitclient.store import backupfile, keys, migrations, seen
from unitclient.store.backup import open_backup, unpack
from unitclient.store.connection import connect, database_faults, raw
from unitclient.store.older import became_older
from unitclient.store.store import Store, database_path


@dataclass(frozen=True, slots=True)
class RestoreReport:
    """What was done: rows per table that came back, when the backup was made, where the old database lies now."""

    rows: dict[str, int]
    made_at: str
    moved_aside: Path | None


def restore(
    file: Path,
    home: Path,
    passphrase: str | None = None,
    *,
    clock: Clock,
    home_passphrase: str | None = None,
    home_operator: str = "",
    home_key: bytes | None = None,
) -> RestoreReport:
    """Restore a backup into a home; `home_passphrase` (of `home_operator`) opens the home's own key file if it asks.

    `home_key` is the key of the home where it is known already.

    UserError: backup-missing, backup-broken, backup-needs-passphrase, backup-needs-key, backup-wrong-key,
    store-newer, store-in-use (another process has the present database open), and the key's refusals. Whatever is
    refused, the present database stays as it is.
    """
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    with open_backup(file) as opened:
        header, line = backupfile.read_header(opened, file)
        own_key = home_key or _home_key(home, home_passphrase, home_operator, header["key"])
        backup_keys = backupfile.open_keys(header, passphrase, own_key, file)
        promised = backupfile.read_listing(opened, backup_keys, line, file)
    if promised.schema > migrations.STEPS[-1].version:
        raise UserError("store-newer", mendable=False, path=file, found=promised.schema,
                        known=migrations.STEPS[-1].version)  # fmt: skip
    with scratch(home, "restore") as folder:
        copy, fresh = folder / "copy.db", folder / "fresh.db"
        if not promised.is_of(unpack(file, copy, backup_keys)):
            raise UserError("backup-broken", path=file)
        stamp = f"{clock.now():%Y%m%dT%H%M%S%f}"
        key = own_key or keys.renew(home, home_passphrase, stamp)
        _rekey(copy, backup_keys.database, fresh, key)
        moved = _swap(fresh, database_path(home), key, stamp, folder)
    seen.forget(home)
    with (
        Store.open(home, create=False, clock=clock, key=key) as store,
        store.write("store.restore", detail={"made_at": header["made_at"]}, actor=home_operator),
    ):
        became_older(store, "restored", header["made_at"])
    return RestoreReport(promised.rows, header["made_at"], moved)


def _home_key(home: Path, passphrase: str | None, operator: str, backup_kind: str) -> bytes | None:
    """The home's key, or None where there is none that can be read.

    A key file that broke, or that another Windows account wrapped, is what a backup with a passphrase is for.
    """
    try:
        return keys.load(home, passphrase, operator)
    except UserError as fault:
        lost = fault.code in ("store-key-missing", "store-key-broken", "store-key-foreign", "store-keyring-missing")
        if not lost or (backup_kind == "database-key" and fault.code != "store-key-missing"):
            raise
        return None


def _rekey(source: Path, source_key: bytes, target: Path, key: bytes) -> None:
    """The same pages under another key, as one closed file without a write-ahead log."""
    with closing(connect(source, source_key)) as old, closing(connect(target, key)) as new:
        raw(old).backup(raw(new))
    _flush(target)


def _swap(fresh: Path, path: Path, key: bytes, stamp: str, folder: Path) -> Path | None:
    """Give the fresh file the database's name in one step; the old one keeps all it has under a name with the time.

    The old file and its log are copied before anything opens them: opening a damaged database can lose its log.
    """
    if not path.exists():
        fresh.replace(path)
        return None
    aside = path.with_name(f"{path.stem}-{stamp}{path.suffix}")
    kept = [(path, aside), (_log(path), _log(aside))]
    for old, copy in kept:
        if old.exists():
            _keep(old, copy, folder)
    try:
        _refuse_in_use(path, key)
    except UserError:
        for _, copy in kept:
            copy.unlink(missing_ok=True)
        raise
    _log(path).unlink(missing_ok=True)  # what is left of it belongs to the old file
    path.with_name(path.name + "-shm").unlink(missing_ok=True)
    fresh.replace(path)
    return aside


def _keep(old: Path, copy: Path, folder: Path) -> None:
    """Copy a file by way of a scratch folder: it has its name only when all of it is on the disk."""
    draft = folder / copy.name
    shutil.copy2(old, draft)
    _flush(draft)
    draft.replace(copy)


def _log(path: Path) -> Path:
    """The write-ahead log beside a database."""
    return path.with_name(path.name + "-wal")


def _flush(path: Path) -> None:
    """What was written to a file reaches the disk."""
    descriptor = os.open(path, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _refuse_in_use(path: Path, key: bytes) -> None:
    """UserError store-in-use when anybody has it open: leaving WAL works only alone."""
    try:
        with database_faults(path), closing(connect(path, key)) as old:
            raw(old).execute("PRAGMA busy_timeout = 500")
            raw(old).execute("PRAGMA journal_mode = DELETE")
    except UserError as fault:
        if fault.code == "store-busy":
            raise UserError("store-in-use", path=path) from fault
        # A database that is damaged or under another key is what a restore is for.
