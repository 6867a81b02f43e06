"""A renewed certificate put where its key is, in the helper process: onto the token, or into a new PKCS#12 file.

The certificate before stays: it may be needed until its end, and nothing is lost when the new one turns out wrong.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pkcs11
from cryptography import x509
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from pkcs11 import Attribute, CertificateType, ObjectClass, TokenFlag
from pkcs11 import exceptions as ckr

from unitclient.gm import keyfile
from unitclient.gm.sm2 import Sm2PrivateKey
from unitclient.tokens.child_pkcs12 import read_key_file
from unitclient.tokens.wire import Refused, to_bytes


def put_certificate(request: dict[str, Any]) -> dict[str, Any]:
    """Put `certificate` beside the key of the reference `ref`; {"path"} where the key is in a file."""
    reference, certificate = request["ref"], to_bytes(request["certificate"])
    if reference["kind"] == "pkcs12":
        return {"path": _into_file(Path(reference["path"]), request["pin"], certificate)}
    try:
        _onto_token(reference, request["pin"], certificate)
    except ckr.PKCS11Error as error:
        raise Refused("certificate-not-put", reason=str(error) or type(error).__name__) from error
    return {"path": ""}


def _into_file(path: Path, pin: str, certificate: bytes) -> str:
    try:
        sealed = _sealed(path, pin, certificate)
        fresh = path.with_name(f"{path.stem}-{hashlib.sha256(certificate).hexdigest()[:8]}.p12")
        fresh.touch(mode=0o600)
        fresh.write_bytes(sealed)
    except OSError as error:
        raise Refused("certificate-not-put", reason=str(error)) from error
    return str(fresh)


def _sealed(path: Path, pin: str, certificate: bytes) -> bytes:
    """A PKCS#12 file with the key of the file before, which may have been a PEM file."""
    key, _, others = read_key_file(path, pin)
    if isinstance(key, Sm2PrivateKey):
        return keyfile.make_pkcs12(key, certificate, others, pin, path.stem)
    return pkcs12.serialize_key_and_certificates(
        path.stem.encode(),
        key,  # type: ignore[arg-type]  # it was opened before, so it is of a kind that can be written
        x509.load_der_x509_certificate(certificate),
        [x509.load_der_x509_certificate(one) for one in others],
        BestAvailableEncryption(pin.encode()),
    )


def _onto_token(reference: dict[str, str], pin: str, certificate: bytes) -> None:
    token = next(
        slot.get_token()
        for slot in pkcs11.lib(reference["library"]).get_slots(token_present=True)
        if slot.get_token().serial.decode("latin-1").strip("\0 ") == reference["token_serial"]
    )
    on_device = token.flags & TokenFlag.PROTECTED_AUTHENTICATION_PATH
    with token.open(rw=True, user_pin=pkcs11.PROTECTED_AUTH if on_device else pin) as session:
        wanted = {Attribute.CLASS: ObjectClass.CERTIFICATE}
        old = next(
            one
            for one in session.get_objects(wanted)
            if hashlib.sha256(one[Attribute.VALUE]).hexdigest() == reference["certificate_sha256"]
        )
        session.create_object(
            {
                **wanted,
                Attribute.CERTIFICATE_TYPE: CertificateType.X_509,
                Attribute.ID: old[Attribute.ID],
                Attribute.LABEL: old[Attribute.LABEL],
                Attribute.TOKEN: True,
                Attribute.PRIVATE: False,
                Attribute.SUBJECT: x509.load_der_x509_certificate(certificate).subject.public_bytes(),
                Attribute.VALUE: certificate,
            }
        )
