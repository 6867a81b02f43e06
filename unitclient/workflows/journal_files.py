"""The journal as a file for auditors, and checks of a file or the database against what is kept elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from unitclient.errors import UserError
from unitclient.store import backupfile, journal_file
from unitclient.store.backup import open_backup
from unitclient.store.journal import verify_journal
from unitclient.workflows.desk import Desk
from unitclient.workflows.files import keep_aside, read_file, refuse_unwritable
from unitclient.workflows.rights import need, needs


@dataclass(frozen=True, slots=True)
class JournalReport:
    """How many entries the journal has, the hash of the last, and the first entry that is wrong (None: it is whole).

    `against` says what it was compared with beside its own chain: "", "database" or "backup".
    """

    entries: int
    head: str
    broken_at: int | None
    against: str = ""


@needs("journal")
def export_journal(desk: Desk, out: Path) -> JournalReport:
    """Write the whole journal into a file that carries its own proof; a file of that name is moved aside.

    UserError file-unwritable.
    """
    refuse_unwritable(out)
    end = journal_file.anchor(desk.store.connection)
    with desk.store.write("journal.export", detail={"entries": end.entries}):
        pass
    content = b"".join(journal_file.to_lines(desk.store))
    keep_aside(out, desk.now())
    try:
        out.write_bytes(content)
    except OSError as failure:
        raise UserError("file-unwritable", path=out) from failure
    end = journal_file.anchor(desk.store.connection)
    return JournalReport(end.entries, end.head, None)


@needs("diagnose")
def check_journal(desk: Desk, backup: Path | None = None, passphrase: str | None = None) -> JournalReport:
    """Check the chain in the database; with a backup, whether the end that it noted is still there.

    UserError of reading a backup, backup-no-journal (one of a version that did not note it).
    """
    end = journal_file.anchor(desk.store.connection)
    broken = verify_journal(desk.store)
    if backup is None:
        return JournalReport(end.entries, end.head, broken)
    told = _anchor_of(desk, backup, passphrase)
    return JournalReport(end.entries, end.head, broken or journal_file.compare(desk.store, told), "backup")


def check_journal_file(path: Path, desk: Desk | None = None) -> JournalReport:
    """Check an exported journal by itself, and against the database of a home where there is one.

    UserError journal-file-foreign (no journal of ours), those of reading a file.
    """
    content = read_file(path)
    found = journal_file.check_file(content)
    if found is None:
        raise UserError("journal-file-foreign", path=path)
    if desk is None:
        return JournalReport(found.entries, found.head, found.broken_at)
    need(desk, "diagnose")
    broken = found.broken_at or journal_file.compare_entries(desk.store, content)
    return JournalReport(found.entries, found.head, broken, "database")


def _anchor_of(desk: Desk, backup: Path, passphrase: str | None) -> journal_file.Anchor:
    with open_backup(backup) as file:
        header, line = backupfile.read_header(file, backup)
        opened = backupfile.open_keys(header, passphrase, desk.store.key, backup)
        told = backupfile.read_listing(file, opened, line, backup).journal
    if told == backupfile.UNTOLD:
        raise UserError("backup-no-journal", path=backup)
    return told
