"""Backup, restore and the checks of what is kept on this computer."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from unitclient.clock import CHINA, Clock
from unitclient.errors import UserError
from unitclient.store import backup as backups
from unitclient.store import restore as restoring
from unitclient.store.backup import BackupReport
from unitclient.store.check import CheckReport, check_db
from unitclient.store.overview import last_act
from unitclient.store.restore import RestoreReport
from unitclient.store.settings import get_setting
from unitclient.store.store import Store
from unitclient.workflows.automatic_backup import automatic_state, back_up_by_itself, keep_passphrase
from unitclient.workflows.desk import Desk
from unitclient.workflows.files import first_line, refuse_unwritable
from unitclient.workflows.rights import need, needs

_MADE = "backup.made"


@needs("backup")
def make_backup(desk: Desk, out: Path, passphrase_file: Path | None = None) -> BackupReport:
    """Back up everything as `back_up` does. UserError also of the passphrase file (`files.first_line`)."""
    return back_up(desk, out, first_line(passphrase_file) if passphrase_file else None)


@needs("backup")
def make_automatic(desk: Desk, passphrase_file: Path | None = None) -> BackupReport | None:
    """An automatic backup now, asked for (by a scheduler, say); a passphrase given is kept for all of them.

    None when nothing is due. UserError as it went: backup-unwritable, backup-unproved.
    """
    if passphrase_file:
        keep_passphrase(desk, first_line(passphrase_file))
    report = back_up_by_itself(desk.store, "asked")
    trouble = automatic_state(desk.store).trouble
    if trouble:
        raise UserError(trouble, path=backup_name(desk).parent, reason="")
    return report


@needs("backup")
def back_up(desk: Desk, out: Path, passphrase: str | None = None) -> BackupReport:
    """Back up everything, and write into the journal that it was done: the copy was restored and compared before.

    UserError of `store.backup.backup`.
    """
    if not out.exists():
        refuse_unwritable(out)
    report = backups.backup(desk.store, out, passphrase)
    with desk.store.write(_MADE, detail={"bytes": report.bytes, "own_key": report.own_key}):
        pass
    return report


def last_backup(store: Store) -> datetime | None:
    """When the last backup was made, or None for never."""
    told = last_act(store, _MADE)
    return None if told is None else told[0]


def backup_name(desk: Desk) -> Path:
    """A fresh name for a backup in the folder that is set for backups (else among the exports)."""
    folder = str(get_setting(desk.store, "backup.folder") or "")
    stamp = desk.now().astimezone(CHINA)
    return (Path(folder) if folder else desk.exports) / f"unitclient-{stamp:%Y%m%d-%H%M%S}.ucbackup"


def restore_backup(
    file: Path,
    home: Path,
    passphrase_file: Path | None,
    clock: Clock,
    home_passphrase: str | None = None,
    operator: str = "",
) -> RestoreReport:
    """Restore a backup into a home; what was there is kept beside.

    `home_passphrase` (and `operator`, where the home has any) open what is there. UserError of `store.restore.restore`,
    right-missing, restore-unwritable when the home cannot take it.
    """
    passphrase = first_line(passphrase_file) if passphrase_file else None
    if operator:
        with Store.open(home, create=False, clock=clock, passphrase=home_passphrase, operator=operator) as store:
            need(store, "restore")
    try:
        return restoring.restore(
            file, home, passphrase, clock=clock, home_passphrase=home_passphrase, home_operator=operator
        )
    except OSError as failure:
        raise UserError("restore-unwritable", mendable=False, path=home, reason=failure.strerror or "") from failure


@needs("diagnose")
def check_database(desk: Desk) -> CheckReport:
    """Check pages, structure, references and journal of the local database."""
    return check_db(desk.store)
