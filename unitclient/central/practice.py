"""Opening practice units: number, USCC, certificate, account at the simulated bank, first publications.

Works on the database under the server's own rules, so it may be called before the server runs or while it does.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding

from unitclient.catalog.certificate_rules import CHIEF
from unitclient.central.bank import BankSettings, open_account
from unitclient.central.core import Core, open_core
from unitclient.central.database import set_meta
from unitclient.central.numbers import instant, next_number, synthetic_uscc
from unitclient.central.registry import certificate_of_unit
from unitclient.clock import CHINA, Clock
from unitclient.domain.period import Period
from unitclient.errors import UserError
from unitclient.seal.gmcert import PublicKey, request_key
from unitclient.seal.pki import Credential, key_of_kind
from unitclient.seal.pki import name as subject_name
from unitclient.seal.signer import SoftKey


@dataclass(frozen=True)
class OpenedUnit:
    """A new unit and what its client needs. `key_pem` is None when the caller brought its own key (CSR)."""

    unit_number: str
    uscc: str
    name: str
    region: str
    insurances: tuple[str, ...]
    service: str
    ca_pem: bytes
    certificate_der: bytes
    key_pem: bytes | None

    @property
    def certificate_sha256(self) -> str:
        """Fingerprint of the certificate, hex."""
        return x509.load_der_x509_certificate(self.certificate_der).fingerprint(hashes.SHA256()).hex()


@dataclass(frozen=True)
class CertificateWish:
    """How a unit's certificate is to be: whose key, from when until when (None: with the root), role."""

    csr_pem: bytes | None = None
    key_kind: str = "rsa"
    role: str = CHIEF
    since: datetime | None = None
    until: datetime | None = None


def open_unit(
    home: Path,
    name: str,
    region: str,
    insurances: Sequence[str] = (),
    *,
    wish: CertificateWish | None = None,
    clock: Clock | None = None,
) -> OpenedUnit:
    """Open a practice unit with an empty roster in the centre that lives in `home` (made on first use).

    Without `insurances` the unit takes part in all that the region's package has for this month. UserErrors:
    central-region-unknown, central-insurance-unknown, central-csr-broken.
    """
    with open_core(home, clock=clock) as core:
        return open_unit_in(core, name, region, insurances, wish or CertificateWish())


def open_unit_in(core: Core, name: str, region: str, insurances: Sequence[str], wish: CertificateWish) -> OpenedUnit:
    """The same in a centre that is open."""
    chosen = _insurances(core, region, insurances)
    key, public_key = _keys(wish)
    with core.database.write() as tx:
        serial = next_number(tx, "unit")
        unit_number, uscc = f"{region}{serial:04d}", synthetic_uscc(region, serial)
        subject = subject_name(name, unit_number=unit_number, uscc=uscc, organization=name)
        certificate = core.identity.issue_unit(subject, public_key, wish.since, wish.until)
        now = instant(core.clock.now())
        tail = f"{secrets.randbelow(10_000):04d}"
        row = (unit_number, uscc, name, region, json.dumps(chosen), tail, now)
        tx.execute("INSERT INTO unit VALUES (?, ?, ?, ?, ?, ?, ?, 0)", row)
        _register(tx, unit_number, certificate, now)
        open_account(tx, unit_number, BankSettings())
        core.publications.publish_all(tx, unit_number)
        core.publications.hand_over(tx, unit_number)
    return OpenedUnit(
        unit_number=unit_number,
        uscc=uscc,
        name=name,
        region=region,
        insurances=tuple(chosen),
        service=core.identity.service,
        ca_pem=core.identity.ca_pem,
        certificate_der=certificate.public_bytes(Encoding.DER),
        key_pem=Credential(key, certificate).key_pem if key else None,
    )


def issue_certificate(core: Core, unit_number: str, wish: CertificateWish) -> tuple[bytes, bytes | None]:
    """A further certificate for a unit (renewal, a second key): (certificate DER, key PEM or None)."""
    key, public_key = _keys(wish)
    unit = core.database.read().execute("SELECT * FROM unit WHERE unit_number = ?", (unit_number,)).fetchone()
    subject = subject_name(unit["name"], unit_number=unit_number, uscc=unit["uscc"], organization=unit["name"])
    certificate = core.identity.issue_unit(subject, public_key, wish.since, wish.until)
    with core.database.write() as tx:
        _register(tx, unit_number, certificate, instant(core.clock.now()))
        if wish.role != CHIEF:
            sha256 = certificate.fingerprint(hashes.SHA256()).hex()
            tx.execute("INSERT INTO certificate_role VALUES (?, ?)", (sha256, wish.role))
    return certificate.public_bytes(Encoding.DER), Credential(key, certificate).key_pem if key else None


def revoke_certificate(core: Core, sha256: str) -> bool:
    """Revoke a certificate as of now; the revocation list and its devices follow. False when it is not known."""
    with core.database.write() as tx:
        if certificate_of_unit(tx, sha256) is None:
            return False
        now = instant(core.clock.now())
        tx.execute("UPDATE certificate SET revoked_at = coalesce(revoked_at, ?) WHERE sha256 = ?", (now, sha256))
    core.identity.revoked()
    return True


def new_epoch(core: Core) -> None:
    """After a restore from a back-up: every cursor is void, so that clients read again instead of missing something."""
    with core.database.write() as tx:
        set_meta(tx, "epoch", secrets.token_hex(4))


def _register(tx: sqlite3.Connection, unit_number: str, certificate: x509.Certificate, now: str) -> None:
    row = (
        certificate.fingerprint(hashes.SHA256()).hex(),
        unit_number,
        certificate.public_bytes(Encoding.DER),
        f"{certificate.serial_number:x}",
        instant(certificate.not_valid_after_utc),
        now,
    )
    tx.execute("INSERT INTO certificate VALUES (?, ?, ?, ?, ?, ?, NULL)", row)


def _insurances(core: Core, region: str, wanted: Sequence[str]) -> list[str]:
    core.rulebook.package(region)
    month = Period.of(core.clock.now().astimezone(CHINA).date())
    known = [insurance.value for insurance in core.rulebook.month(region, month).rules]
    unknown = set(wanted) - set(known)
    if unknown:
        raise UserError("central-insurance-unknown", region=region, unknown=", ".join(sorted(unknown)))
    return [insurance for insurance in known if not wanted or insurance in wanted]


def _keys(wish: CertificateWish) -> tuple[SoftKey | None, PublicKey]:
    if wish.csr_pem is None:
        key = key_of_kind(wish.key_kind)
        return key, key.public_key()
    return None, public_key_of(wish.csr_pem)


def public_key_of(csr_pem: bytes) -> PublicKey:
    """The key that a certificate is asked for; UserError central-csr-broken unless that key signed the request."""
    public_key = _requested(csr_pem)
    if public_key is None:
        raise UserError("central-csr-broken")
    return public_key


def _requested(csr_pem: bytes) -> PublicKey | None:
    """The key that a request proves to have; None when it is no request, or its signature is not good."""
    try:
        csr = x509.load_pem_x509_csr(csr_pem)
    except ValueError:
        return None
    try:
        public_key = csr.public_key()
    except (UnsupportedAlgorithm, ValueError):
        return request_key(csr)
    if not isinstance(public_key, rsa.RSAPublicKey | ec.EllipticCurvePublicKey) or not csr.is_signature_valid:
        return None
    return public_key
