"""The database key: 32 random bytes in home/keys/database.key, wrapped.

On Windows the key is wrapped by DPAPI (`dpapi`), on Linux by the Secret Service where there is one
(`secret_service`): a copied disk, a stolen backup of the folder or another account on the computer cannot read the
database; a program that runs as the same account can. Where there is neither, the file is readable by its owner only
(mode 0600): that keeps other accounts out and makes a copy of the database file alone useless, but whoever copies the
whole home folder, or is root, can read it. An optional passphrase is an inner layer (Argon2id, AES-256-GCM) against
exactly that, at the price of being asked at each start; in a home with operators each has a password and a slot of
their own (`slots`). None of this protects against a program that runs as the clerk while the database is open.
"""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from unitclient.drafts import sweep
from unitclient.errors import UserError
from unitclient.store.kdf import DEFAULT_COST, KEY_BYTES, Cost
from unitclient.store.keyfile import publish
from unitclient.store.wrapping import asks_password, forget, unwrap, wrap

_VERSION = 1
WITH_OPERATORS = 2
"""Version of a key file that holds a slot for each operator (`slots`)."""


def key_path(home: Path) -> Path:
    """Where the wrapped key lies."""
    return home / "keys" / "database.key"


def mark_used(home: Path) -> None:
    """Note beside the key that a database was made with it; from now on its absence is a loss, not a beginning.

    No copy of the key stays that a crash left while it was written.
    """
    _used_path(home).touch(mode=0o600, exist_ok=True)
    sweep(key_path(home))


def was_used(home: Path) -> bool:
    """Whether this home ever had a database of this key."""
    return _used_path(home).exists()


def _used_path(home: Path) -> Path:
    return key_path(home).with_name("database.used")


def load_or_create(home: Path, passphrase: str | None = None) -> bytes:
    """The key of this home; a new one when there is none yet. Two processes that start at once get the same key."""
    path = key_path(home)
    if not path.exists():
        import secrets

        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        publish(path, _file(secrets.token_bytes(KEY_BYTES), passphrase, DEFAULT_COST), replace=False)
    return load(home, passphrase)


def load(home: Path, passphrase: str | None = None, operator: str = "", *, now: datetime | None = None) -> bytes:
    """The key of this home; with operators by one's name and password (`slots.open_slot`).

    UserError: store-key-missing (no key file), store-key-broken (not one of ours), store-operator-needed, and those of
    `wrapping.unwrap`.
    """
    path = key_path(home)
    members = read(home)
    if members["v"] == WITH_OPERATORS:
        from unitclient.store.slots import open_slot

        return open_slot(home, members, operator, passphrase, now)
    try:
        return unwrap(members, passphrase, path)
    except (ValueError, KeyError, TypeError) as fault:
        raise UserError("store-key-broken", mendable=False, path=path) from fault


def read(home: Path) -> dict[str, Any]:
    """The key file as it is; UserError store-key-missing, store-key-broken."""
    path = key_path(home)
    try:
        members = json.loads(path.read_text("utf-8"))
        assert members["v"] in (_VERSION, WITH_OPERATORS)
        assert members["slots"] if members["v"] == WITH_OPERATORS else members["key"]
    except FileNotFoundError:
        raise UserError("store-key-missing", mendable=False, path=path) from None
    except (ValueError, KeyError, TypeError, AssertionError) as fault:
        raise UserError("store-key-broken", mendable=False, path=path) from fault
    return dict(members)


def known(home: Path) -> dict[str, Any]:
    """The key file as it is, or nothing where it cannot be read."""
    try:
        return read(home)
    except UserError:
        return {}


def renew(home: Path, passphrase: str | None, stamp: str) -> bytes:
    """A new key for a home whose key file cannot be read (or is not there); the old file is moved aside."""
    path = key_path(home)
    if path.exists():
        path.replace(path.with_name(f"{path.stem}-{stamp}{path.suffix}"))
    return load_or_create(home, passphrase)


def change_passphrase(home: Path, old: str | None, new: str | None, cost: Cost = DEFAULT_COST) -> None:
    """Wrap the same key anew; None means without a passphrase. The database itself is not touched.

    UserError store-operator-needed in a home with operators: each has a password of their own.
    """
    rewrap(home, load(home, old), new, cost=cost)


def rewrap(home: Path, key: bytes, passphrase: str | None, cost: Cost = DEFAULT_COST) -> None:
    """Wrap a key that was come by otherwise (a recovery); only for a home without operators."""
    before = known(home)
    publish(key_path(home), _file(key, passphrase, cost), replace=True)
    forget(before)


def needs_passphrase(home: Path) -> bool:
    """Whether `load` will ask for a passphrase or for an operator. False when there is no readable key file."""
    try:
        members = json.loads(key_path(home).read_text("utf-8"))
        return bool(members["slots"]) if members["v"] == WITH_OPERATORS else asks_password(members)
    except (OSError, ValueError, KeyError, TypeError):
        return False


def needs_operator(home: Path) -> bool:
    """Whether this home opens for its operators only."""
    try:
        return bool(read(home)["v"] == WITH_OPERATORS)
    except (OSError, UserError):
        return False


def _file(key: bytes, passphrase: str | None, cost: Cost) -> bytes:
    from unitclient.store import jsontext

    return jsontext.dump({"v": _VERSION, **wrap(key, passphrase, cost)}).encode()
