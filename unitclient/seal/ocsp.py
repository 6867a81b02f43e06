"""Asking about one certificate (OCSP, RFC 6960): the question, the answer read, and whether it may be believed.

An answer is a signed statement with a span, like a revocation list, so where it came from does not matter. It is
believed when the certificate's own issuer signed it, or a responder that this issuer made for it (delegated: extended
usage OCSPSigning, and never to be revoked itself: ocsp-nocheck).
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID

REQUEST_TYPE = "application/ocsp-request"
REPLY_TYPE = "application/ocsp-response"
WITHOUT_END = timedelta(days=1)
"""How long an answer without nextUpdate counts: its responder would have something newer at any time."""
_SKEW = timedelta(minutes=5)
_STRONG = (hashes.SHA256, hashes.SHA384, hashes.SHA512)
_LONGEST = 64 * 1024
Response = ocsp.OCSPResponse


@dataclass(frozen=True, slots=True)
class Status:
    """What a believed answer says: revoked since when (None: good), and the span it speaks for."""

    revoked_since: datetime | None
    this_update: datetime
    until: datetime

    def covers(self, at: datetime) -> bool:
        """Whether it says how the certificate stood at `at`. A later answer knows what was before it."""
        return at <= max(self.until, self.this_update)


def build_request(certificate: x509.Certificate, issuer: x509.Certificate) -> tuple[bytes, bytes]:
    """(OCSPRequest DER, its nonce)."""
    nonce = secrets.token_bytes(16)
    builder = ocsp.OCSPRequestBuilder().add_certificate(certificate, issuer, hashes.SHA256())
    return builder.add_extension(x509.OCSPNonce(nonce), False).build().public_bytes(Encoding.DER), nonce


def read(data: bytes) -> Response:
    """An answer read whole; ValueError when it is none, or the responder gave no answer."""
    if len(data) > _LONGEST:
        raise ValueError("the answer is too long")
    try:
        response = ocsp.load_der_ocsp_response(data)
        if response.response_status is not ocsp.OCSPResponseStatus.SUCCESSFUL:
            raise ValueError(f"the responder refused: {response.response_status.name}")
        _ = response.serial_number, response.certificates, response.extensions, response.signature_hash_algorithm
    except (UnsupportedAlgorithm, TypeError, x509.DuplicateExtension, x509.InvalidVersion) as error:
        raise ValueError(str(error)) from error
    return response


def accept(reply: bytes, nonce: bytes, certificate: x509.Certificate, issuer: x509.Certificate, at: datetime) -> bytes:
    """The answer to our own question, worth keeping; ValueError when it is not believed or not fresh at `at`.

    A responder may leave the nonce out (RFC 5019, answers made beforehand); another nonce is a replay.
    """
    response = read(reply)
    echoed = [one.value.nonce for one in response.extensions if isinstance(one.value, x509.OCSPNonce)]
    if echoed and echoed != [nonce]:
        raise ValueError("the answer belongs to another question")
    status = status_of(response, certificate, issuer)
    if status is None:
        raise ValueError("an answer of a responder that is not believed, or about another certificate")
    if not status.this_update - _SKEW <= at <= status.until:
        raise ValueError("the answer is not of today")
    return reply


def status_of(response: Response, certificate: x509.Certificate, issuer: x509.Certificate) -> Status | None:
    """What the answer says of `certificate`; None when it is about another one, unknown, or not to be believed."""
    if not _is_about(response, certificate, issuer) or not _believed(response, issuer):
        return None
    if response.certificate_status is ocsp.OCSPCertStatus.UNKNOWN:
        return None
    this_update = response.this_update_utc
    until = response.next_update_utc or this_update + WITHOUT_END
    return Status(response.revocation_time_utc, this_update, until)


def _is_about(response: Response, certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    if response.serial_number != certificate.serial_number or certificate.issuer != issuer.subject:
        return False
    asked = ocsp.OCSPRequestBuilder().add_certificate(certificate, issuer, response.hash_algorithm).build()
    return (asked.issuer_name_hash, asked.issuer_key_hash) == (response.issuer_name_hash, response.issuer_key_hash)


def _believed(response: Response, issuer: x509.Certificate) -> bool:
    if not isinstance(response.signature_hash_algorithm, _STRONG):
        return False
    responders = [issuer, *(one for one in response.certificates if _is_delegate(one, issuer, response))]
    return any(_names(response, one) and _signed_by(response, one) for one in responders)


def _is_delegate(certificate: x509.Certificate, issuer: x509.Certificate, response: Response) -> bool:
    """Made by the issuer itself for this (RFC 6960, 4.2.2.2), and valid at the time the answer is about."""
    try:
        certificate.verify_directly_issued_by(issuer)
        usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
        certificate.extensions.get_extension_for_class(x509.OCSPNoCheck)
    except (x509.ExtensionNotFound, InvalidSignature, TypeError, ValueError, UnsupportedAlgorithm):
        return False
    valid = certificate.not_valid_before_utc <= response.this_update_utc <= certificate.not_valid_after_utc
    return valid and ExtendedKeyUsageOID.OCSP_SIGNING in usage


def _names(response: Response, responder: x509.Certificate) -> bool:
    if response.responder_name is not None:
        return response.responder_name == responder.subject
    try:
        return response.responder_key_hash == x509.SubjectKeyIdentifier.from_public_key(responder.public_key()).digest
    except (UnsupportedAlgorithm, TypeError):
        return False


def _signed_by(response: Response, responder: x509.Certificate) -> bool:
    algorithm = response.signature_hash_algorithm
    assert algorithm is not None, "looked at before"
    try:
        key = responder.public_key()
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(response.signature, response.tbs_response_bytes, padding.PKCS1v15(), algorithm)
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(response.signature, response.tbs_response_bytes, ec.ECDSA(algorithm))
        else:
            return False
    except (InvalidSignature, UnsupportedAlgorithm, ValueError):
        return False
    return True
