"""Opening the encrypted database: SQLCipher under peewee, in WAL with full durability.

WAL with synchronous FULL loses no committed transaction when the power fails; foreign keys are on; a writer waits for
another one up to `BUSY_MS` instead of failing at once; what SQLite sorts or spills stays in memory, because temporary
files would not be encrypted.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import peewee
from playhouse.sqlcipher_ext import SqlCipherDatabase
from sqlcipher3 import dbapi2

from unitclient.errors import UserError

BUSY_MS = 10_000
_PRAGMAS = (
    ("cipher_log_level", "NONE"),  # SQLCipher reports a wrong key on stderr otherwise
    ("busy_timeout", BUSY_MS),
    ("foreign_keys", 1),
    ("synchronous", "FULL"),
    ("temp_store", "MEMORY"),
    ("cache_size", -32_000),
)
APPLICATION_ID = 0x756E6974
"""`PRAGMA application_id` of our databases: "unit"."""


class _WithoutValues(logging.Filter):
    """peewee logs each statement with its values, which are names, numbers and keys: only the statement stays."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Always True: the line stays, without the values."""
        if isinstance(record.msg, tuple):
            record.msg = str(record.msg[0])
        return True


logging.getLogger("peewee").addFilter(_WithoutValues())


def connect(path: Path, key: bytes) -> peewee.SqliteDatabase:
    """A connected database; the file is made when it is not there. UserError as in `database_faults`."""
    database: peewee.SqliteDatabase = SqlCipherDatabase(
        str(path), passphrase=f"x'{key.hex()}'", pragmas=list(_PRAGMAS), autoconnect=False
    )
    with database_faults(path):
        database.connect()
        try:
            _use_wal(raw(database))
        except BaseException:
            database.close()
            raise
    return database


def raw(database: peewee.SqliteDatabase) -> Any:
    """The driver's own connection, for bulk work inside a transaction."""
    connection: Any = database.connection  # the stubs leave the method without types
    return connection()


def _use_wal(connection: Any) -> None:
    """Switch to WAL. SQLite does not wait here when two processes make a new database at once, so this waits."""
    until = time.monotonic() + BUSY_MS / 1000
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except dbapi2.OperationalError as fault:
            if "locked" not in str(fault) or time.monotonic() > until:
                raise
            time.sleep(0.02)
        else:
            return


@contextmanager
def database_faults(path: Path) -> Iterator[None]:
    """Tell a machine's fault from a program's.

    store-busy (another process wrote for too long), store-full (no space left), store-damaged (the file is not whole),
    store-io (the disk refuses to read or write), store-key-wrong (another key, or not a database of ours),
    store-unreadable (the file cannot be opened or written).
    Everything else goes through.
    """
    try:
        yield
    except (peewee.DatabaseError, dbapi2.DatabaseError) as fault:
        code = _fault_code(str(fault))
        if code is None:
            raise
        raise UserError(code, mendable=code == "store-busy", path=path) from fault


_FAULTS = (
    ("database is locked", "store-busy"),
    ("database table is locked", "store-busy"),
    ("disk is full", "store-full"),
    ("malformed", "store-damaged"),
    ("disk I/O error", "store-io"),
    ("file is not a database", "store-key-wrong"),
    ("unable to open database file", "store-unreadable"),
    ("readonly database", "store-unreadable"),
)


def _fault_code(message: str) -> str | None:
    return next((code for part, code in _FAULTS if part in message), None)
