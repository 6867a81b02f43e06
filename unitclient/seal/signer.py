"""What a signature is made with: anything that has a certificate and signs bytes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from unitclient.gm.sm2 import Sm2PrivateKey

ClassicKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
SoftKey = ClassicKey | Sm2PrivateKey


class Signer(Protocol):
    """A certificate and the use of its key. A key on a token and a key in memory look the same from here."""

    @property
    def certificate_der(self) -> bytes:
        """The signing certificate."""
        ...

    @property
    def chain_der(self) -> tuple[bytes, ...]:
        """Intermediate certificates to send along; without the root."""
        ...

    @property
    def algorithm(self) -> str:
        """`rsa` (PKCS#1 v1.5) or `ec` (ECDSA), with SHA-256; `sm2` with SM3."""
        ...

    def sign(self, data: bytes) -> bytes:
        """The signature over `data` (hashed with SHA-256, or SM3 after Z): PKCS#1 v1.5 block, or DER of r and s."""
        ...


class SoftSigner:
    """Signs with a private key in memory: the centre's own keys, rehearsals, tests."""

    def __init__(self, private_key: SoftKey, certificate_der: bytes, chain: Iterable[bytes] = ()) -> None:
        self._key = private_key
        self.certificate_der = certificate_der
        self.chain_der = tuple(chain)

    @property
    def algorithm(self) -> str:
        """`rsa`, `ec` or `sm2`, by the kind of key."""
        if isinstance(self._key, Sm2PrivateKey):
            return "sm2"
        return "rsa" if isinstance(self._key, rsa.RSAPrivateKey) else "ec"

    def sign(self, data: bytes) -> bytes:
        """See `Signer.sign`."""
        if isinstance(self._key, Sm2PrivateKey):
            return self._key.sign(data)
        if isinstance(self._key, rsa.RSAPrivateKey):
            return self._key.sign(data, padding.PKCS1v15(), hashes.SHA256())
        return self._key.sign(data, ec.ECDSA(hashes.SHA256()))

    @property
    def certificate(self) -> x509.Certificate:
        """The certificate, read."""
        return x509.load_der_x509_certificate(self.certificate_der)
