"""The Store: one encrypted database per home, and the only two ways to use it: `write` and `read`.

Every write is one BEGIN IMMEDIATE transaction that carries its journal entry with it, so an act and its record are
either both there or both not. A Store belongs to the thread that opened it; another thread opens its own.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import peewee

from unitclient.clock import Clock
from unitclient.errors import UserError
from unitclient.store import connection, journal, keys, looking, migrations, place, seen
from unitclient.store.transactions import transaction

DATABASE_NAME = "unitclient.db"


def database_path(home: Path) -> Path:
    """Where the database of a home lies."""
    return home / DATABASE_NAME


class Act:
    """One act under way. `detail` may be filled until the end of its block; it becomes the journal entry."""

    def __init__(self, act: str, subject: str, detail: Mapping[str, object] | None, actor: str) -> None:
        self.act = act
        self.subject = subject
        self.detail: dict[str, object] = dict(detail or {})
        self.actor = actor
        self._unchanged = False

    def unchanged(self) -> None:
        """Say that nothing happened: no journal entry is written."""
        self._unchanged = True

    @property
    def happened(self) -> bool:
        """Whether the journal records it."""
        return not self._unchanged


class Store:
    """An open database. Use `Store.open`, as a context manager or with `close`."""

    def __init__(self, home: Path, database: peewee.SqliteDatabase, key: bytes, clock: Clock) -> None:
        self.home = home
        self.db = database
        self.key = key
        self.clock = clock
        self.actor = ""
        """Who the journal names when a write does not say."""
        self.operator = ""
        """Which of the home's operators signed in; empty where it has none."""
        self.token = f"{os.getpid()}:{secrets.token_hex(8)}"
        """Names this opening of the database; marks the submissions it is sending."""
        self.suspect = False
        """Whether the last use of the database may have ended badly, so that a check is due."""
        self._writes = 0
        _OPEN.add(self.token)

    @classmethod
    def open(
        cls,
        home: Path,
        *,
        create: bool = True,
        clock: Clock,
        passphrase: str | None = None,
        key: bytes | None = None,
        operator: str = "",
    ) -> Self:
        """Open the database of a home and bring it to this version's schema.

        With `create` a home without a database gets a new one. `key` is the database's key where it is known already
        (deriving it from a passphrase takes its time). `operator` is who signs in, where the home has operators.
        UserError: store-missing, the key's refusals (`keys.load`), the machine's faults
        (`connection.database_faults`), store-newer (made by a newer version), store-lost (the home had a database, and
        the file is empty or gone), store-network-drive, operator-unknown, operator-blocked.
        """
        place.refuse_network(home)
        path = database_path(home)
        _refuse_lost(home, path, create)
        key = key or _key(home, passphrase, operator, create, clock)
        found = looking.look(home, path, key)
        kept = _keep(path, clock) if found.missing else ""
        database = connection.connect(path, key)
        try:
            with connection.database_faults(path):
                migrations.migrate(database, path, key, clock)
            _mark_used(home)
            store = cls(home, database, key, clock)
            store.suspect = found.had_log or bool(kept)
            if kept:
                store._lost_its_log(found.missing, kept)
        except BaseException:
            database.close()
            raise
        if operator:
            store._admit(operator)
        return store

    def _lost_its_log(self, missing: int, kept: str) -> None:
        """The newest acts are gone; from now on it is as after a restore."""
        from unitclient.store.older import became_older

        with self.write("store.log-lost", detail={"missing": missing, "kept": kept}):
            became_older(self, "log-lost", "", missing=missing, kept=kept)

    def _admit(self, operator: str) -> None:
        from unitclient.store.operators import admit

        try:
            admit(self, operator)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Close the database. Closing twice does nothing."""
        _OPEN.discard(self.token)
        self.db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def path(self) -> Path:
        """The database file."""
        return database_path(self.home)

    @property
    def connection(self) -> Any:
        """The driver's own connection, for bulk work inside `write` and for fast reads."""
        return connection.raw(self.db)

    def now(self) -> datetime:
        """The time by this store's clock."""
        return self.clock.now()

    @contextmanager
    def write(
        self, act: str, *, subject: str = "", detail: Mapping[str, object] | None = None, actor: str = ""
    ) -> Iterator[Act]:
        """One act: BEGIN IMMEDIATE, what the block writes, one journal entry, COMMIT; all of it or nothing.

        `act` is a dotted word ("items.stage"), `subject` an id that names what it is about, `detail` counts and codes
        (never a person's data). An inner write joins the outer transaction: it adds its own entry, and when it fails
        only its own part is undone unless the error goes on.
        """
        under_way = Act(act, subject, detail, actor or self.actor)
        journal.refuse_personal(under_way.subject, under_way.detail)
        if self.connection.in_transaction and not self._writes:
            raise RuntimeError("a write inside a read: the snapshot cannot become a write")
        self._writes += 1
        try:
            with connection.database_faults(self.path), transaction(self.connection, "IMMEDIATE"):
                yield under_way
                if under_way.happened:
                    self._record(under_way)
        finally:
            self._writes -= 1
        if not self._writes:
            seen.note(self.home, self.connection)

    def _record(self, act: Act) -> None:
        journal.append(self.connection, self.now(), act.act, act.subject, act.detail, act.actor)

    @contextmanager
    def read(self) -> Iterator[None]:
        """Everything read in the block is of one moment. Inside a write or another read it adds nothing."""
        if self.connection.in_transaction:
            yield
            return
        with connection.database_faults(self.path), transaction(self.connection, "DEFERRED"):
            yield

    def keep_in_memory(self, kib: int) -> None:
        """Let at most so much of the database stay in memory on this connection: for one that mostly reads pages."""
        self.connection.execute(f"PRAGMA cache_size = -{int(kib)}")

    def rest(self) -> None:
        """Give back the memory that the last work needed; the next one reads from the file again."""
        self.connection.execute("PRAGMA shrink_memory")

    def must_write(self) -> Any:
        """The driver's connection for a repository that changes rows; RuntimeError outside `write`."""
        driver = self.connection
        if not (self._writes and driver.in_transaction):
            raise RuntimeError("rows change inside Store.write only")
        return driver

    def rows(self, query: Any) -> list[dict[str, Any]]:
        """All rows of a peewee query as dicts by field name."""
        return list(query.dicts().execute(self.db))

    def row(self, query: Any) -> dict[str, Any] | None:
        """The first row of a peewee query, or None."""
        return next(iter(query.limit(1).dicts().execute(self.db)), None)

    def change(self, query: Any) -> int:
        """Run a peewee insert, update or delete inside `write`; the number of rows it changed (or the new id)."""
        self.must_write()
        return int(query.execute(self.db) or 0)


