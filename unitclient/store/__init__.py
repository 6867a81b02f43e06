"""The local database: encrypted SQLite, migrations, journal, repositories, backup."""

from unitclient.store.store import Act, Store

__all__ = ["Act", "Store"]
