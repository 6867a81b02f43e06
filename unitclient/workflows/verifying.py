"""Verify a file somebody hands over: a signed container, a signed document of the centre, or a PDF it signed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from unitclient.domain.findings import Finding, Severity
from unitclient.errors import UserError
from unitclient.paths import certs_root
from unitclient.seal.cmscheck import CmsCheck, verify_detached
from unitclient.seal.container import verify_container
from unitclient.seal.envelope import verify_document
from unitclient.seal.pdfcheck import PdfCheck, is_pdf, verify_pdf
from unitclient.seal.refusal import seal_finding
from unitclient.seal.trust import TrustStore, Usage
from unitclient.store.units import list_units
from unitclient.sync.protocol import Declaration, SignedDocument, parsed
from unitclient.sync.reading import enclosed
from unitclient.workflows.centre import trust_of
from unitclient.workflows.desk import Desk
from unitclient.workflows.files import read_file
from unitclient.workflows.outage import KIND
from unitclient.workflows.revocation import with_lists
from unitclient.workflows.timestamps import trust_with_authority

SIGNATURE = ".p7s"
"""What the detached signature of a document adds to the document's file name."""
_AGED = ("certificate-expired", "crl-stale")
"""What time alone does to a good file: then the time stamp, or the signer's claim (with a warning), decides."""


@dataclass(frozen=True, slots=True)
class Verified:
    """The answer: whether the file holds, who signed it and when, and everything found on the way."""

    ok: bool
    signer: str
    time: datetime | None
    findings: tuple[Finding, ...]
    content: dict[str, Any]
    """What the file says of itself (header of the declaration, or the document); {} when it does not hold."""


def known_trust(desk: Desk | None) -> TrustStore:
    """Everybody this computer believes: certs/, its units' centres, and the time-stamp authority that is set."""
    trust = TrustStore.from_folder(certs_root())
    if desk is None:
        return trust
    for unit in list_units(desk.store):
        trust = trust.joined(trust_of(unit))
    return with_lists(desk, trust_with_authority(desk, trust))


def named_trust(authorities: Path) -> TrustStore:
    """certs/ and the root certificates (PEM) of a file; UserError ca-missing when it holds none."""
    try:
        named = TrustStore.from_pem(read_file(authorities))
    except ValueError as failure:
        raise UserError("ca-missing") from failure
    if not named.anchors:
        raise UserError("ca-missing")
    return TrustStore.from_folder(certs_root()).joined(named)


def verify_file(path: Path, trust: TrustStore, now: datetime) -> Verified:
    """Check a container, a PDF, an envelope or a document with its signature beside, against `trust` at `now`.

    A container is .asice, an envelope JSON {"document", "cms"}; a document <name> has its signature in <name>.p7s, and
    either of the two may be named. UserError for a file that cannot be read; everything else that is wrong with it is
    a finding.
    """
    whole = path.with_suffix("") if path.suffix.lower() == SIGNATURE else path
    data, signature = read_file(whole), whole.with_name(whole.name + SIGNATURE)
    if signature.is_file():
        return _signed(SignedDocument(data, read_file(signature)), trust, now)
    if data.lstrip()[:1] == b"{":
        return _document(data, trust, now)
    if is_pdf(data) or path.suffix.lower() == ".pdf":
        return _pdf(data, trust, now)
    check = verify_container(data, trust, now)
    if check.code in _AGED:
        check = verify_container(data, trust, None)
    content: dict[str, Any] = {}
    if check.ok:
        content = _header(check.need().declaration)
    return _answer(check.ok, check.signature, check.findings, content)


def _header(declaration: bytes) -> dict[str, Any]:
    """What a declaration says of itself; {} for something that is well signed and no declaration."""
    try:
        header = Declaration.from_bytes(declaration).header
    except (ValueError, KeyError, TypeError):
        return {}
    return {name: getattr(header, name) for name in ("submission_id", "form", "period", "unit_number")}


def _document(data: bytes, trust: TrustStore, now: datetime) -> Verified:
    try:
        told = parsed(data)
        signed = SignedDocument.from_wire(told.get("receipt", told))
    except (ValueError, KeyError, TypeError, AttributeError):
        return Verified(False, "", None, (seal_finding("container-broken", Severity.ERROR, reason="JSON"),), {})
    return _signed(signed, trust, now)


def _signed(signed: SignedDocument, trust: TrustStore, now: datetime) -> Verified:
    check = _checked(signed, trust, now)
    if check.code in _AGED:
        check = _checked(signed, trust, None)
    return _answer(check.ok, check, check.findings, signed.content() if check.ok else {})


def _checked(signed: SignedDocument, trust: TrustStore, at: datetime | None) -> CmsCheck:
    """Everything must be the centre's word, but the record of attempts: that is a unit's, and never the centre's."""
    if _is_record(signed):
        return verify_detached(signed.document, signed.cms, trust, at, usage=Usage.UNIT)
    return verify_document(signed.document, signed.cms, trust, at)


def _is_record(signed: SignedDocument) -> bool:
    try:
        return signed.content().get("kind") == KIND
    except (ValueError, AttributeError):
        return False


def _pdf(data: bytes, trust: TrustStore, now: datetime) -> Verified:
    """A PDF holds when its signature does, and that of the document inside, which is what the answer then tells."""
    check = _checked_pdf(data, trust, now)
    if check.signature.code in _AGED:
        check = _checked_pdf(data, trust, None)
    if not check.ok:
        return _answer(False, check.signature, check.signature.findings, {})
    content: dict[str, Any] = {"pages": check.pages}
    inside = enclosed(check)
    if inside is None:
        return _answer(True, check.signature, check.signature.findings, content)
    document = _signed(inside, trust, now)
    if not document.ok:
        return document
    return _answer(True, check.signature, check.signature.findings, {**document.content, **content})


def _checked_pdf(data: bytes, trust: TrustStore, at: datetime | None) -> PdfCheck:
    """A unit's PDF holds only where it carries the record of attempts that the same certificate signed."""
    check = verify_pdf(data, trust, at)
    if check.signature.code != "certificate-wrong-usage":
        return check
    of_unit = verify_pdf(data, trust, at, usage=Usage.UNIT)
    inside = enclosed(of_unit)
    if not of_unit.ok or inside is None or not _is_record(inside):
        return check
    same = _checked(inside, trust, at).certificate == of_unit.signature.certificate
    return of_unit if same else check


def _answer(ok: bool, signature: CmsCheck | None, findings: tuple[Finding, ...], content: dict[str, Any]) -> Verified:
    subject = signature.subject if signature else ""
    time = (signature.timestamp_time or signature.signing_time) if signature else None
    return Verified(ok, subject, time, findings, content)