def _refuse_lost(home: Path, path: Path, create: bool) -> None:
    """A home that was used is never begun anew by itself: the clerk would find an empty roster and declare it."""
    try:
        gone = not path.exists() or path.stat().st_size == 0
        if create and gone and keys.was_used(home):
            raise UserError("store-lost", mendable=False, path=path)
    except OSError as fault:
        raise UserError("store-unreadable", mendable=False, path=path) from fault


def _keep(path: Path, clock: Clock) -> str:
    try:
        return looking.keep_copy(path, clock.now()).name
    except OSError as fault:
        raise UserError("store-full", mendable=False, path=path) from fault


def _mark_used(home: Path) -> None:
    try:
        keys.mark_used(home)
    except OSError as fault:
        raise UserError("store-unreadable", mendable=False, path=home) from fault


def _key(home: Path, passphrase: str | None, operator: str, create: bool, clock: Clock) -> bytes:
    """The key of a home. A new one is made only where there is no database that an old one would be needed for."""
    path = database_path(home)
    try:
        if path.exists():
            return keys.load(home, passphrase, operator, now=clock.now())
        if create:
            home.mkdir(mode=0o700, parents=True, exist_ok=True)
            return keys.load_or_create(home, passphrase)
    except OSError as fault:
        raise UserError("store-unreadable", mendable=False, path=path) from fault
    raise UserError("store-missing", path=path)


_OPEN: set[str] = set()


def is_open_here(token: str) -> bool:
    """Whether this process holds the Store of that token open (another thread's, for one)."""
    return token in _OPEN
