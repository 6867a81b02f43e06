"""The private key that belongs to a certificate, known by its public half. Child process only.

Labels are for people and are often missing, and vendors give key and certificate different CKA_IDs; the public key is
the one thing that both have. What a key does not show (many hide it) is made up for by its public key object.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from pkcs11 import Attribute, KeyType, ObjectClass
from pkcs11 import exceptions as ckr

from unitclient.tokens.wire import Refused


def private_key_of(session: Any, certificate: bytes, identifier: bytes) -> Any:
    """The certificate's key on a logged-in session. Refused key-private-missing."""
    wanted, kind = _public_of(certificate)
    keys = [key for key in _objects(session, ObjectClass.PRIVATE_KEY) if attribute(key, Attribute.KEY_TYPE) is kind]
    halves = [(key, _public_half(key)) for key in keys]
    for key, half in halves:
        if half == wanted:
            return key
    silent = [key for key, half in halves if half is None]
    twins = {
        bytes(attribute(one, Attribute.ID) or b"")
        for one in _objects(session, ObjectClass.PUBLIC_KEY)
        if _public_half(one) == wanted
    }
    for ids in (twins, {identifier}):
        fitting = [key for key in silent if bytes(attribute(key, Attribute.ID) or b"") in ids - {b""}]
        if len(fitting) == 1:
            return fitting[0]
    if len(silent) == 1:
        return silent[0]  # nothing else can be meant; the signature is verified with the certificate anyway
    raise Refused("key-private-missing")


def _public_of(certificate: bytes) -> tuple[bytes, KeyType]:
    key = x509.load_der_x509_certificate(certificate).public_key()
    if isinstance(key, rsa.RSAPublicKey):
        modulus = key.public_numbers().n
        return modulus.to_bytes((modulus.bit_length() + 7) // 8), KeyType.RSA
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint), KeyType.EC


def _objects(session: Any, kind: ObjectClass) -> Iterator[Any]:
    return iter(list(session.get_objects({Attribute.CLASS: kind})))


def _public_half(key: Any) -> bytes | None:
    """Modulus or point of a key object; None when it keeps it to itself."""
    modulus = attribute(key, Attribute.MODULUS)
    if modulus:
        return bytes(modulus).lstrip(b"\0")
    point = attribute(key, Attribute.EC_POINT)
    if not point:
        return None
    value = bytes(point)
    return value[2:] if value[:1] == b"\x04" and len(value) > 2 and value[1] == len(value) - 2 else value


def attribute(found: Any, wanted: Attribute) -> Any:
    """An attribute, or None where the object does not have it or does not give it."""
    try:
        return found[wanted]
    except (ckr.AttributeTypeInvalid, ckr.AttributeSensitive, ckr.FunctionFailed, ckr.GeneralError):
        return None
