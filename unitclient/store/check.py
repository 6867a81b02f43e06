"""Is the database whole? Pages, structure, references, journal chain and counts."""

from __future__ import annotations

import time
from dataclasses import dataclass

from sqlcipher3 import dbapi2

from unitclient.errors import UserError
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


@dataclass(frozen=True, slots=True)
class QuickCheck:
    """What a bounded look at the pages found. `complete` is false when the time was over before the end."""

    faults: tuple[str, ...]
    complete: bool


_STEPS = 2_000
"""How many steps of SQLite pass between two looks at the clock: some tenths of a millisecond."""


def quick_check(store: Store, seconds: float) -> QuickCheck:
    """Read pages and structure for so long at most: every page read has its seal checked. Changes nothing."""
    until = time.monotonic() + seconds
    store.connection.set_progress_handler(lambda: time.monotonic() > until, _STEPS)
    try:
        with store.read():
            found = [str(row[0]) for row in store.connection.execute(f"PRAGMA quick_check({_NAMED})")]
    except dbapi2.OperationalError as fault:
        if "interrupted" not in str(fault):
            raise
        return QuickCheck((), complete=False)
    except UserError as fault:
        if fault.code != "store-damaged":
            raise
        return QuickCheck((str(fault.__cause__),), complete=True)
    finally:
        store.connection.set_progress_handler(None, 0)
    return QuickCheck(() if found == ["ok"] else tuple(found), complete=True)


def refuse_damaged(store: Store, seconds: float) -> None:
    """UserError store-damaged when a bounded check finds the database damaged."""
    if quick_check(store, seconds).faults:
        raise UserError("store-damaged", mendable=False, path=store.path)
