"""The desktop's key store on Linux (Secret Service over D-Bus: GNOME Keyring, KWallet): a wrapping key kept there.

Used where there is a session bus, a service that answers and a default collection that is open; never is a collection
made or a prompt raised. Without one nothing is kept here, and the key file's mode and a password are what protects.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from unitclient.errors import UserError

KEY_BYTES = 32
_LABEL = "unitclient 数据库密钥"


def available() -> bool:
    """Whether a new key can be kept here now."""
    if not _may_be_there():
        return False
    with _collection() as collection:
        return collection is not None and not collection.is_locked()


def new_key() -> tuple[str, bytes]:
    """(name, key): a fresh key, kept in the default collection. Call it where `available`."""
    import secrets

    name, key = secrets.token_hex(16), secrets.token_bytes(KEY_BYTES)
    with _collection() as collection:
        assert collection is not None
        collection.create_item(_LABEL, _attributes(name), key, content_type="application/octet-stream")
    return name, key


def load_key(name: str, path: Path) -> bytes:
    """The key of that name.

    UserError store-keyring-missing (no service, or not this account's), store-keyring-locked.
    """
    if _may_be_there():
        with _collection() as collection:
            for item in collection.search_items(_attributes(name)) if collection is not None else ():
                if item.is_locked():
                    raise UserError("store-keyring-locked", path=path)
                return bytes(item.get_secret())
    raise UserError("store-keyring-missing", mendable=False, path=path)


def forget(name: str) -> None:
    """Delete the key of that name, where it can be had: what it wrapped is wrapped anew, and an older copy is void."""
    from secretstorage.exceptions import SecretStorageException

    if not _may_be_there():
        return
    with _collection() as collection:
        for item in collection.search_items(_attributes(name)) if collection is not None else ():
            try:
                item.delete()
            except SecretStorageException:
                return  # locked meanwhile: it stays, and opens nothing that is still in use


def _attributes(name: str) -> dict[str, str]:
    return {"application": "unitclient", "key": name}


def _may_be_there() -> bool:
    """Whether there is a bus at all: most computers without a screen need no library to know."""
    return sys.platform.startswith("linux") and bool(os.environ.get("DBUS_SESSION_BUS_ADDRESS"))


@contextmanager
def _collection() -> Iterator[Any]:
    """The default collection, or None where no service answers or it has none."""
    import secretstorage
    from jeepney import DBusErrorResponse
    from secretstorage.exceptions import SecretStorageException

    try:
        bus = secretstorage.dbus_init()
    except (SecretStorageException, OSError):
        yield None
        return
    try:
        try:
            found = _default(bus)
        except (SecretStorageException, DBusErrorResponse, OSError):
            found = None
        yield found
    finally:
        bus.close()


def _default(bus: Any) -> Any:
    import secretstorage

    if not secretstorage.check_service_availability(bus):
        return None
    # get_default_collection would make one, and ask for its password.
    return secretstorage.get_collection_by_alias(bus, "default")
