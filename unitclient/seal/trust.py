"""Whom to believe: trust anchors, and the check of one certificate against them at one instant.

The path is built and checked by OpenSSL (pyOpenSSL's X509Store: signatures, names, constraints, times). What it leaves
out is checked here: what the certificate may be used for, the strength of its algorithms, and revocation as of the
instant that matters. Certificates of Chinese certification authorities carry private extended usages and no subject
alternative name, which stricter path builders refuse.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, ObjectIdentifier
from OpenSSL import crypto

from unitclient.domain.findings import Finding
from unitclient.gm.sm2 import Sm2PublicKey
from unitclient.seal import ocsp
from unitclient.seal.gmcert import public_key_of, signed_strongly
from unitclient.seal.refusal import SealRefused, shown_name, shown_time
from unitclient.seal.revocation import CrlPolicy, check_revocation

DOCUMENT_SIGNING = ObjectIdentifier("1.3.6.1.5.5.7.3.36")
"""id-kp-documentSigning, RFC 9336: marks the centre's certificate, so that no unit's certificate can sign receipts."""
_NOT_A_UNIT = {
    DOCUMENT_SIGNING,
    ExtendedKeyUsageOID.TIME_STAMPING,
    ExtendedKeyUsageOID.OCSP_SIGNING,
    ExtendedKeyUsageOID.SERVER_AUTH,
    ExtendedKeyUsageOID.CODE_SIGNING,
}
_PATH_ERRORS = {
    9: "certificate-not-yet-valid",
    10: "certificate-expired",
    2: "certificate-unknown-issuer",
    7: "certificate-unknown-issuer",
    18: "certificate-unknown-issuer",
    19: "certificate-unknown-issuer",
    20: "certificate-unknown-issuer",
    21: "certificate-unknown-issuer",
    22: "certificate-unknown-issuer",
    24: "certificate-wrong-usage",
    25: "certificate-wrong-usage",
    32: "certificate-wrong-usage",
    79: "certificate-wrong-usage",
}
"""X509_V_ERR_* of OpenSSL's x509_vfy.h that have a reason of their own; any other is `certificate-broken`."""
_PEM = re.compile(rb"-----BEGIN (CERTIFICATE|X509 CRL)-----.+?-----END \1-----\n?", re.DOTALL)


class Usage(StrEnum):
    """What a certificate signs."""

    UNIT = "unit"
    CENTRE = "centre"
    TIMESTAMP = "timestamp"


@dataclass(frozen=True)
class TrustStore:
    """Anchors (believed), intermediates (used to build a path, not believed), revocation lists and OCSP answers."""

    anchors: tuple[x509.Certificate, ...]
    intermediates: tuple[x509.Certificate, ...] = ()
    crls: tuple[x509.CertificateRevocationList, ...] = ()
    answers: tuple[ocsp.Response, ...] = ()

    @classmethod
    def from_pem(cls, *pems: bytes) -> TrustStore:
        """From PEM text: self-signed certificates are anchors, others intermediates, and CRL blocks are taken too.

        Raises ValueError when a block cannot be read.
        """
        certificates, crls = [], []
        for kind, block in ((match[1], match[0]) for pem in pems for match in _PEM.finditer(pem)):
            if kind == b"CERTIFICATE":
                certificates.append(x509.load_pem_x509_certificate(block))
            else:
                crls.append(x509.load_pem_x509_crl(block))
        anchors = tuple(one for one in certificates if one.issuer == one.subject)
        return cls(anchors, tuple(one for one in certificates if one not in anchors), tuple(crls))

    @classmethod
    def from_folder(cls, folder: Path) -> TrustStore:
        """From every .pem file of a folder (certs/); a missing folder believes nobody."""
        return cls.from_pem(*(path.read_bytes() for path in sorted(folder.glob("*.pem"))))

    def with_crls(self, crls: Iterable[x509.CertificateRevocationList]) -> TrustStore:
        """The same trust with more revocation lists."""
        return replace(self, crls=(*self.crls, *crls))

    def with_answers(self, answers: Iterable[ocsp.Response]) -> TrustStore:
        """The same trust with more OCSP answers."""
        return replace(self, answers=(*self.answers, *answers))

    def joined(self, other: TrustStore) -> TrustStore:
        """Both stores' anchors, intermediates, lists and answers."""
        return TrustStore(
            (*self.anchors, *other.anchors),
            (*self.intermediates, *other.intermediates),
            (*self.crls, *other.crls),
            (*self.answers, *other.answers),
        )

    def check(
        self,
        certificate: x509.Certificate,
        *,
        at: datetime,
        usage: Usage,
        crl_policy: CrlPolicy,
        extra: Sequence[x509.Certificate] = (),
        extra_crls: Sequence[x509.CertificateRevocationList] = (),
    ) -> tuple[Finding, ...]:
        """Whether `certificate` may sign as `usage` at the aware instant `at`; `extra` helps to build the path.

        Raises SealRefused with one of CERTIFICATE_CODES or algorithm-refused. Returns warnings.
        """
        chain = self.path(certificate, extra, at)
        for member in chain[:-1]:
            check_strength(member)
        check_usage(certificate, usage)
        return check_revocation(chain, (*self.crls, *extra_crls), at, crl_policy, self.answers)

    def path(
        self, certificate: x509.Certificate, extra: Sequence[x509.Certificate], at: datetime
    ) -> list[x509.Certificate]:
        """The path from `certificate` to an anchor, valid at `at`; raises SealRefused when there is none."""
        store = crypto.X509Store()
        for anchor in self.anchors:
            store.add_cert(crypto.X509.from_cryptography(anchor))
        store.set_flags(crypto.X509StoreFlags.PARTIAL_CHAIN)
        store.set_time(at.astimezone(UTC))  # it takes the hour as it stands, whatever the zone
        try:
            helpers = [crypto.X509.from_cryptography(one) for one in (*self.intermediates, *extra)]
            context = crypto.X509StoreContext(store, crypto.X509.from_cryptography(certificate), helpers)
            verified = context.get_verified_chain()
        except crypto.X509StoreContextError as error:
            raise _refusal(error) from error
        except crypto.Error as error:  # OpenSSL reads more strictly than cryptography does
            raise SealRefused("certificate-broken", subject=shown_name(certificate.subject), reason="") from error
        return [member.to_cryptography() for member in verified]


