"""Pinning: after enrolment only the centre's own signing key is believed, whatever else an authority may certify.

The key changes only by a statement that the key before it signed. Documents of a former key stay good when they were
issued before the change.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from cryptography import x509

from unitclient.seal.cmsread import parse, read_certificate
from unitclient.seal.gmcert import public_key_of, spki_of
from unitclient.store.settings import get_setting, put_setting
from unitclient.store.store import Store


@dataclass(frozen=True, slots=True)
class Pin:
    """A signing key of the centre: SHA-256 of its public key (hex), and when it was replaced (None: it signs now)."""

    key_sha256: str
    until: datetime | None = None


Pins = tuple[Pin, ...]


def key_of(certificate: x509.Certificate) -> str:
    """SHA-256 of the certificate's public key (SubjectPublicKeyInfo), hex."""
    return hashlib.sha256(spki_of(public_key_of(certificate))).hexdigest()


def signing_key_of(cms: bytes) -> str:
    """The key that a signature was made with; SealRefused when it cannot be read."""
    return key_of(parse(cms).certificate)


def allowed(pins: Pins, certificate: x509.Certificate, issued_at: str) -> bool:
    """Whether one of the pinned keys is the certificate's and had not been replaced when the document was issued."""
    wanted = key_of(certificate)
    try:
        return any(one.key_sha256 == wanted and (one.until is None or _before(issued_at, one.until)) for one in pins)
    except (ValueError, TypeError):
        return False


def _before(issued_at: str, until: datetime) -> bool:
    return datetime.fromisoformat(issued_at) <= until


def follow(pins: Pins, certificate_b64: str, issued_at: str) -> Pins:
    """The pins after a believed statement that names the next key's certificate; ValueError when it names none."""
    fresh = key_of(read_certificate(base64.b64decode(certificate_b64, validate=True)))
    at = datetime.fromisoformat(issued_at)
    return (*(replace(one, until=one.until or at) for one in pins if one.key_sha256 != fresh), Pin(fresh))


def load_pins(store: Store, service: str) -> Pins:
    """The pinned keys of a service; none before the first enrolment there."""
    kept: Iterable[dict[str, str]] = get_setting(store, _name(service), [])
    return tuple(Pin(one["key"], datetime.fromisoformat(one["until"]) if one.get("until") else None) for one in kept)


def keep_pins(store: Store, service: str, pins: Pins) -> None:
    """Remember them, inside a write."""
    told = [{"key": one.key_sha256, "until": one.until.isoformat() if one.until else ""} for one in pins]
    put_setting(store, _name(service), told)


def _name(service: str) -> str:
    return f"centre-keys:{service}"
