"""The centre's database: one writer at a time, readers beside it, every commit on the disk before it is spoken of."""

from __future__ import annotations

import secrets
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from unitclient.central.schema import SCHEMA, SCHEMA_VERSION
from unitclient.central.schema_certificates import CERTIFICATES
from unitclient.central.schema_ledger import LEDGER
from unitclient.central.schema_registers import REGISTERS
from unitclient.central.schema_service import SERVICE

FILE_NAME = "centre.db"
_BUSY_MS = 30_000
_STEPS = {2: (REGISTERS,), 3: (SERVICE, LEDGER), 4: (CERTIFICATES,)}
"""What each schema after the first added."""


class CentreDatabase:
    """Opens (and makes, when it is not there) `home`/centre.db. `close` it at the end."""

    def __init__(self, home: Path) -> None:
        home.mkdir(parents=True, exist_ok=True)
        self.path = home / FILE_NAME
        self._lock = threading.RLock()
        self._local = threading.local()
        self._connections: list[sqlite3.Connection] = []
        self._writer = self._connect()
        self._make_schema()

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """One writing transaction: all of it, durable, or nothing. Waits for other writers."""
        with self._lock:
            self._writer.execute("BEGIN IMMEDIATE")
            try:
                yield self._writer
            except BaseException:
                self._writer.execute("ROLLBACK")
                raise
            self._writer.execute("COMMIT")

    def read(self) -> sqlite3.Connection:
        """This thread's reading connection."""
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._connect()
            connection.execute("PRAGMA query_only = ON")
            self._local.connection = connection
        return connection

    def meta(self, key: str, default: str | None = None) -> str:
        """A setting of the service; `default` or KeyError when it has none of that name."""
        row = self.read().execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        if row is None and default is None:
            raise KeyError(key)
        return str(row[0]) if row else str(default)

    def close(self) -> None:
        """Let every connection go."""
        with self._lock:
            for connection in self._connections:
                connection.close()
            self._connections.clear()

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.path, isolation_level=None, check_same_thread=False)
        connection.row_factory = sqlite3.Row
        connection.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        with self._lock:
            self._connections.append(connection)
        return connection

    def _make_schema(self) -> None:
        with self.write() as tx:
            version = int(tx.execute("PRAGMA user_version").fetchone()[0])
            if version > SCHEMA_VERSION:
                raise RuntimeError(f"{self.path} is of a newer release (schema {version})")
            if version == SCHEMA_VERSION:
                return
            if version == 0:
                _run(tx, SCHEMA)
                first = {"epoch": secrets.token_hex(4), "cursor_key": secrets.token_hex(32), "clock_offset_ms": "0"}
                tx.executemany("INSERT INTO meta VALUES (?, ?)", first.items())
            for since, scripts in _STEPS.items():
                for script in scripts if version < since else ():
                    _run(tx, script)
            tx.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")


def set_meta(tx: sqlite3.Connection, key: str, value: str) -> None:
    """Write a setting inside a transaction."""
    tx.execute("INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value", (key, value))


def _run(tx: sqlite3.Connection, script: str) -> None:
    for statement in _statements(script):
        tx.execute(statement)


def _statements(script: str) -> Iterator[str]:
    """The statements of a script one by one: executescript would commit the transaction it runs in."""
    pending = ""
    for line in script.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            yield pending
            pending = ""
