"""What the centre refuses, as RFC 9457 problems. The codes are stable; docs/protocol.md lists them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from unitclient.sync.protocol import RETRYABLE_CODES

PROBLEM_BASE = "https://unitclient.invalid/problems/"
"""`type` of a problem is this and its code. The name is reserved (RFC 6761): nothing is fetched from it."""

PROBLEMS: Mapping[str, tuple[int, str]] = {
    "malformed-json": (400, "The body is not the JSON this request needs"),
    "bad-length": (400, "Content-Length and the body differ"),
    "device-required": (401, "This request needs a device signature (RFC 9421)"),
    "device-revoked": (401, "The device is unknown, has expired or was revoked"),
    "challenge-unknown": (401, "The challenge is unknown, used or expired"),
    "signature-refused": (401, "The device signature does not verify"),
    "clock-off": (401, "The request's time is more than five minutes from the service's"),
    "not-your-unit": (403, "The key belongs to another unit"),
    "certificate-not-authorised": (403, "The certificate is not one of this unit's"),
    "certificate-role": (403, "An authorised certificate may not sign this; the unit's chief certificate may"),
    "not-found": (404, "There is nothing under this address"),
    "method-not-allowed": (405, "This address does not take this method"),
    "body-too-slow": (408, "The body did not arrive in time"),
    "id-reused": (409, "Other bytes are already stored under this submission id"),
    "debit-not-possible": (409, "The bill is paid, is being debited, or was cancelled"),
    "act-not-now": (409, "The certificate can not be renewed, upgraded or changed so at this time"),
    "act-wrong-key": (422, "The new key is not of the kind that this act takes"),
    "cursor-expired": (410, "The cursor is not of this feed any more: read the snapshot"),
    "length-required": (411, "Content-Length is required"),
    "too-large": (413, "The submission is larger than the service takes"),
    "media-type": (415, "The submission must be application/vnd.etsi.asic-e+zip"),
    "id-not-uuidv7": (422, "The submission id is not a UUIDv7"),
    "path-mismatch": (422, "Address and signed content differ"),
    "wrong-audience": (422, "The submission is addressed to another service"),
    "schema-invalid": (422, "The content is not what this request needs"),
    "signature-invalid": (422, "The signature over the submission does not verify"),
    "certificate-expired": (422, "The signing certificate was not valid at the time"),
    "certificate-revoked": (422, "The signing certificate was revoked"),
    "algorithm-refused": (422, "The signature uses an algorithm the service does not take"),
    "credential-too-fast": (429, "Too many requests with this key"),
    "internal": (500, "The service failed; the outcome is unknown"),
    "intake-full": (503, "The intake is full; send the same bytes later"),
    "outcome-unknown": (503, "The outcome is unknown; send the same bytes later"),
    "read-only": (503, "The service can only be read at the moment"),
    "storage-full": (507, "The service's disk is full"),
}
"""code -> (HTTP status, title)."""


@dataclass
class ProblemError(Exception):
    """A refusal on its way to the client. It stores nothing."""

    code: str
    detail: str = ""
    submission_id: str | None = None
    retry_after_s: int | None = None
    findings: Sequence[Mapping[str, Any]] = ()

    @property
    def status(self) -> int:
        """HTTP status of the code."""
        return PROBLEMS[self.code][0]

    def body(self, instance: str) -> dict[str, Any]:
        """The members of the problem document; `instance` is the request's id."""
        status, title = PROBLEMS[self.code]
        told: dict[str, Any] = {
            "type": PROBLEM_BASE + self.code,
            "status": status,
            "title": title,
            "detail": self.detail,
            "code": self.code,
            "retryable": self.code in RETRYABLE_CODES,
            "instance": instance,
            "findings": list(self.findings),
        }
        if self.submission_id is not None:
            told["submission_id"] = self.submission_id
        if self.retry_after_s is not None:
            told["retry_after_s"] = self.retry_after_s
        return told
