"""A key file as the helper process sees it, PKCS#12 or PEM: its passphrase is the PIN, the key stays in the child."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key, pkcs12

from unitclient.errors import UserError
from unitclient.gm import keyfile
from unitclient.gm.libcrypto import GmError
from unitclient.gm.sm2 import Sm2PrivateKey
from unitclient.tokens.wire import Refused, to_text

_MAX_BYTES = 1024 * 1024
_PEM_KEY = re.compile(rb"-----BEGIN ([A-Z ]*)PRIVATE KEY-----.+?-----END \1PRIVATE KEY-----", re.DOTALL)
PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | Sm2PrivateKey


class Opened(NamedTuple):
    """What a file holds; certificates are DER."""

    key: object
    certificate: bytes
    others: list[bytes]


class _BrokenError(ValueError):
    """Not a key file, or not a whole one."""


class FileKey:
    """The key of one file. `certificate_sha256` "" takes whatever the file holds (at enrolment)."""

    def __init__(self, ref: dict[str, str]) -> None:
        self._path = Path(ref["path"])
        self._fingerprint = ref["certificate_sha256"]
        self._key: PrivateKey | None = None
        if not self._path.is_file():
            raise Refused("key-file-missing", path=str(self._path))

    def describe(self) -> dict[str, Any]:
        """The file's name stands for the token's label; nothing else can be read without the passphrase."""
        return {"label": self._path.name, "on_device": False, "pin_state": "unknown", "tries": None}

    def login(self, pin: str) -> dict[str, Any]:
        """Open the file. Raises Refused pin-wrong, key-file-broken, key-file-changed, key-file-unprotected."""
        key, certificate, others = read_key_file(self._path, pin)
        if not isinstance(key, PrivateKey):
            raise Refused("key-unsupported")
        if self._fingerprint and hashlib.sha256(certificate).hexdigest() != self._fingerprint:
            raise Refused("key-file-changed", path=str(self._path))
        self._key = key
        return {"certificate": to_text(certificate), "others": [to_text(one) for one in others]}

    def sign(self, data: bytes) -> bytes:
        """PKCS#1 v1.5 block, or DER of r and s; SHA-256, or Z and SM3, is computed here."""
        if isinstance(self._key, Sm2PrivateKey):
            return self._key.sign(data)
        if isinstance(self._key, rsa.RSAPrivateKey):
            return self._key.sign(data, padding.PKCS1v15(), hashes.SHA256())
        assert self._key is not None
        return self._key.sign(data, ec.ECDSA(hashes.SHA256()))

    def close(self) -> None:
        """Forget the key."""
        self._key = None


def read_key_file(path: Path, pin: str) -> Opened:
    """What the file holds. Raises Refused pin-wrong, key-file-broken, key-file-unprotected, key-unsupported."""
    data, name = path.read_bytes(), str(path)
    try:
        return _reader(data)(data, pin)
    except keyfile.WrongPassphrase as error:
        raise Refused("pin-wrong", path=name) from error
    except UnsupportedAlgorithm as error:
        raise Refused("key-unsupported") from error
    except UserError as error:
        raise Refused(error.code, **error.params) from error
    except ValueError as error:
        raise Refused("key-file-broken", path=name) from error


def _reader(data: bytes) -> Callable[[bytes, str], Opened]:
    """How a file is read, by its first bytes."""
    if len(data) > _MAX_BYTES:
        raise _BrokenError
    if b"-----BEGIN" in data[:4096]:
        return _read_pem
    if data[:1] == b"\x30":
        return _read_pkcs12
    raise _BrokenError


def _read_pkcs12(data: bytes, passphrase: str) -> Opened:
    try:
        key, certificate, others = pkcs12.load_key_and_certificates(data, passphrase.encode())
    except UnsupportedAlgorithm:
        return _sm2(keyfile.read_pkcs12, data, passphrase)
    except ValueError as error:
        if "password" in str(error).lower():
            raise keyfile.WrongPassphrase from error
        raise
    if certificate is None:
        raise UnsupportedAlgorithm("a key without certificate")
    return Opened(key, certificate.public_bytes(Encoding.DER), [one.public_bytes(Encoding.DER) for one in others])


def _read_pem(data: bytes, passphrase: str) -> Opened:
    """A protected private key and certificates. Raises Refused key-file-unprotected: a bare key is anybody's."""
    block = _PEM_KEY.search(data)
    if block is None:
        raise _BrokenError
    if b"ENCRYPTED" not in block[0]:
        raise UserError("key-file-unprotected")
    try:
        key = load_pem_private_key(block[0] + b"\n", passphrase.encode())
    except UnsupportedAlgorithm:
        return _sm2(keyfile.read_pem, data, passphrase)
    except (ValueError, TypeError) as error:
        raise keyfile.WrongPassphrase from error
    spki = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    found = x509.load_pem_x509_certificates(data)
    own = [one for one in found if _spki(one) == spki]
    if not own:
        raise _BrokenError
    return Opened(
        key, own[0].public_bytes(Encoding.DER), [one.public_bytes(Encoding.DER) for one in found if one != own[0]]
    )


def _spki(certificate: x509.Certificate) -> bytes:
    try:
        return certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    except (UnsupportedAlgorithm, ValueError):
        return b""


def _sm2(read: Callable[[bytes, str], keyfile.KeyFile], data: bytes, passphrase: str) -> Opened:
    """What cryptography does not know may be an SM2 key; if it is none either, its kind is not supported."""
    try:
        found = read(data, passphrase)
    except GmError as error:
        raise UnsupportedAlgorithm(str(error)) from error
    return Opened(found.key, found.certificate, list(found.others))
