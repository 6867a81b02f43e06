"""Is this signature good, and whose is it? Signature, signing certificate, trust and time in one answer."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes

from unitclient.domain.findings import Finding, Severity
from unitclient.seal import cms, cmsread, der, longterm, ocsp
from unitclient.seal.refusal import SealRefused, seal_finding, shown_time
from unitclient.seal.revocation import CrlPolicy
from unitclient.seal.suites import GM_DATA, ID_DATA
from unitclient.seal.trust import TrustStore, Usage

CLOCK_TOLERANCE = timedelta(minutes=5)
"""How far a claimed signing time may lie after the checking time before it is worth a warning."""


@dataclass(frozen=True)
class CmsCheck:
    """The answer. `code` is "" when `ok`, else a reason of refusal.CODES; `findings` holds it too, with the warnings.

    `signing_time` is the signer's claim; `timestamp_time` a time-stamp authority's word. `certificate` and `subject`
    are given as soon as they could be read, also when the signature is refused: they say whose it claims to be.
    """

    ok: bool
    code: str = ""
    certificate: x509.Certificate | None = None
    subject: str = ""
    signing_time: datetime | None = None
    timestamp_time: datetime | None = None
    findings: tuple[Finding, ...] = ()
    refusal: SealRefused | None = None

    @property
    def certificate_sha256(self) -> str:
        """Fingerprint of the signing certificate, hex; "" when none could be read."""
        return self.certificate.fingerprint(hashes.SHA256()).hex() if self.certificate else ""

    def need(self) -> CmsCheck:
        """Itself when ok; raises the SealRefused otherwise."""
        if self.refusal:
            raise self.refusal
        return self


def verify_detached(
    content: bytes,
    signature: bytes,
    trust: TrustStore,
    at: datetime | None,
    *,
    usage: Usage = Usage.UNIT,
    crl_policy: CrlPolicy = CrlPolicy.WARN,
    foreign_stamps: bool = False,
    told_time: datetime | None = None,
) -> CmsCheck:
    """Check a detached signature over `content` against `trust`. Never raises for what is in the bytes.

    `at` is the instant at which the certificate must be good: the time of receipt, or now before sending. None takes
    the time stamp's time, or else the signer's own claim, with a warning. With `foreign_stamps` a sound stamp of an
    authority that `trust` does not know is a warning and proves no time: for who keeps the time of receipt itself.
    `told_time` is the signer's claim where `content` tells it and the signature does not (PAdES).
    """
    parsed = stamped = None
    try:
        parsed = cmsread.parse(signature)
        _need_detached(parsed)
        cmsread.check_signature(parsed, content)
        trust = trust.with_answers(_answers_in(signature))
        claimed = told_time or _claimed_time(parsed)
        stamped, warnings = _timestamp_time(parsed, trust, crl_policy, foreign_stamps)
        warnings += _time_warnings(claimed, stamped, at)
        warnings += trust.check(
            parsed.certificate,
            at=at or stamped or claimed,
            usage=usage,
            crl_policy=crl_policy,
            extra=parsed.certificates,
            extra_crls=parsed.crls,
        )
    except SealRefused as refusal:
        return _answer(parsed, told_time, stamped, (refusal.finding(),), refusal)
    return _answer(parsed, told_time, stamped, warnings, None)


def _answers_in(signature: bytes) -> list[ocsp.Response]:
    """The OCSP answers in the message; one that cannot be read says nothing."""
    found = []
    for encoded in longterm.ocsp_answers(signature):
        with suppress(ValueError):
            found.append(ocsp.read(encoded))
    return found


def _need_detached(parsed: cmsread.ParsedCms) -> None:
    if parsed.content is not None or parsed.content_type not in (ID_DATA, GM_DATA):
        raise SealRefused("signature-broken", reason="not a detached signature")


def _answer(
    parsed: cmsread.ParsedCms | None,
    told_time: datetime | None,
    stamped: datetime | None,
    findings: tuple[Finding, ...],
    refusal: SealRefused | None,
) -> CmsCheck:
    return CmsCheck(
        ok=refusal is None,
        code=refusal.reason if refusal else "",
        certificate=parsed.certificate if parsed else None,
        subject=parsed.certificate.subject.rfc4514_string() if parsed else "",
        signing_time=told_time or _claimed_or_none(parsed),
        timestamp_time=stamped,
        findings=findings,
        refusal=refusal,
    )


def _claimed_or_none(parsed: cmsread.ParsedCms | None) -> datetime | None:
    try:
        return parsed.signing_time if parsed else None
    except der.DerError:
        return None


def _claimed_time(parsed: cmsread.ParsedCms) -> datetime:
    claimed = _claimed_or_none(parsed)
    if claimed is None:
        raise SealRefused("signature-broken", reason="no readable signing time")
    return claimed


def _time_warnings(claimed: datetime, stamped: datetime | None, at: datetime | None) -> tuple[Finding, ...]:
    if at is None and stamped is None:
        return (seal_finding("time-claimed", Severity.WARNING, time=shown_time(claimed)),)
    known = at or stamped
    if known and claimed > known + CLOCK_TOLERANCE:
        return (seal_finding("time-ahead", Severity.WARNING, time=shown_time(claimed), now=shown_time(known)),)
    return ()


def _timestamp_time(
    parsed: cmsread.ParsedCms, trust: TrustStore, crl_policy: CrlPolicy, foreign_stamps: bool
) -> tuple[datetime | None, tuple[Finding, ...]]:
    token = parsed.unsigned.get(cms.TIMESTAMP_TOKEN)
    if token is None:
        return None, ()
    from unitclient.seal.timestamp import ForeignStamp, verify_token

    # A long-term signature carries the time-stamp authority's chain and lists beside its own.
    trust = replace(trust, intermediates=(*trust.intermediates, *parsed.certificates)).with_crls(parsed.crls)
    try:
        return verify_token(token.raw, hashlib.sha256(parsed.signature).digest(), trust, crl_policy), ()
    except ForeignStamp as foreign:
        if not foreign_stamps:
            raise
        return None, (seal_finding("timestamp-invalid", Severity.WARNING, reason=foreign.params["reason"]),)
