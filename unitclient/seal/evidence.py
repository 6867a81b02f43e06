"""What proves a signature for years: the chains of signer and time stamp, each with fresh revocation information."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import pairwise

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from unitclient.seal import cms, cmsread, ocsp
from unitclient.seal.longterm import Material
from unitclient.seal.revocation import speaks_for
from unitclient.seal.trust import TrustStore

Pairs = list[tuple[x509.Certificate, x509.Certificate]]


def pairs_of(signature: bytes, trust: TrustStore, at: datetime) -> Pairs:
    """(certificate, its issuer) of the signer's chain and of its time stamp's, ends first.

    Raises SealRefused when a chain does not lead to an anchor at `at`.
    """
    parsed = cmsread.parse(signature)
    chains = [trust.path(parsed.certificate, parsed.certificates, at)]
    token = parsed.unsigned.get(cms.TIMESTAMP_TOKEN)
    if token is not None:
        stamp = cmsread.parse(token.raw)
        chains.append(trust.path(stamp.certificate, (*stamp.certificates, *parsed.certificates), at))
    return [pair for chain in chains for pair in pairwise(chain)]


def gather(pairs: Pairs, trust: TrustStore, at: datetime) -> Material | None:
    """The material for `longterm.extend`; None when revocation information fresh at `at` lacks for a certificate."""
    lists: dict[bytes, None] = {}
    answers: dict[bytes, None] = {}
    for certificate, issuer in pairs:
        crls = list(_lists(certificate, issuer, trust.crls, at))
        told = [one for one in trust.answers if _covers(one, certificate, issuer, at)]
        if not crls and not told:
            return None
        lists |= dict.fromkeys(crls[:1])
        answers |= dict.fromkeys(one.public_bytes(Encoding.DER) for one in told[-1:])
    certificates = dict.fromkeys(one.public_bytes(Encoding.DER) for pair in pairs for one in pair)
    return Material(tuple(certificates), tuple(lists), tuple(answers))


def _lists(
    certificate: x509.Certificate,
    issuer: x509.Certificate,
    crls: Sequence[x509.CertificateRevocationList],
    at: datetime,
) -> Iterator[bytes]:
    """The newest first."""
    for crl in sorted(crls, key=lambda one: one.last_update_utc, reverse=True):
        if crl.next_update_utc is not None and crl.next_update_utc >= at and speaks_for(crl, certificate, issuer):
            yield crl.public_bytes(Encoding.DER)


def _covers(answer: ocsp.Response, certificate: x509.Certificate, issuer: x509.Certificate, at: datetime) -> bool:
    status = ocsp.status_of(answer, certificate, issuer)
    return status is not None and status.covers(at)
