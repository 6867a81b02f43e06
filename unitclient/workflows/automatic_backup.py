"""Automatic backups: at the end of the program and before a deadline, into the folder the clerk chose.

Each is encrypted and proves itself like any other. With a backup passphrase (`keep_passphrase`) each can be restored on
a new computer; without one only this home's key opens them, which is good against a broken disk of the database alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from unitclient.errors import UserError
from unitclient.store import backup as backups
from unitclient.store.backup import BackupReport
from unitclient.store.backupfile import KeptSecret
from unitclient.store.journal_file import anchor
from unitclient.store.settings import get_setting, put_setting
from unitclient.store.store import Store
from unitclient.store.times import from_text, to_text
from unitclient.store.units import Unit
from unitclient.workflows.backup_rotation import made, name_of, rules, superfluous
from unitclient.workflows.calendar import deadline_of, next_period
from unitclient.workflows.desk import Desk
from unitclient.workflows.rights import needs

_STATE, _SECRET = "backup.automatic", "backup.secret"


@dataclass(frozen=True, slots=True)
class AutomaticState:
    """How the last automatic backup went. `trouble` is the refusal's code; empty when it went well or none was due."""

    at: datetime | None = None
    trouble: str = ""
    portable: bool = False
    """Whether a passphrase is kept, so that the backups open on another computer."""


def automatic_state(store: Store) -> AutomaticState:
    """What is known of the automatic backups."""
    told = get_setting(store, _STATE) or {}
    at = from_text(told["at"]) if "at" in told else None
    return AutomaticState(at, str(told.get("trouble", "")), get_setting(store, _SECRET) is not None)


@needs("backup")
def keep_passphrase(desk: Desk, passphrase: str) -> None:
    """From now on automatic backups open anywhere with this passphrase; a key made of it is kept, not itself."""
    secret = KeptSecret.of(passphrase)
    with desk.store.write("backup.passphrase"):
        put_setting(desk.store, _SECRET, secret.to_json())


def back_up_by_itself(store: Store, why: str) -> BackupReport | None:
    """Make an automatic backup when a folder was chosen and anything was written since the last one; then tidy up.

    None when none was due, or when it could not be made: that is remembered and told on the dashboard. `why` is for
    the journal: exit, deadline.
    """
    folder = str(get_setting(store, "backup.folder") or "")
    if not folder or not _moved(store):
        return None
    try:
        report = _make(store, Path(folder))
    except UserError as refusal:
        _note(store, "backup.failed", {"why": why, "code": refusal.code}, trouble=refusal.code)
        return None
    _note(store, "backup.made", {"why": why, "bytes": report.bytes, "own_key": report.own_key})
    _tidy(store, Path(folder))
    return report


def due_before_deadline(desk: Desk, unit: Unit) -> bool:
    """Whether the deadline is near, the last automatic backup is from before that, and anything was written since."""
    deadline = deadline_of(desk, unit, next_period(desk, unit))
    if deadline is None:
        return False
    begin = deadline.until - rules().before_deadline
    last = automatic_state(desk.store).at
    offset = desk.now() - desk.store.now()  # the deadline goes by the centre's clock, the backup by ours
    near = begin <= desk.now() <= deadline.until
    return near and (last is None or last + offset < begin) and _moved(desk.store)


def _make(store: Store, folder: Path) -> BackupReport:
    if not folder.is_dir():
        raise UserError("backup-unwritable", path=folder, reason="")
    told: dict[str, Any] | None = get_setting(store, _SECRET)
    secret = KeptSecret.from_json(told) if told else None
    return backups.backup(store, folder / name_of(store, store.now()), secret)


def _moved(store: Store) -> bool:
    """Whether the journal goes on behind the entry of the last automatic backup."""
    told = get_setting(store, _STATE) or {}
    return bool(told.get("trouble")) or anchor(store.connection).entries != told.get("entries")


def _note(store: Store, act: str, detail: dict[str, object], trouble: str = "") -> None:
    before = get_setting(store, _STATE) or {}
    with store.write(act, detail=detail):
        told: dict[str, object] = {**before, "trouble": trouble}
        if not trouble:
            # This write's own entry is the next one.
            told |= {"at": to_text(store.now()), "entries": anchor(store.connection).entries + 1}
        put_setting(store, _STATE, told)


def _tidy(store: Store, folder: Path) -> None:
    """Take away what no rule keeps; what cannot be taken away stays."""
    found = made(store, folder)
    too_many = superfluous((path.name for path in found), rules())
    for path in found:
        if path.name in too_many:
            try:
                path.unlink()
            except OSError:
                return
