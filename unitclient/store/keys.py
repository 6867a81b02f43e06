"""The database key: 32 random bytes in home/keys/database.key, wrapped.

On Windows the key is wrapped by DPAPI (`dpapi`): a copied disk, a stolen backup of the folder or another account on the
computer cannot read the database; a program that runs as the same account can. Elsewhere the file is readable by its
owner only (mode 0600) and not wrapped further: that keeps other accounts out and makes a copy of the database file
alone useless, but whoever copies the whole home folder, or is root, can read it. An optional passphrase is an
inner layer (Argon2id, AES-256-GCM) against exactly that, at the price of being asked at each start. None of this
protects against a program that runs as the clerk while the database is open.
"""

from __future__ import annotations

import base64
import json
import os
import sys
from pathlib import Path
from typing import Any

from unitclient.errors import UserError
from unitclient.store import dpapi
from unitclient.store.kdf import DEFAULT_COST, KEY_BYTES, SALT_BYTES, Cost, from_passphrase

_VERSION = 1
_NONCE_BYTES = 12
_PURPOSE = b"unitclient database key"


def key_path(home: Path) -> Path:
    """Where the wrapped key lies."""
    return home / "keys" / "database.key"


def mark_used(home: Path) -> None:
    """Note beside the key that a database was made with it; from now on its absence is a loss, not a beginning."""
    _used_path(home).touch(mode=0o600, exist_ok=True)


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
        _publish(path, _wrapped(secrets.token_bytes(KEY_BYTES), passphrase, DEFAULT_COST), replace=False)
    return load(home, passphrase)


def load(home: Path, passphrase: str | None = None) -> bytes:
    """The key of this home.

    UserError: store-key-missing (no key file), store-key-broken (not one of ours), store-key-foreign (wrapped by
    another Windows account or computer), store-passphrase-needed, store-passphrase-wrong.
    """
    path = key_path(home)
    try:
        members = json.loads(path.read_text("utf-8"))
        wrapped, layers = base64.b64decode(members["key"], validate=True), list(members["layers"])
        assert members["v"] == _VERSION
    except FileNotFoundError:
        raise UserError("store-key-missing", mendable=False, path=path) from None
    except (ValueError, KeyError, TypeError, AssertionError) as fault:
        raise UserError("store-key-broken", mendable=False, path=path) from fault
    for layer in reversed(layers):
        wrapped = _unwrap(wrapped, layer, passphrase, path)
    return wrapped


def renew(home: Path, passphrase: str | None, stamp: str) -> bytes:
    """A new key for a home whose key file cannot be read (or is not there); the old file is moved aside."""
    path = key_path(home)
    if path.exists():
        path.replace(path.with_name(f"{path.stem}-{stamp}{path.suffix}"))
    return load_or_create(home, passphrase)


def change_passphrase(home: Path, old: str | None, new: str | None, cost: Cost = DEFAULT_COST) -> None:
    """Wrap the same key anew; None means without a passphrase. The database itself is not touched."""
    _publish(key_path(home), _wrapped(load(home, old), new, cost), replace=True)


def needs_passphrase(home: Path) -> bool:
    """Whether `load` will ask for a passphrase. False when there is no readable key file."""
    try:
        layers = json.loads(key_path(home).read_text("utf-8"))["layers"]
        return any(layer["kind"] == "argon2id" for layer in layers)
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _wrapped(key: bytes, passphrase: str | None, cost: Cost) -> bytes:
    layers: list[dict[str, Any]] = []
    if passphrase is not None:
        import secrets

        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        salt, nonce = secrets.token_bytes(SALT_BYTES), secrets.token_bytes(_NONCE_BYTES)
        key = AESGCM(from_passphrase(passphrase, salt, cost)).encrypt(nonce, key, _PURPOSE)
        layers.append({"kind": "argon2id", "salt": salt.hex(), "nonce": nonce.hex(), "iterations": cost.iterations,
                       "memory_kib": cost.memory_kib, "lanes": cost.lanes})  # fmt: skip
    if dpapi.AVAILABLE:
        key = dpapi.protect(key)
        layers.append({"kind": "dpapi"})
    from unitclient.store import jsontext

    members = {"v": _VERSION, "layers": layers, "key": base64.b64encode(key).decode("ascii")}
    return jsontext.dump(members).encode()


def _unwrap(wrapped: bytes, layer: dict[str, Any], passphrase: str | None, path: Path) -> bytes:
    if layer["kind"] == "dpapi":
        try:
            return dpapi.unprotect(wrapped)
        except OSError as fault:
            raise UserError("store-key-foreign", mendable=False, path=path) from fault
    if passphrase is None:
        raise UserError("store-passphrase-needed")
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    cost = Cost(layer["iterations"], layer["memory_kib"], layer["lanes"])
    wrapping = from_passphrase(passphrase, bytes.fromhex(layer["salt"]), cost)
    try:
        return AESGCM(wrapping).decrypt(bytes.fromhex(layer["nonce"]), wrapped, _PURPOSE)
    except InvalidTag:
        raise UserError("store-passphrase-wrong") from None


def _publish(path: Path, content: bytes, *, replace: bool) -> None:
    """Write durably under a name of its own, then give it the real name in one step.

    Without `replace` the first of two writers wins and the other's file is dropped.
    """
    import secrets

    draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    try:
        if replace:
            draft.replace(path)
        else:
            _name_first(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def _name_first(draft: Path, path: Path) -> None:
    try:
        if sys.platform == "win32":
            draft.rename(path)  # refuses an existing name on Windows
        else:
            path.hardlink_to(draft)
    except FileExistsError:
        pass  # the other process was first; its key counts
