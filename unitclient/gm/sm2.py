"""SM2 keys and signatures over SM3 (GB/T 32918, GM/T 0003 and 0009): made and checked by OpenSSL.

A signature is DER of r and s; what is signed is e = SM3(Z || message), where Z binds the signer's identity and public
key. Everybody signs with the identity that GM/T 0009, 10 gives when none is agreed on.
"""

from __future__ import annotations

import base64
import ctypes
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from cryptography.hazmat.primitives import hashes

from unitclient.gm.libcrypto import GmError, decode, encode, freed, library, need

DEFAULT_ID = b"1234567812345678"
"""GM/T 0009-2012, 10: the user identity where none is agreed on."""
_SPKI_HEAD = bytes.fromhex("3059301306072a8648ce3d020106082a811ccf5501822d03420004")
"""SubjectPublicKeyInfo of an SM2 key up to its coordinates: id-ecPublicKey, curve 1.2.156.10197.1.301, uncompressed."""
_A = bytes.fromhex("fffffffeffffffffffffffffffffffffffffffff00000000fffffffffffffffc")
_B = bytes.fromhex("28e9fa9e9d9f5e344d5a9e4bcf6509a7f39789f515ab8f92ddbcbd414d940e93")
_GX = bytes.fromhex("32c4ae2c1f1981195f9904466a39c9948fe30bbff2660be1715a4589334c74c7")
_GY = bytes.fromhex("bc3736a2f4f6779c59bdcee36b692153d0a9877cc62a474002df32e52139f0a0")
_MAX_SIGNATURE = 80


def sm3(*parts: bytes) -> bytes:
    """SM3 of the parts, one after the other (GM/T 0004)."""
    digest = hashes.Hash(hashes.SM3())
    for part in parts:
        digest.update(part)
    return digest.finalize()


class BadSignature(Exception):  # noqa: N818 - the word that is read where it is caught
    """The signature is not of this key over this message."""


@dataclass(frozen=True)
class Sm2PublicKey:
    """A public key; `spki` is its SubjectPublicKeyInfo, DER."""

    spki: bytes

    def __post_init__(self) -> None:
        """Refuse (GmError) what is no SM2 key, or a point that does not lie on the curve."""
        if not self.spki.startswith(_SPKI_HEAD) or len(self.spki) != len(_SPKI_HEAD) + 64:
            raise GmError("not an SM2 public key")
        with freed(decode("PUBKEY", self.spki), "EVP_PKEY"):
            pass

    @classmethod
    def from_point(cls, x: bytes, y: bytes) -> Sm2PublicKey:
        """From its coordinates, 32 bytes each."""
        return cls(_SPKI_HEAD + x + y)

    @classmethod
    def of_certificate(cls, certificate: bytes) -> Sm2PublicKey | None:
        """The key of a certificate (DER); None when it is of another kind or cannot be read."""
        try:
            with freed(decode("X509", certificate), "X509") as handle:
                return cls(encode("X509_PUBKEY", library().X509_get_X509_PUBKEY(handle)))
        except GmError:
            return None

    @classmethod
    def need_of_certificate(cls, certificate: bytes) -> Sm2PublicKey:
        """The key of a certificate that is known to be one of SM2; GmError otherwise."""
        found = cls.of_certificate(certificate)
        if found is None:
            raise GmError("not an SM2 certificate")
        return found

    @property
    def point(self) -> bytes:
        """x and y, 64 bytes."""
        return self.spki[-64:]

    def z(self, identity: bytes = DEFAULT_ID) -> bytes:
        """Z = SM3(length of the identity in bits || identity || a || b || G || public key) (GM/T 0009, 8.1)."""
        return sm3((8 * len(identity)).to_bytes(2), identity, _A, _B, _GX, _GY, self.point)

    def e(self, message: bytes, identity: bytes = DEFAULT_ID) -> bytes:
        """What a device signs: SM3(Z || message) (GM/T 0009, 8.2)."""
        return sm3(self.z(identity), message)

    def verify(self, signature: bytes, message: bytes, identity: bytes = DEFAULT_ID) -> None:
        """Check DER of r and s over `message`. Raises BadSignature."""
        with freed(decode("PUBKEY", self.spki), "EVP_PKEY") as key, _digesting(key, identity) as context:
            need(library().EVP_DigestVerifyInit(context, None, library().EVP_sm3(), None, key), "verify")
            good = library().EVP_DigestVerify(context, signature, len(signature), message, len(message))
        library().ERR_clear_error()
        if good != 1:
            raise BadSignature


