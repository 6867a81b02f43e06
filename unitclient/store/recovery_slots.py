"""Ways back in when a password is forgotten: a printed code, or the unit's own signing key.

`keys/recovery.json` holds the database key under each way that was set up; neither is bound to the computer, because a
lost Windows profile or keyring is one of the things to come back from. Both secrets are far too long to be guessed.

The signing key serves where its signatures are always the same (RSA, PKCS#1 v1.5): the signature over a text that is
signed for nothing else is what the wrapping key is made of. EC and SM2 signatures differ each time, so they cannot.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

from unitclient.errors import UserError
from unitclient.store import jsontext
from unitclient.store.kdf import SALT_BYTES, from_key
from unitclient.store.keyfile import publish
from unitclient.store.wrapping import seal, unseal

Sign = Callable[[bytes], bytes]
CODE, CERTIFICATE = "code", "certificate"
_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Thirty-two characters that are not taken for one another on paper."""
_GROUPS, _GROUP = 7, 4
"""28 characters of five bits: 140 bits."""
_TEXT = b"unitclient: recovery of a local database key, version 1. This is no declaration.\n"


def path_of(home: Path) -> Path:
    """Where the ways back in lie."""
    return home / "keys" / "recovery.json"


def ways(home: Path) -> tuple[str, ...]:
    """Which ways are set up: CODE, CERTIFICATE."""
    return tuple(sorted(_read(home)))


def set_code(home: Path, key: bytes) -> str:
    """A new code, which is shown once and replaces any other; "XXXX-XXXX-..."."""
    code = "-".join("".join(secrets.choice(_LETTERS) for _ in range(_GROUP)) for _ in range(_GROUPS))
    _put(home, CODE, key, lambda salt: _of_code(code, salt), {})
    return code


def open_with_code(home: Path, code: str) -> bytes:
    """The database key by the printed code. UserError recovery-none, recovery-code-wrong."""
    return _open(home, CODE, lambda salt: _of_code(code, salt), "recovery-code-wrong")


def set_certificate(home: Path, key: bytes, certificate_der: bytes, sign: Sign) -> None:
    """Let the key of this certificate open the database. UserError recovery-key-unsteady (its signatures differ)."""
    told = {"certificate": hashlib.sha256(certificate_der).hexdigest()}
    _put(home, CERTIFICATE, key, lambda salt: _of_signature(sign, salt, told["certificate"]), told)


def open_with_certificate(home: Path, certificate_der: bytes, sign: Sign) -> bytes:
    """The database key by the unit's key.

    UserError recovery-none, recovery-certificate-other, recovery-key-unsteady.
    """
    mine = hashlib.sha256(certificate_der).hexdigest()
    slot = _read(home).get(CERTIFICATE)
    if slot is not None and slot["certificate"] != mine:
        raise UserError("recovery-certificate-other")
    return _open(home, CERTIFICATE, lambda salt: _of_signature(sign, salt, mine), "recovery-certificate-other")


def _of_code(code: str, salt: bytes) -> bytes:
    plain = "".join(one for one in code.upper() if one.isalnum())
    return from_key(plain.encode(), salt, "unitclient recovery code")


def _of_signature(sign: Sign, salt: bytes, certificate: str) -> bytes:
    text = _TEXT + salt.hex().encode() + b"\n" + certificate.encode() + b"\n"
    first = sign(text)
    if sign(text) != first:
        raise UserError("recovery-key-unsteady")
    return from_key(first, salt, "unitclient recovery by signature")


def _put(home: Path, way: str, key: bytes, wrapping: Callable[[bytes], bytes], told: dict[str, str]) -> None:
    salt = secrets.token_bytes(SALT_BYTES)
    layer, sealed = seal(key, wrapping(salt))
    slot = {**told, **layer, "salt": salt.hex(), "key": base64.b64encode(sealed).decode("ascii")}
    publish(path_of(home), jsontext.dump({**_read(home), way: slot}).encode(), replace=True)


def _open(home: Path, way: str, wrapping: Callable[[bytes], bytes], wrong: str) -> bytes:
    slot = _read(home).get(way)
    if slot is None:
        raise UserError("recovery-none")
    found = unseal(base64.b64decode(slot["key"]), slot["nonce"], wrapping(bytes.fromhex(slot["salt"])))
    if found is None:
        raise UserError(wrong)
    return found


def _read(home: Path) -> dict[str, Any]:
    try:
        told = json.loads(path_of(home).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return told if isinstance(told, dict) else {}
