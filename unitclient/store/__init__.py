"""The local database: encrypted SQLite, migrations, journal, repositories, backup."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from unitclient.store.store import Act, Store

__all__ = ["Act", "Store"]


def __getattr__(name: str) -> Any:
    """The Store at first use: the key alone (the first paint needs it) does without the database's libraries."""
    if name not in __all__:
        raise AttributeError(name)
    from unitclient.store import store

    return getattr(store, name)
