"""Detached CMS signatures with the CAdES baseline attributes (RFC 5652, RFC 5035, ETSI EN 319 122-1): building.

Signed attributes: content-type, message-digest, signing-time, signing-certificate-v2 (which ties the signature to one
certificate, not only to a key). SHA-256 with RSA PKCS#1 v1.5 or ECDSA, SM3 with SM2 (suites). Reading and checking is
in cmscheck.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import Protocol

from unitclient.seal import der
from unitclient.seal.signer import Signer
from unitclient.seal.suites import GM_DATA, ID_DATA, SHA256, Sm2Form, Suite, suite_of

ID_TST_INFO = "1.2.840.113549.1.9.16.1.4"
CONTENT_TYPE = "1.2.840.113549.1.9.3"
MESSAGE_DIGEST = "1.2.840.113549.1.9.4"
SIGNING_TIME = "1.2.840.113549.1.9.5"
SIGNING_CERTIFICATE_V2 = "1.2.840.113549.1.9.16.2.47"
TIMESTAMP_TOKEN = "1.2.840.113549.1.9.16.2.14"  # noqa: S105 - an object identifier


class Timestamper(Protocol):
    """A time-stamp authority as the builder sees it."""

    def timestamp(self, digest: bytes) -> bytes:
        """The RFC 3161 TimeStampToken (DER) over a SHA-256 digest."""
        ...


def build_detached(
    content: bytes,
    signer: Signer,
    signing_time: datetime,
    *,
    timestamper: Timestamper | None = None,
    crls: Iterable[bytes] = (),
    claim_time: bool = True,
    sm2_form: Sm2Form = Sm2Form.CMS,
) -> bytes:
    """DER of a detached CAdES-B signature over `content` (CAdES-T with a time stamp).

    `crls` (DER) are sent along, so that the receiver can check the revocation off line. One call of `signer.sign`.
    Without `claim_time` the signing time is left out: the format that the signature goes into tells it (PAdES).
    `sm2_form` is the shape the receiver reads, when the key is an SM2 key; for others there is only one.
    """
    suite, time = suite_of(signer.algorithm, sm2_form), signing_time if claim_time else None
    return _build(content, suite.data, suite, signer, time, timestamper, crls, detached=True)


def build_attached(content: bytes, content_type: str, signer: Signer, signing_time: datetime) -> bytes:
    """DER of a signature that carries its content: what a time-stamp token is."""
    suite = suite_of(signer.algorithm)
    return _build(content, content_type, suite, signer, signing_time, None, (), detached=False)


def _build(
    content: bytes,
    content_type: str,
    suite: Suite,
    signer: Signer,
    signing_time: datetime | None,
    timestamper: Timestamper | None,
    crls: Iterable[bytes],
    *,
    detached: bool,
) -> bytes:
    attributes = _signed_attributes(content, content_type, suite, signer.certificate_der, signing_time)
    signature = signer.sign(attributes)
    token = timestamper.timestamp(hashlib.sha256(signature).digest()) if timestamper else None
    encapsulated = (
        [der.oid(content_type)] if detached else [der.oid(content_type), der.explicit(0, der.octets(content))]
    )
    lists = list(crls)
    signed_data = der.sequence(
        der.integer(1 if content_type in (ID_DATA, GM_DATA) else 3),
        der.set_of([suite.digest_algorithm]),
        der.sequence(*encapsulated),
        der.implicit(0, der.set_of(dict.fromkeys((signer.certificate_der, *signer.chain_der)))),
        *([der.implicit(1, der.set_of(lists))] if lists else []),
        der.set_of([_signer_info(suite, signer.certificate_der, attributes, signature, token)]),
    )
    return der.sequence(der.oid(suite.signed_data), der.explicit(0, signed_data))


def _signed_attributes(
    content: bytes, content_type: str, suite: Suite, certificate: bytes, signing_time: datetime | None
) -> bytes:
    """The SET OF whose encoding is what gets signed (RFC 5652, 5.4)."""
    return der.set_of(
        [
            attribute(CONTENT_TYPE, der.oid(content_type)),
            attribute(MESSAGE_DIGEST, der.octets(suite.hash(content))),
            *([attribute(SIGNING_TIME, der.time(signing_time))] if signing_time else []),
            _certificate_attribute(certificate, suite),
        ]
    )


@lru_cache(maxsize=16)  # a batch is signed with one certificate
def _certificate_attribute(certificate: bytes, suite: Suite) -> bytes:
    """ESSCertIDv2; SHA-256 is its default and then left out (RFC 5035, 4)."""
    named = [] if suite.digest == SHA256 else [suite.digest_algorithm]
    identifier = der.sequence(*named, der.octets(suite.hash(certificate)))
    return attribute(SIGNING_CERTIFICATE_V2, der.sequence(der.sequence(identifier)))


def attribute(kind: str, value: bytes) -> bytes:
    """One Attribute with one value."""
    return der.sequence(der.oid(kind), der.set_of([value]))


def _signer_info(suite: Suite, certificate: bytes, attributes: bytes, signature: bytes, token: bytes | None) -> bytes:
    unsigned = [der.implicit(1, der.set_of([attribute(TIMESTAMP_TOKEN, token)]))] if token else []
    return der.sequence(
        der.integer(1),
        issuer_and_serial(certificate),
        suite.digest_algorithm,
        der.implicit(0, attributes),
        suite.signature_algorithm,
        der.octets(signature),
        *unsigned,
    )


@lru_cache(maxsize=64)
def issuer_and_serial(certificate: bytes) -> bytes:
    """IssuerAndSerialNumber, cut out of the certificate byte for byte (names are never re-encoded)."""
    fields = der.read(certificate).child(0, der.SEQUENCE).children
    first = 1 if fields and fields[0].tag == 0xA0 else 0
    if len(fields) < first + 6:
        raise der.DerError("not a certificate")
    return der.sequence(fields[first + 2].raw, fields[first].raw)
