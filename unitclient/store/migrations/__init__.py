"""Numbered steps from any released schema to this version's.

For each step: foreign keys off (inside a transaction the switch is ignored, and a rebuilt parent table would delete
its children in silence), the write lock, and only then the version is read, so two processes that start at once do not
both migrate. Before the first step of an upgrade the database is copied to home/backups. One step is one transaction
with its journal entry; a crash leaves the database at a whole version. A newer database is refused untouched.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import peewee

from unitclient.clock import Clock
from unitclient.errors import UserError
from unitclient.store import connection, journal
from unitclient.store.contents import contents
from unitclient.store.migrations import (
    m0001_first,
    m0002_batches,
    m0003_people,
    m0004_registers,
    m0005_attachments,
    m0006_operators,
    m0007_years,
)
from unitclient.store.transactions import transaction


@dataclass(frozen=True, slots=True)
class Step:
    """Brings a database of version `version - 1` to `version`."""

    version: int
    apply: Callable[[Any], None]


STEPS: tuple[Step, ...] = (
    Step(1, m0001_first.apply),
    Step(2, m0002_batches.apply),
    Step(3, m0003_people.apply),
    Step(4, m0004_registers.apply),
    Step(5, m0005_attachments.apply),
    Step(6, m0006_operators.apply),
    Step(7, m0007_years.apply),
)
"""All steps in order. A released step never changes; a new schema is a new step."""


def schema_version(database: peewee.SqliteDatabase) -> int:
    """The version a database has; 0 is an empty one."""
    return int(connection.raw(database).execute("PRAGMA user_version").fetchone()[0])


def migrate(
    database: peewee.SqliteDatabase, path: Path, key: bytes, clock: Clock, steps: Sequence[Step] = STEPS
) -> None:
    """Run the steps that are missing. UserError store-newer when the database knows more than the program."""
    known = steps[-1].version
    found = schema_version(database)
    if found > known:
        raise UserError("store-newer", mendable=False, path=path, found=found, known=known)
    if found == known:
        return
    driver = connection.raw(database)
    driver.execute("PRAGMA foreign_keys = 0")
    try:
        for step in steps:
            _run(driver, step, found, path, key, clock)
    finally:
        driver.execute("PRAGMA foreign_keys = 1")


def _run(driver: Any, step: Step, found: int, path: Path, key: bytes, clock: Clock) -> None:
    with transaction(driver, "IMMEDIATE"):
        version = driver.execute("PRAGMA user_version").fetchone()[0]
        if version < step.version:
            if version and version == found:
                _copy_before_upgrade(path, key, version, clock)
            _apply(driver, step, clock)


def _apply(driver: Any, step: Step, clock: Clock) -> None:
    step.apply(driver)
    broken = driver.execute("PRAGMA foreign_key_check").fetchall()
    if broken:
        raise RuntimeError(f"step {step.version} leaves {len(broken)} rows without their parent")
    driver.execute(f"PRAGMA application_id = {connection.APPLICATION_ID}")
    driver.execute(f"PRAGMA user_version = {step.version}")
    journal.append(driver, clock.now(), "store.migrate", "", {"to": step.version}, "")


def _copy_before_upgrade(path: Path, key: bytes, version: int, clock: Clock) -> None:
    """A copy of the last whole state, under the same key. The lock is held, so nobody writes meanwhile."""
    folder = path.parent / "backups"
    folder.mkdir(mode=0o700, exist_ok=True)
    copy = folder / f"before-upgrade-v{version}-{clock.now():%Y%m%dT%H%M%S%f}.db"
    draft = copy.with_name(copy.name + ".part")
    try:
        with closing(connection.connect(path, key)) as source, closing(connection.connect(draft, key)) as target:
            connection.raw(source).backup(connection.raw(target))
        # Read back by a connection of its own, from the disk: only a copy that holds the same gets its name.
        with closing(connection.connect(path, key)) as source, closing(connection.connect(draft, key)) as target:
            if contents(connection.raw(source)) != contents(connection.raw(target)):
                raise UserError("backup-unproved", mendable=False, path=copy)
        draft.replace(copy)
    finally:
        draft.unlink(missing_ok=True)
