"""Making a software token in the helper process: C_InitToken, PIN, key and certificates. SoftHSM only; for practice.

python-pkcs11 lacks C_InitToken, so that one call goes through ctypes before python-pkcs11 loads the library.
"""

from __future__ import annotations

import ctypes
import hashlib
from typing import Any

import pkcs11
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import load_der_private_key
from pkcs11 import Attribute, CertificateType, KeyType, ObjectClass

from unitclient.tokens.wire import Refused, to_bytes

_P256 = bytes.fromhex("06082a8648ce3d030107")
"""OBJECT IDENTIFIER prime256v1, as CKA_EC_PARAMS wants it."""


def provision(request: dict[str, Any]) -> dict[str, Any]:
    """Initialise the next free slot and put key and certificates on the new token. Returns its serial."""
    library, label = request["library"], request["label"]
    _init_token(library, label, request["so_pin"])
    token = pkcs11.lib(library).get_token(token_label=label)
    with token.open(rw=True, so_pin=request["so_pin"]) as session:
        session.init_pin(request["pin"])
    certificate = to_bytes(request["certificate"])
    with token.open(rw=True, user_pin=request["pin"]) as session:
        identifier = hashlib.sha256(certificate).digest()[:20]
        session.create_object(_private_key(to_bytes(request["key"]), identifier, label))
        session.create_object(_certificate(certificate, identifier, label))
        for other in map(to_bytes, request["others"]):
            session.create_object(_certificate(other, hashlib.sha256(other).digest()[:20], "CA"))
    return {"serial": token.serial.decode("latin-1").strip("\0 ")}


def _init_token(library: str, label: str, so_pin: str) -> None:
    module = ctypes.CDLL(library)
    _need(module.C_Initialize(None))
    count = ctypes.c_ulong(0)
    _need(module.C_GetSlotList(ctypes.c_ubyte(0), None, ctypes.byref(count)))
    slots = (ctypes.c_ulong * count.value)()
    _need(module.C_GetSlotList(ctypes.c_ubyte(0), slots, ctypes.byref(count)))
    pin = so_pin.encode()
    # SoftHSM always shows one uninitialised slot, the last
    padded = label.encode()[:32].ljust(32)
    _need(module.C_InitToken(ctypes.c_ulong(slots[count.value - 1]), pin, ctypes.c_ulong(len(pin)), padded))
    _need(module.C_Finalize(None))


def _need(result: int) -> None:
    if result:
        raise Refused("key-setup-failed", reason=f"CKR {result:#x}")


def _private_key(encoded: bytes, identifier: bytes, label: str) -> dict[Attribute, Any]:
    key = load_der_private_key(encoded, None)
    common = {
        Attribute.CLASS: ObjectClass.PRIVATE_KEY,
        Attribute.ID: identifier,
        Attribute.LABEL: label,
        Attribute.TOKEN: True,
        Attribute.PRIVATE: True,
        Attribute.SENSITIVE: True,
        Attribute.EXTRACTABLE: False,
        Attribute.SIGN: True,
    }
    if isinstance(key, rsa.RSAPrivateKey):
        return common | {Attribute.KEY_TYPE: KeyType.RSA} | _rsa_values(key)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    value = key.private_numbers().private_value.to_bytes(32)
    return common | {Attribute.KEY_TYPE: KeyType.EC, Attribute.EC_PARAMS: _P256, Attribute.VALUE: value}


def _rsa_values(key: rsa.RSAPrivateKey) -> dict[Attribute, bytes]:
    numbers, public = key.private_numbers(), key.public_key().public_numbers()
    values = {
        Attribute.MODULUS: public.n,
        Attribute.PUBLIC_EXPONENT: public.e,
        Attribute.PRIVATE_EXPONENT: numbers.d,
        Attribute.PRIME_1: numbers.p,
        Attribute.PRIME_2: numbers.q,
        Attribute.EXPONENT_1: numbers.dmp1,
        Attribute.EXPONENT_2: numbers.dmq1,
        Attribute.COEFFICIENT: numbers.iqmp,
    }
    return {attribute: value.to_bytes((value.bit_length() + 7) // 8) for attribute, value in values.items()}


def _certificate(encoded: bytes, identifier: bytes, label: str) -> dict[Attribute, Any]:
    from cryptography import x509

    subject = x509.load_der_x509_certificate(encoded).subject.public_bytes()
    return {
        Attribute.CLASS: ObjectClass.CERTIFICATE,
        Attribute.CERTIFICATE_TYPE: CertificateType.X_509,
        Attribute.ID: identifier,
        Attribute.LABEL: label,
        Attribute.TOKEN: True,
        Attribute.PRIVATE: False,
        Attribute.SUBJECT: subject,
        Attribute.VALUE: encoded,
    }
