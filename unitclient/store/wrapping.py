"""A key wrapped in layers: a password inside (Argon2id, AES-256-GCM), the operating system's key store outside.

The wrapped form is a JSON object, `{"layers": [...], "key": base64}`; layers are taken off from the last to the first.
"""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

from unitclient.errors import UserError
from unitclient.store import dpapi, secret_service
from unitclient.store.kdf import SALT_BYTES, Cost, from_passphrase

NONCE_BYTES = 12
_PURPOSE = b"unitclient database key"


def wrap(key: bytes, password: str | None, cost: Cost, *, by_system: bool = True) -> dict[str, Any]:
    """The wrapped form; with `by_system` also by the operating system's store where there is one."""
    layers: list[dict[str, Any]] = []
    if password is not None:
        import secrets

        salt = secrets.token_bytes(SALT_BYTES)
        layer, key = seal(key, from_passphrase(password, salt, cost))
        layers.append({"kind": "argon2id", "salt": salt.hex(), "iterations": cost.iterations,
                       "memory_kib": cost.memory_kib, "lanes": cost.lanes, **layer})  # fmt: skip
    if by_system and dpapi.AVAILABLE:
        key = dpapi.protect(key)
        layers.append({"kind": "dpapi"})
    elif by_system and secret_service.available():
        item, wrapping = secret_service.new_key()
        layer, key = seal(key, wrapping)
        layers.append({"kind": "secret-service", "item": item, **layer})
    return {"layers": layers, "key": base64.b64encode(key).decode("ascii")}


def unwrap(members: dict[str, Any], password: str | None, path: Path) -> bytes:
    """The key again.

    UserError store-passphrase-needed, store-passphrase-wrong, store-key-foreign (another Windows account or computer
    wrapped it), store-keyring-locked, store-keyring-missing; ValueError and KeyError when the form is none.
    """
    wrapped = base64.b64decode(members["key"], validate=True)
    for layer in reversed(list(members["layers"])):
        wrapped = _off(wrapped, layer, password, path)
    return wrapped


def forget(members: dict[str, Any]) -> None:
    """After something was wrapped anew: what the system's store kept for the old form is deleted."""
    for layer in members.get("layers", ()):
        if layer["kind"] == "secret-service":
            secret_service.forget(layer["item"])


def asks_password(members: dict[str, Any]) -> bool:
    """Whether a password is among the layers."""
    return any(layer["kind"] == "argon2id" for layer in members["layers"])


def seal(key: bytes, wrapping: bytes) -> tuple[dict[str, str], bytes]:
    """({"nonce"}, sealed key) under another key."""
    import secrets

    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = secrets.token_bytes(NONCE_BYTES)
    return {"nonce": nonce.hex()}, AESGCM(wrapping).encrypt(nonce, key, _PURPOSE)


def unseal(sealed: bytes, nonce: str, wrapping: bytes) -> bytes | None:
    """What was sealed; None when it was under another key."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        return AESGCM(wrapping).decrypt(bytes.fromhex(nonce), sealed, _PURPOSE)
    except InvalidTag:
        return None


def _off(wrapped: bytes, layer: dict[str, Any], password: str | None, path: Path) -> bytes:
    if layer["kind"] == "dpapi":
        try:
            return dpapi.unprotect(wrapped)
        except OSError as fault:
            raise UserError("store-key-foreign", mendable=False, path=path) from fault
    if layer["kind"] == "secret-service":
        found = unseal(wrapped, layer["nonce"], secret_service.load_key(layer["item"], path))
        if found is None:
            raise UserError("store-key-foreign", mendable=False, path=path)
        return found
    if password is None:
        raise UserError("store-passphrase-needed")
    cost = Cost(layer["iterations"], layer["memory_kib"], layer["lanes"])
    found = unseal(wrapped, layer["nonce"], from_passphrase(password, bytes.fromhex(layer["salt"]), cost))
    if found is None:
        raise UserError("store-passphrase-wrong")
    return found
