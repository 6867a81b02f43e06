"""A PKCS#12 file as the helper process sees it: the passphrase is its PIN, and the key stays in the child."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12

from unitclient.tokens.wire import Refused, to_text

_MAX_BYTES = 1024 * 1024


class FileKey:
    """The key of one file. `certificate_sha256` "" takes whatever the file holds (at enrolment)."""

    def __init__(self, ref: dict[str, str]) -> None:
        self._path = Path(ref["path"])
        self._fingerprint = ref["certificate_sha256"]
        self._key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | None = None
        if not self._path.is_file():
            raise Refused("key-file-missing", path=str(self._path))

    def describe(self) -> dict[str, Any]:
        """The file's name stands for the token's label; nothing else can be read without the passphrase."""
        return {"label": self._path.name, "on_device": False, "pin_state": "unknown", "tries": None}

    def login(self, pin: str) -> dict[str, Any]:
        """Open the file. Raises Refused pin-wrong, key-file-broken, key-file-changed."""
        data = self._path.read_bytes()
        if len(data) > _MAX_BYTES or data[:1] != b"\x30":
            raise Refused("key-file-broken", path=str(self._path))
        try:
            key, certificate, others = pkcs12.load_key_and_certificates(data, pin.encode())
        except ValueError as error:
            wrong = "password" in str(error).lower()
            raise Refused("pin-wrong" if wrong else "key-file-broken", path=str(self._path)) from error
        except UnsupportedAlgorithm as error:
            raise Refused("key-unsupported") from error
        if certificate is None or not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
            raise Refused("key-unsupported")
        value = certificate.public_bytes(Encoding.DER)
        if self._fingerprint and hashlib.sha256(value).hexdigest() != self._fingerprint:
            raise Refused("key-file-changed", path=str(self._path))
        self._key = key
        return {
            "certificate": to_text(value),
            "others": [to_text(one.public_bytes(Encoding.DER)) for one in others],
        }

    def sign(self, data: bytes) -> bytes:
        """PKCS#1 v1.5 block, or DER of r and s; SHA-256 is computed here."""
        if isinstance(self._key, rsa.RSAPrivateKey):
            return self._key.sign(data, padding.PKCS1v15(), hashes.SHA256())
        assert self._key is not None
        return self._key.sign(data, ec.ECDSA(hashes.SHA256()))

    def close(self) -> None:
        """Forget the key."""
        self._key = None
