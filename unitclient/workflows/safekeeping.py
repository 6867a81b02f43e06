"""Backup, restore and the checks of what is kept on this computer."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from unitclient.clock import Clock
from unitclient.errors import UserError
from unitclient.store import backup as backups
from unitclient.store import restore as restoring
from unitclient.store.backup import BackupReport
from unitclient.store.check import CheckReport, check_db
from unitclient.store.journal import entries, verify_journal
from unitclient.store.restore import RestoreReport
from unitclient.workflows.desk import Desk
from unitclient.workflows.files import first_line, refuse_unwritable


@dataclass(frozen=True, slots=True)
class JournalReport:
    """How many entries the journal has, and the first at which its chain is broken (None: it is whole)."""

    entries: int
    broken_at: int | None


def make_backup(desk: Desk, out: Path, passphrase_file: Path | None = None) -> BackupReport:
    """Back up everything; the copy was restored and compared before this returns.

    UserError of `store.backup.backup` and of the passphrase file (`files.first_line`).
    """
    passphrase = first_line(passphrase_file) if passphrase_file else None
    if not out.exists():
        refuse_unwritable(out)
    return backups.backup(desk.store, out, passphrase)


def restore_backup(file: Path, home: Path, passphrase_file: Path | None, clock: Clock) -> RestoreReport:
    """Restore a backup into a home; what was there is kept beside.

    UserError of `store.restore.restore`, restore-unwritable when the home cannot take it.
    """
    passphrase = first_line(passphrase_file) if passphrase_file else None
    try:
        return restoring.restore(file, home, passphrase, clock=clock)
    except OSError as failure:
        raise UserError("restore-unwritable", mendable=False, path=home, reason=failure.strerror or "") from failure


def check_database(desk: Desk) -> CheckReport:
    """Check pages, structure, references and journal of the local database."""
    return check_db(desk.store)


def check_journal(desk: Desk) -> JournalReport:
    """Check the journal's chain of hashes."""
    return JournalReport(len(entries(desk.store)), verify_journal(desk.store))
