"""The three acts on a unit's certificate: renewal (更新), upgrade (升级), change (换证). Their rules are data.

A renewal and an upgrade are proven by a signature of the old key over a challenge and the new key's request; a change,
whose old key is lost or damaged, by a code that the desk gave out.
"""

from __future__ import annotations

import hashlib
import secrets
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding

from unitclient.catalog.certificate_rules import CHANGE, Act
from unitclient.central.core import Core
from unitclient.central.devices import DEVICE_LIFE, DeviceRegistry
from unitclient.central.numbers import instant
from unitclient.central.practice import CertificateWish, issue_certificate, public_key_of
from unitclient.central.problems import ProblemError
from unitclient.central.registry import certificate_of_unit, role_of
from unitclient.seal import gmcert
from unitclient.seal.trust import strength_of
from unitclient.sync.protocol import certificate_request

LIFE = timedelta(days=365 * 3)
"""How long a certificate from an act is good."""


@dataclass(frozen=True)
class Request:
    """What asks for a renewal or an upgrade."""

    act: str
    challenge: bytes
    csr_pem: bytes
    cms: bytes


class CertificateDesk:
    """Does the acts in one centre."""

    def __init__(self, core: Core, registry: DeviceRegistry) -> None:
        self._core = core
        self._registry = registry

    def follow(self, asked: Request) -> dict[str, Any]:
        """A certificate that follows one whose key still signs. The challenge is used up whatever comes of it.

        ProblemErrors: challenge-unknown, signature-invalid, certificate-..., act-not-now, act-wrong-key,
        certificate-role.
        """
        taken = self._registry.take_challenge(asked.challenge)
        act = self._act(asked.act)
        if act.proof != "old-key":
            raise ProblemError("act-not-now", "this act needs a code of the desk")
        old = self._certificate(taken["certificate_sha256"])
        now = self._core.clock.now()
        self._check_time(act, old, now)
        signed = certificate_request(asked.challenge, act.name, asked.csr_pem)
        # A renewal after the end is signed with the certificate that ended: it must have been good until then.
        at = min(now, datetime.fromisoformat(old["not_after"]) - timedelta(seconds=1))
        if self._core.identity.verify_unit(signed, asked.cms, at) != old["sha256"]:
            raise ProblemError("certificate-not-authorised")
        if act.name not in self._core.rulebook.certificates.roles[role_of(self._core.database.read(), old)].acts:
            raise ProblemError("certificate-role", act.name)
        return self._issue(act, old, asked.csr_pem)

    def give_code(self, certificate_sha256: str) -> tuple[str, datetime]:
        """(code, its end) for the change of a certificate whose key is lost; the desk has seen the unit's papers."""
        old = self._certificate(certificate_sha256)
        code = f"{secrets.randbelow(10**12):012d}"
        expires = self._core.clock.now() + self._act(CHANGE).code_life
        row = (_digest(code), old["unit_number"], old["sha256"], instant(expires))
        with self._core.database.write() as tx:
            tx.execute("DELETE FROM change_code WHERE certificate_sha256 = ?", (old["sha256"],))
            tx.execute("INSERT INTO change_code VALUES (?, ?, ?, ?)", row)
        return code, expires

    def change(self, unit_number: str, code: str, csr_pem: bytes) -> dict[str, Any]:
        """A certificate for a new key in place of the lost one. ProblemErrors: challenge-unknown, act-wrong-key."""
        public_key_of(csr_pem)
        with self._core.database.write() as tx:
            row: sqlite3.Row | None = tx.execute(
                "DELETE FROM change_code WHERE code_sha256 = ? AND unit_number = ? RETURNING *",
                (_digest(code), unit_number),
            ).fetchone()
        if row is None or row["expires_at"] < instant(self._core.clock.now()):
            raise ProblemError("challenge-unknown", "the code is unknown, used or expired")
        return self._issue(self._act(CHANGE), self._certificate(row["certificate_sha256"], revoked=True), csr_pem)

    def _act(self, name: str) -> Act:
        act = self._core.rulebook.certificates.acts.get(name)
        if act is None:
            raise ProblemError("schema-invalid", "act")
        return act

    def _certificate(self, sha256: str, *, revoked: bool = False) -> sqlite3.Row:
        row = certificate_of_unit(self._core.database.read(), sha256)
        if row is None:
            raise ProblemError("not-found", "no such certificate")
        if row["revoked_at"] and not revoked:
            raise ProblemError("certificate-revoked")
        return row

    def _check_time(self, act: Act, old: sqlite3.Row, now: datetime) -> None:
        end = datetime.fromisoformat(old["not_after"])
        if act.before is not None and now < end - act.before:
            raise ProblemError("act-not-now", f"from {instant(end - act.before)} on")
        if act.after is not None and now > end + act.after:
            raise ProblemError("act-not-now", f"until {instant(end + act.after)}")

    def _issue(self, act: Act, old: sqlite3.Row, csr_pem: bytes) -> dict[str, Any]:
        had = strength_of(gmcert.public_key_of(x509.load_der_x509_certificate(old["der"])))
        has = strength_of(public_key_of(csr_pem))
        if not self._core.rulebook.certificates.fits(act, had, has):
            raise ProblemError("act-wrong-key", f"{had} -> {has}")
        now = self._core.clock.now()
        role = role_of(self._core.database.read(), old)
        wish = CertificateWish(csr_pem, since=now - timedelta(minutes=5), until=now + LIFE, role=role)
        certificate = x509.load_der_x509_certificate(issue_certificate(self._core, old["unit_number"], wish)[0])
        sha256 = certificate.fingerprint(hashes.SHA256()).hex()
        ended = self._settle(act, old, certificate, sha256, now)
        return {
            "act": act.name,
            "certificate_pem": certificate.public_bytes(Encoding.PEM).decode(),
            "certificate_sha256": sha256,
            "old_revoked": act.old == "revoked",
            **ended,
        }

    def _settle(
        self, act: Act, old: sqlite3.Row, certificate: x509.Certificate, sha256: str, now: datetime
    ) -> Mapping[str, int]:
        """What becomes of the old certificate and of the devices that were bound to it."""
        bound = ended = 0
        with self._core.database.write() as tx:
            if act.devices == "re-bound":
                until = instant(min(now + DEVICE_LIFE, certificate.not_valid_after_utc))
                bound = tx.execute(
                    "UPDATE device SET certificate_sha256 = ?, expires_at = ?"
                    " WHERE certificate_sha256 = ? AND revoked_at IS NULL",
                    (sha256, until, old["sha256"]),
                ).rowcount
            else:
                ended = tx.execute(
                    "UPDATE device SET revoked_at = ? WHERE certificate_sha256 = ? AND revoked_at IS NULL",
                    (instant(now), old["sha256"]),
                ).rowcount
            if act.old == "revoked":
                tx.execute(
                    "UPDATE certificate SET revoked_at = coalesce(revoked_at, ?) WHERE sha256 = ?",
                    (instant(now), old["sha256"]),
                )
        if act.old == "revoked":
            self._core.identity.revoked()
        return {"devices_bound": bound, "devices_ended": ended}


def _digest(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