class Sm2PrivateKey:
    """A private key in memory; a key on a device never becomes one of these."""

    def __init__(self, pkcs8: bytes) -> None:
        """From PKCS#8 DER without a passphrase. Raises GmError when it is no SM2 key."""
        with freed(decode("AutoPrivateKey", pkcs8), "EVP_PKEY") as key:
            if not library().EVP_PKEY_is_a(key, b"SM2"):
                raise GmError("not an SM2 key")
            self._public = Sm2PublicKey(encode("PUBKEY", key))
        self._pkcs8 = pkcs8

    @classmethod
    def generate(cls) -> Sm2PrivateKey:
        """A fresh key."""
        making = need(library().EVP_PKEY_CTX_new_from_name(None, b"SM2", None), "SM2")
        with freed(making, "EVP_PKEY_CTX"):
            made = ctypes.c_void_p()
            need(library().EVP_PKEY_keygen_init(making), "keygen")
            need(library().EVP_PKEY_generate(making, ctypes.byref(made)), "keygen")
        with freed(made.value or 0, "EVP_PKEY") as key:
            return cls(pkcs8_of(key))

    @classmethod
    def from_pem(cls, pem: bytes) -> Sm2PrivateKey:
        """From PEM without a passphrase, PKCS#8 or the older EC form. Raises GmError."""
        match = re.search(rb"-----BEGIN (EC )?PRIVATE KEY-----(.+?)-----END", pem, re.DOTALL)
        if match is None:
            raise GmError("not a private key without a passphrase")
        return cls(base64.b64decode(match[2]))

    @property
    def pkcs8(self) -> bytes:
        """PKCS#8 DER, not protected."""
        return self._pkcs8

    @property
    def pem(self) -> bytes:
        """PKCS#8 PEM, not protected."""
        return b"-----BEGIN PRIVATE KEY-----\n" + base64.encodebytes(self._pkcs8) + b"-----END PRIVATE KEY-----\n"

    def public_key(self) -> Sm2PublicKey:
        """The public half."""
        return self._public

    def sign(self, message: bytes, identity: bytes = DEFAULT_ID) -> bytes:
        """DER of r and s over SM3(Z || message)."""
        size = ctypes.c_size_t(_MAX_SIGNATURE)
        out = ctypes.create_string_buffer(_MAX_SIGNATURE)
        with freed(decode("AutoPrivateKey", self._pkcs8), "EVP_PKEY") as key, _digesting(key, identity) as context:
            need(library().EVP_DigestSignInit(context, None, library().EVP_sm3(), None, key), "sign")
            need(library().EVP_DigestSign(context, out, ctypes.byref(size), message, len(message)), "sign")
        return out.raw[: size.value]


def pkcs8_of(key: int) -> bytes:
    """PKCS#8 DER of a private key's handle."""
    with freed(need(library().EVP_PKEY2PKCS8(key), "PKCS#8"), "PKCS8_PRIV_KEY_INFO") as info:
        return encode("PKCS8_PRIV_KEY_INFO", info)


@contextmanager
def _digesting(key: int, identity: bytes) -> Iterator[int]:
    """A digest context that knows the signer's identity."""
    with (
        freed(need(library().EVP_MD_CTX_new(), "context"), "EVP_MD_CTX") as context,
        freed(need(library().EVP_PKEY_CTX_new(key, None), "context"), "EVP_PKEY_CTX") as about,
    ):
        need(library().EVP_PKEY_CTX_set1_id(about, identity, len(identity)), "identity")
        library().EVP_MD_CTX_set_pkey_ctx(context, about)
        yield context
