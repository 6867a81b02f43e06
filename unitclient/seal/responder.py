"""An OCSP responder in this process: the practice centre's, and the tests'."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp

from unitclient.clock import Clock
from unitclient.seal.pki import Credential

LIFE = timedelta(hours=12)
Lookup = Callable[[int], "tuple[x509.Certificate, datetime | None] | None"]
"""Of a serial number: the certificate and since when it is revoked (None: good); None for a stranger."""


class Responder:
    """Answers for one issuer with a key that this issuer made for it."""

    def __init__(self, credential: Credential, issuer: x509.Certificate, lookup: Lookup, clock: Clock) -> None:
        self._credential = credential
        self._issuer = issuer
        self._lookup = lookup
        self._clock = clock

    def answer(self, request: bytes) -> bytes:
        """OCSPResponse to an OCSPRequest: the nonce comes back; MALFORMED and UNAUTHORIZED as RFC 6960 has them."""
        try:
            asked = ocsp.load_der_ocsp_request(request)
            found = self._lookup(asked.serial_number)
            nonces = [one.value for one in asked.extensions if isinstance(one.value, x509.OCSPNonce)]
        except ValueError:
            return _refusal(ocsp.OCSPResponseStatus.MALFORMED_REQUEST)
        if found is None or not self._is_ours(asked, found[0]):
            return _refusal(ocsp.OCSPResponseStatus.UNAUTHORIZED)
        return self._signed(*found, nonces)

    def _is_ours(self, asked: ocsp.OCSPRequest, certificate: x509.Certificate) -> bool:
        same = ocsp.OCSPRequestBuilder().add_certificate(certificate, self._issuer, asked.hash_algorithm).build()
        return (same.issuer_name_hash, same.issuer_key_hash) == (asked.issuer_name_hash, asked.issuer_key_hash)

    def _signed(self, certificate: x509.Certificate, revoked: datetime | None, nonces: list[x509.OCSPNonce]) -> bytes:
        now = self._clock.now().replace(microsecond=0)
        status = ocsp.OCSPCertStatus.GOOD if revoked is None else ocsp.OCSPCertStatus.REVOKED
        builder = (
            ocsp.OCSPResponseBuilder()
            .add_response(
                cert=certificate,
                issuer=self._issuer,
                algorithm=hashes.SHA256(),
                cert_status=status,
                this_update=now,
                next_update=now + LIFE,
                revocation_time=revoked,
                revocation_reason=None,
            )
            .responder_id(ocsp.OCSPResponderEncoding.HASH, self._credential.certificate)
            .certificates([self._credential.certificate])
        )
        for nonce in nonces[:1]:
            builder = builder.add_extension(nonce, False)
        return builder.sign(self._credential.key, hashes.SHA256()).public_bytes(Encoding.DER)


def _refusal(status: ocsp.OCSPResponseStatus) -> bytes:
    return ocsp.OCSPResponseBuilder.build_unsuccessful(status).public_bytes(Encoding.DER)
