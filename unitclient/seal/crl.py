"""Revocation lists kept on this computer, so that signing and checking work off line.

One list per authority and partition. A list is kept only when an authority known to the trust store signed it, and
never replaced by an older one. Fetching is the caller's: `fetch(url) -> bytes`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from unitclient.domain.findings import Finding, Severity
from unitclient.seal.cmsread import read_crl
from unitclient.seal.gmcert import is_signed_by
from unitclient.seal.refusal import seal_finding, shown_name
from unitclient.seal.trust import TrustStore

_MAX_BYTES = 16 * 1024 * 1024


@dataclass(frozen=True)
class CachedCrl:
    """One list and its span."""

    crl: x509.CertificateRevocationList
    this_update: datetime
    next_update: datetime | None

    @property
    def der(self) -> bytes:
        """The list, DER."""
        return self.crl.public_bytes(Encoding.DER)


class Shelf(Protocol):
    """Where lists are kept: {name: DER}."""

    def all(self) -> Mapping[str, bytes]:
        """Everything that is kept."""
        ...

    def put(self, name: str, one: CachedCrl) -> None:
        """Keep one in place of what had its name."""
        ...


class CrlCache:
    """The lists on a shelf."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    def lists(self) -> tuple[CachedCrl, ...]:
        """Every list kept; a damaged one is passed over (it will be fetched again)."""
        kept = self._shelf.all()
        return tuple(one for name in sorted(kept) if (one := _load(kept[name])))

    def add_to(self, trust: TrustStore) -> TrustStore:
        """The trust store with these lists."""
        return trust.with_crls(one.crl for one in self.lists())

    def put(self, data: bytes, trust: TrustStore) -> CachedCrl:
        """Keep a list (DER or PEM). Raises ValueError when it is none, or of nobody whom `trust` knows.

        An older list than the one kept changes nothing: the kept one is returned.
        """
        crl = _read(data)
        if not _known_issuer(crl, trust):
            raise ValueError("a revocation list of an unknown issuer")
        name, fresh = _name(crl), _cached(crl)
        kept = _load(self._shelf.all().get(name, b""))
        if kept is not None and kept.this_update > fresh.this_update:
            return kept
        if kept is None or kept.der != fresh.der:
            self._shelf.put(name, fresh)
        return fresh

    def refresh(self, urls: Iterable[str], fetch: Callable[[str], bytes], trust: TrustStore) -> tuple[Finding, ...]:
        """Fetch and keep the lists at `urls`. What cannot be had is a warning, not an error: the old list stays."""
        findings = []
        for url in urls:
            try:
                self.put(fetch(url), trust)
            except (OSError, ValueError) as error:
                findings.append(seal_finding("crl-not-fetched", Severity.WARNING, url=url, reason=str(error)))
        return tuple(findings)


def crl_urls(certificates: Iterable[x509.Certificate]) -> tuple[str, ...]:
    """The http(s) addresses at which these certificates' issuers publish their lists, each once."""
    urls: dict[str, None] = {}
    for certificate in certificates:
        for extension in certificate.extensions:
            if isinstance(extension.value, x509.CRLDistributionPoints):
                names = [name.value for point in extension.value for name in point.full_name or ()]
                urls |= dict.fromkeys(name for name in names if str(name).startswith(("http://", "https://")))
    return tuple(urls)


def _read(data: bytes) -> x509.CertificateRevocationList:
    if len(data) > _MAX_BYTES:
        raise ValueError("the list is too long")
    if data.lstrip().startswith(b"-----BEGIN"):
        data = x509.load_pem_x509_crl(data).public_bytes(Encoding.DER)
    return read_crl(data)


def _cached(crl: x509.CertificateRevocationList) -> CachedCrl:
    return CachedCrl(crl, crl.last_update_utc, crl.next_update_utc)


def _load(data: bytes) -> CachedCrl | None:
    try:
        return _cached(read_crl(data))
    except ValueError:
        return None


def _known_issuer(crl: x509.CertificateRevocationList, trust: TrustStore) -> bool:
    return any(
        issuer.subject == crl.issuer and is_signed_by(crl, issuer) for issuer in (*trust.anchors, *trust.intermediates)
    )


def _name(crl: x509.CertificateRevocationList) -> str:
    """By issuer and partition, readable enough to be found by a person."""
    scope = b""
    for extension in crl.extensions:
        if isinstance(extension.value, x509.IssuingDistributionPoint):
            scope = extension.value.public_bytes()
    digest = hashlib.sha256(crl.issuer.public_bytes() + scope).hexdigest()[:16]
    readable = "".join(letter if letter.isalnum() else "-" for letter in shown_name(crl.issuer))[:40]
    return f"{readable}-{digest}"