def _refusal(error: crypto.X509StoreContextError) -> SealRefused:
    number, _, message = error.errors[:3]
    culprit = error.certificate.to_cryptography()
    return SealRefused(
        _PATH_ERRORS.get(number, "certificate-broken"),
        subject=shown_name(culprit.subject),
        issuer=shown_name(culprit.issuer),
        since=shown_time(culprit.not_valid_before_utc),
        until=shown_time(culprit.not_valid_after_utc),
        reason=message,
    )


def check_strength(certificate: x509.Certificate) -> None:
    """Refuse (algorithm-refused) a certificate signed over MD5 or SHA-1, and weak or unknown keys."""
    try:
        strong = signed_strongly(certificate)
        key = public_key_of(certificate)
    except (UnsupportedAlgorithm, ValueError) as error:
        raise SealRefused("algorithm-refused", algorithm=certificate.signature_algorithm_oid.dotted_string) from error
    if isinstance(key, rsa.RSAPublicKey):
        strong = strong and 2048 <= key.key_size <= 8192
    elif not isinstance(key, Sm2PublicKey):
        strong = strong and isinstance(key, ec.EllipticCurvePublicKey) and key.curve.key_size in (256, 384)
    if not strong:
        raise SealRefused("algorithm-refused", algorithm=certificate.signature_algorithm_oid.dotted_string)


def strength_of(key: object) -> str:
    """A key in a word, for rules: `rsa-2048`, `ec-256`, `sm2-256`; "" for a kind that this program does not know."""
    if isinstance(key, rsa.RSAPublicKey):
        return f"rsa-{key.key_size}"
    if isinstance(key, Sm2PublicKey):
        return "sm2-256"
    return f"ec-{key.curve.key_size}" if isinstance(key, ec.EllipticCurvePublicKey) else ""


def check_usage(certificate: x509.Certificate, usage: Usage) -> None:
    """Refuse (certificate-wrong-usage) a certificate that its issuer did not make for this kind of signature.

    A unit certificate needs digitalSignature or nonRepudiation in its key usage: of the two certificates on a Chinese
    key, signing and encryption, the second has neither (GM/T 0034). The centre's has documentSigning, a time-stamp
    authority's timeStamping, critical and alone (RFC 3161, 2.3).
    """
    extended = _extended(certificate)
    if usage is Usage.UNIT:
        fits = not extended or bool(extended - _NOT_A_UNIT)
        fits = fits and DOCUMENT_SIGNING not in extended and ExtendedKeyUsageOID.TIME_STAMPING not in extended
    elif usage is Usage.CENTRE:
        fits = DOCUMENT_SIGNING in extended
    else:
        fits = extended == {ExtendedKeyUsageOID.TIME_STAMPING}
    if not (fits and may_sign(certificate)):
        raise SealRefused("certificate-wrong-usage", subject=shown_name(certificate.subject), usage=usage)


def may_sign(certificate: x509.Certificate) -> bool:
    """Whether its key usage has digitalSignature or nonRepudiation, and it is no certification authority's."""
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
        constraints = [one.value for one in certificate.extensions if isinstance(one.value, x509.BasicConstraints)]
    except (x509.ExtensionNotFound, ValueError):
        return False
    return (usage.digital_signature or usage.content_commitment) and not any(one.ca for one in constraints)


def _extended(certificate: x509.Certificate) -> set[ObjectIdentifier]:
    try:
        return set(certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value)
    except x509.ExtensionNotFound:
        return set()
