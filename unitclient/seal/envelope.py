"""Signed documents of the centre: receipts, acceptances, bills. The bytes, and a detached signature over them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from unitclient.seal.cms import build_detached
from unitclient.seal.cmscheck import CmsCheck, verify_detached
from unitclient.seal.revocation import CrlPolicy
from unitclient.seal.signer import SoftKey, SoftSigner
from unitclient.seal.trust import TrustStore, Usage


def sign_document(
    document: bytes,
    private_key: SoftKey,
    certificate: x509.Certificate,
    at: datetime,
    *,
    chain: Iterable[x509.Certificate] = (),
    crls: Iterable[x509.CertificateRevocationList] = (),
) -> bytes:
    """Detached CMS (DER) of the centre over `document`.

    Send the fresh `crls` of the centre's issuers along: the unit then can check the document for years, off line.
    """
    signer = SoftSigner(
        private_key, certificate.public_bytes(Encoding.DER), [one.public_bytes(Encoding.DER) for one in chain]
    )
    return build_detached(document, signer, at, crls=[one.public_bytes(Encoding.DER) for one in crls])


def verify_document(
    document: bytes,
    signature: bytes,
    trust: TrustStore,
    at: datetime | None,
    *,
    crl_policy: CrlPolicy = CrlPolicy.REQUIRE,
) -> CmsCheck:
    """Check a document of the centre: signed by a certificate made for the centre, not revoked by a fresh list.

    The lists are those of `trust` and those in the message. `at` as in `verify_detached`.
    """
    return verify_detached(document, signature, trust, at, usage=Usage.CENTRE, crl_policy=crl_policy)
