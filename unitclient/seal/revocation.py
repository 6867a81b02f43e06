"""Whether a certificate is revoked, by revocation lists (RFC 5280, sections 5 and 6.3) and OCSP answers at hand.

Either is a signed statement, so where it came from does not matter: the cache, the message, the service. It says
"revoked since"; a signature made before that moment, and proven to be (time stamp, receipt), stays good.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from itertools import pairwise

from cryptography import x509
from cryptography.x509.oid import ExtensionOID

from unitclient.domain.findings import Finding, Severity
from unitclient.seal import ocsp
from unitclient.seal.gmcert import is_signed_by
from unitclient.seal.refusal import SealRefused, seal_finding, shown_name, shown_time

_UNDERSTOOD = {ExtensionOID.AUTHORITY_KEY_IDENTIFIER, ExtensionOID.CRL_NUMBER, ExtensionOID.ISSUING_DISTRIBUTION_POINT}


class CrlPolicy(StrEnum):
    """What a missing or stale list means. A certificate that a list names is refused under every policy."""

    REQUIRE = "require"
    """Refuse: receipts and other documents of the centre, and the centre's own intake."""
    WARN = "warn"
    """A warning: the client signs off line, and the centre checks again."""


def check_revocation(
    chain: Sequence[x509.Certificate],
    crls: Iterable[x509.CertificateRevocationList],
    at: datetime,
    policy: CrlPolicy,
    answers: Iterable[ocsp.Response] = (),
) -> tuple[Finding, ...]:
    """Check every certificate of `chain` (signer first, anchor last) but the anchor, as of the instant `at`.

    A list or an OCSP answer that covers `at` is enough; one of either that says revoked is too.

    Raises SealRefused certificate-revoked, or crl-missing and crl-stale under REQUIRE; under WARN these two come back
    as findings.
    """
    known, told = tuple(crls), tuple(answers)
    findings = []
    for certificate, issuer in pairwise(chain):
        asked = _check_answers(certificate, issuer, told, at)
        finding = _check_one(certificate, issuer, known, at, CrlPolicy.WARN if asked else policy)
        if finding and not asked:
            findings.append(finding)
    return tuple(findings)


def _check_answers(
    certificate: x509.Certificate, issuer: x509.Certificate, answers: Iterable[ocsp.Response], at: datetime
) -> bool:
    """Whether a believed answer covers `at`; SealRefused certificate-revoked when one says so."""
    known = [status for one in answers if (status := ocsp.status_of(one, certificate, issuer))]
    for status in known:
        if status.revoked_since is not None and status.revoked_since <= at:
            raise _revoked(certificate, status.revoked_since)
    return any(status.covers(at) for status in known)


def _revoked(certificate: x509.Certificate, since: datetime) -> SealRefused:
    return SealRefused("certificate-revoked", subject=shown_name(certificate.subject), since=shown_time(since))


def _check_one(
    certificate: x509.Certificate,
    issuer: x509.Certificate,
    crls: Sequence[x509.CertificateRevocationList],
    at: datetime,
    policy: CrlPolicy,
) -> Finding | None:
    usable = [crl for crl in crls if speaks_for(crl, certificate, issuer)]
    for crl in usable:
        entry = crl.get_revoked_certificate_by_serial_number(certificate.serial_number)
        if entry is not None and entry.revocation_date_utc <= at:
            raise _revoked(certificate, entry.revocation_date_utc)
    until = [crl.next_update_utc for crl in usable if crl.next_update_utc is not None]
    if until and max(until) >= at:
        return None
    if until:
        return _lacking("crl-stale", policy, issuer=shown_name(issuer.subject), until=shown_time(max(until)))
    return _lacking("crl-missing", policy, issuer=shown_name(issuer.subject))


def _lacking(reason: str, policy: CrlPolicy, **params: str) -> Finding:
    if policy is CrlPolicy.REQUIRE:
        raise SealRefused(reason, **params)
    return seal_finding(reason, Severity.WARNING, **params)


def speaks_for(crl: x509.CertificateRevocationList, certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Whether the list is `issuer`'s own, signed by it, complete for `certificate`, and fully understood."""
    if crl.issuer != certificate.issuer or crl.issuer != issuer.subject:
        return False
    if any(extension.critical and extension.oid not in _UNDERSTOOD for extension in crl.extensions):
        return False
    return _may_sign_lists(issuer) and _covers(crl, certificate) and is_signed_by(crl, issuer)


def _may_sign_lists(issuer: x509.Certificate) -> bool:
    try:
        return issuer.extensions.get_extension_for_class(x509.KeyUsage).value.crl_sign
    except x509.ExtensionNotFound:
        return True


def _covers(crl: x509.CertificateRevocationList, certificate: x509.Certificate) -> bool:
    """A partitioned list (CFCA and others publish many) speaks only for certificates that point to its partition."""
    try:
        scope = crl.extensions.get_extension_for_class(x509.IssuingDistributionPoint).value
    except x509.ExtensionNotFound:
        return True
    if scope.indirect_crl or scope.only_some_reasons or scope.only_contains_attribute_certs or scope.relative_name:
        return False
    authority = _is_authority(certificate)
    if (scope.only_contains_user_certs and authority) or (scope.only_contains_ca_certs and not authority):
        return False
    return scope.full_name is None or bool(set(scope.full_name) & _points(certificate))


def _points(certificate: x509.Certificate) -> set[x509.GeneralName]:
    try:
        points = certificate.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    except x509.ExtensionNotFound:
        return set()
    return {name for point in points for name in point.full_name or ()}


def _is_authority(certificate: x509.Certificate) -> bool:
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        return False
