"""One transaction, or a savepoint inside one.

peewee's own `atomic` is not used: when the disk is full SQLite undoes the transaction by itself, and peewee's ROLLBACK
after that raises an error of its own that hides the real one.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def transaction(driver: Any, kind: str) -> Iterator[None]:
    """All of the block or nothing; `kind` is IMMEDIATE (takes the write lock first) or DEFERRED (a snapshot)."""
    inner = driver.in_transaction
    driver.execute("SAVEPOINT inside" if inner else f"BEGIN {kind}")
    try:
        yield
        driver.execute("RELEASE inside" if inner else "COMMIT")
    except BaseException:
        _undo(driver, inner)
        raise


def _undo(driver: Any, inner: bool) -> None:
    if not driver.in_transaction:
        return  # SQLite has undone everything already
    if inner:
        driver.execute("ROLLBACK TO inside")
        driver.execute("RELEASE inside")
    else:
        driver.execute("ROLLBACK")
