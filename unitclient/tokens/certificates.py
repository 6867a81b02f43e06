"""What a certificate found on a token or in a file says about its key."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from unitclient.errors import UserError
from unitclient.gm.sm2 import BadSignature, Sm2PublicKey
from unitclient.tokens.keyref import KeyInfo, KeyKind, KeyRef, PinState


def describe(
    certificate: bytes,
    chain: tuple[bytes, ...],
    *,
    label: str,
    kind: KeyKind,
    library: str = "",
    token_serial: str = "",
    path: str = "",
    pin_state: PinState = PinState.UNKNOWN,
    tries_left: int | None = None,
) -> KeyInfo:
    """The KeyInfo of a certificate, with a reference by which the key is found again."""
    parsed = x509.load_der_x509_certificate(certificate)
    algorithm = algorithm_of(certificate)
    fingerprint = hashlib.sha256(certificate).hexdigest()
    return KeyInfo(
        ref=KeyRef(kind, fingerprint, library=library, token_serial=token_serial, path=path),
        token_label=label,
        certificate_der=certificate,
        subject=parsed.subject.rfc4514_string(),
        not_after=parsed.not_valid_after_utc,
        algorithm=algorithm,
        pin_state=pin_state,
        tries_left=tries_left,
        signs=algorithm != "unknown" and _may_sign(parsed),
        chain_der=chain,
    )


def algorithm_of(certificate: bytes) -> str:
    """`rsa`, `ec`, `sm2`, or `unknown` (whatever this program cannot sign with)."""
    try:
        key = x509.load_der_x509_certificate(certificate).public_key()
    except (UnsupportedAlgorithm, ValueError):
        return "sm2" if _is_sm2(certificate) else "unknown"
    if isinstance(key, rsa.RSAPublicKey):
        return "rsa"
    return "ec" if isinstance(key, ec.EllipticCurvePublicKey) else "unknown"


def signature_fits(certificate: bytes, data: bytes, signature: bytes) -> bool:
    """Whether the certificate's key made this signature over `data` (as `TokenSigner.sign` gives it)."""
    try:
        if algorithm_of(certificate) == "sm2":
            Sm2PublicKey.need_of_certificate(certificate).verify(signature, data)
            return True
        key = x509.load_der_x509_certificate(certificate).public_key()
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, data, padding.PKCS1v15(), hashes.SHA256())
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, data, ec.ECDSA(hashes.SHA256()))
        else:
            return False
    except (InvalidSignature, BadSignature):
        return False
    return True


def _is_sm2(certificate: bytes) -> bool:
    try:
        return Sm2PublicKey.of_certificate(certificate) is not None
    except UserError:  # no library for SM2 on this computer
        return False


def _may_sign(certificate: x509.Certificate) -> bool:
    """A key with two certificates has one for encryption, without digitalSignature or nonRepudiation."""
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return False
    return usage.digital_signature or usage.content_commitment


def chain_of(certificate: bytes, others: Sequence[bytes]) -> tuple[bytes, ...]:
    """The issuers among `others`, nearest first, without a self-signed root."""
    by_subject = {x509.load_der_x509_certificate(other).subject: other for other in others}
    chain: list[bytes] = []
    current = x509.load_der_x509_certificate(certificate)
    while (issuer := by_subject.pop(current.issuer, None)) is not None:
        current = x509.load_der_x509_certificate(issuer)
        if current.subject == current.issuer:
            break
        chain.append(issuer)
    return tuple(chain)
