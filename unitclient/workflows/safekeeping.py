"""Backups that leave a trace: when the last one was made is asked on the dashboard every day."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from unitclient.clock import CHINA
from unitclient.store.backup import BackupReport, backup
from unitclient.store.overview import last_act
from unitclient.store.settings import get_setting
from unitclient.store.store import Store
from unitclient.workflows.desk import Desk

_ACT = "backup.made"


def back_up(desk: Desk, out: Path, passphrase: str | None = None) -> BackupReport:
    """Back up as `store.backup.backup` does, and write into the journal that it was done. UserError as there."""
    report = backup(desk.store, out, passphrase)
    with desk.store.write(_ACT, detail={"bytes": report.bytes, "own_key": report.own_key}):
        pass
    return report


def last_backup(store: Store) -> datetime | None:
    """When the last backup was made, or None for never."""
    told = last_act(store, _ACT)
    return None if told is None else told[0]


def backup_name(desk: Desk) -> Path:
    """A fresh name for a backup in the folder that is set for backups (else among the exports)."""
    folder = str(get_setting(desk.store, "backup.folder") or "")
    stamp = desk.now().astimezone(CHINA)
    return (Path(folder) if folder else desk.exports) / f"unitclient-{stamp:%Y%m%d-%H%M%S}.ucbackup"
