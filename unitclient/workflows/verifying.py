"""Verify a file somebody hands over: a signed container, or a signed document of the centre."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from unitclient.domain.findings import Finding, Severity
from unitclient.errors import UserError
from unitclient.seal.cmscheck import CmsCheck
from unitclient.seal.container import verify_container
from unitclient.seal.envelope import verify_document
from unitclient.seal.refusal import seal_finding
from unitclient.seal.trust import TrustStore
from unitclient.sync.protocol import Declaration, SignedDocument

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


def verify_file(path: Path, trust: TrustStore, now: datetime) -> Verified:
    """Check a .asice container or a JSON envelope {"document", "cms"} against `trust` at the instant `now`."""
    try:
        data = path.read_bytes()
    except FileNotFoundError as failure:
        raise UserError("file-missing", path=path) from failure
    if data.lstrip()[:1] == b"{":
        return _document(data, trust, now)
    check = verify_container(data, trust, now)
    if check.code in _AGED:
        check = verify_container(data, trust, None)
    content: dict[str, Any] = {}
    if check.ok:
        declared = Declaration.from_bytes(check.need().declaration)
        content = {name: getattr(declared.header, name) for name in ("submission_id", "form", "period", "unit_number")}
    return _answer(check.ok, check.signature, check.findings, content)


def _document(data: bytes, trust: TrustStore, now: datetime) -> Verified:
    try:
        told = json.loads(data)
        signed = SignedDocument.from_wire(told.get("receipt", told))
    except (ValueError, KeyError, TypeError, AttributeError):
        return Verified(False, "", None, (seal_finding("container-broken", Severity.ERROR, reason="JSON"),), {})
    check = verify_document(signed.document, signed.cms, trust, now)
    if check.code in _AGED:
        check = verify_document(signed.document, signed.cms, trust, None)
    return _answer(check.ok, check, check.findings, signed.content() if check.ok else {})


def _answer(ok: bool, signature: CmsCheck | None, findings: tuple[Finding, ...], content: dict[str, Any]) -> Verified:
    subject = signature.subject if signature else ""
    time = (signature.timestamp_time or signature.signing_time) if signature else None
    return Verified(ok, subject, time, findings, content)
