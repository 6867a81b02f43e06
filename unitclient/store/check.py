"""Is the database whole? Pages, structure, references, journal chain and counts."""

from __future__ import annotations

from dataclasses import dataclass

from unitclient.store.contents import contents
from unitclient.store.journal import verify_journal
from unitclient.store.migrations import schema_version
from unitclient.store.store import Store

_NAMED = 20
"""How many structural faults are named; a damaged file may have thousands."""


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What `check_db` found. Empty tuples, 0 and None are good."""

    schema: int
    damaged_pages: tuple[str, ...]
    """Pages whose seal does not fit (cipher_integrity_check)."""
    structure: tuple[str, ...]
    """What integrity_check says."""
    orphans: int
    """Rows whose parent is missing."""
    journal_broken_at: int | None
    """First entry at which the journal's chain is broken."""
    rows: dict[str, int]

    @property
    def ok(self) -> bool:
        """Whether everything is as it should be."""
        return not (self.damaged_pages or self.structure or self.orphans or self.journal_broken_at)


def check_db(store: Store) -> CheckReport:
    """Check the open database. UserError store-damaged when it cannot even be read through."""
    with store.read():
        run = store.connection.execute
        structure = [row[0] for row in run(f"PRAGMA integrity_check({_NAMED})")]
        return CheckReport(
            schema=schema_version(store.db),
            damaged_pages=tuple(row[0] for row in run("PRAGMA cipher_integrity_check")),
            structure=() if structure == ["ok"] else tuple(structure),
            orphans=len(run("PRAGMA foreign_key_check").fetchall()),
            journal_broken_at=verify_journal(store),
            rows={name: content.rows for name, content in contents(store.connection).items()},
        )
