"""Why a signature or a container is refused: one code for one reason.

The texts are `error.seal-<code>` (three sentences) and `finding.SEAL_<CODE>` in resources/texts/seal.toml.
"""

from __future__ import annotations

from datetime import datetime

from cryptography import x509
from cryptography.x509.oid import NameOID

from unitclient.clock import CHINA
from unitclient.domain.findings import Finding, Severity
from unitclient.errors import UserError

CMS_CODES = frozenset(
    {"signature-broken", "signature-invalid", "content-changed", "algorithm-refused", "certificate-missing",
     "certificate-swapped", "timestamp-invalid"}
)  # fmt: skip
"""The signature itself is wrong: not readable, does not match, other content, other algorithm, other certificate."""
CERTIFICATE_CODES = frozenset(
    {"certificate-expired", "certificate-not-yet-valid", "certificate-revoked", "certificate-unknown-issuer",
     "certificate-wrong-usage", "certificate-policy", "certificate-broken", "crl-missing", "crl-stale"}
)  # fmt: skip
"""The signature matches, but its certificate does not carry it."""
CONTAINER_CODES = frozenset(
    {"container-broken", "container-too-large", "container-too-many-entries", "container-mimetype",
     "container-entry-name", "container-entry-twice", "container-compression", "container-encrypted",
     "container-entry-unlisted", "container-entry-missing", "container-entry-changed", "container-manifest-broken"}
)  # fmt: skip
"""The file is not a container as docs/protocol.md has it."""
PDF_CODES = frozenset({"pdf-broken", "pdf-too-large", "pdf-encrypted", "pdf-cut", "pdf-added-to", "pdf-unsigned"})
"""The file is not a PDF that one signature covers from its first byte to its last."""
CODES = CMS_CODES | CERTIFICATE_CODES | CONTAINER_CODES | PDF_CODES


class SealRefused(UserError):  # noqa: N818 - a refusal, not a fault; "refused" is the word users read
    """A signature or container that is not accepted. `reason` is one of `CODES`; the text code is `seal-<reason>`."""

    def __init__(self, reason: str, /, **params: str | int) -> None:
        super().__init__(f"seal-{reason}", True, **params)
        self.reason = reason

    def finding(self) -> Finding:
        """The same refusal as a finding of severity error."""
        return seal_finding(self.reason, Severity.ERROR, **self.params)


def seal_finding(reason: str, severity: Severity, /, **params: str) -> Finding:
    """A finding `SEAL_<REASON>`, for instance SEAL_CRL_STALE."""
    return Finding(f"SEAL_{reason.upper().replace('-', '_')}", severity, params=params)


def shown_time(moment: datetime) -> str:
    """A moment as texts show it: China standard time, to the minute."""
    return moment.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")


def shown_name(name: x509.Name) -> str:
    """A certificate's name as texts show it: the common name, or all of it where there is none."""
    common = name.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(common[0].value) if common else name.rfc4514_string()
