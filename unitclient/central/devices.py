"""Devices: enrolled once by a challenge that the unit's certificate signs; after that they sign every reading request.

A device ends with the certificate that enrolled it, a year at the latest, or when it is revoked.
"""

from __future__ import annotations

import base64
import secrets
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from unitclient.central.database import CentreDatabase
from unitclient.central.numbers import instant, uuid7
from unitclient.central.problems import ProblemError
from unitclient.central.registry import certificate_of_unit, role_of, unit_wire
from unitclient.clock import Clock
from unitclient.sync.protocol import CHALLENGE_PREFIX, canonical, device_request

CHALLENGE_LIFE = timedelta(minutes=2)
DEVICE_LIFE = timedelta(days=365)


class CertificateVerifier(Protocol):
    """Verifies a unit's signature."""

    @property
    def service(self) -> str:
        """The service id."""
        ...

    def verify_unit(self, content: bytes, cms: bytes, now: datetime) -> str:
        """SHA-256 of the signing certificate; ProblemError when signature or certificate are not good at `now`."""
        ...


@dataclass(frozen=True)
class Registration:
    """What a device sends to be enrolled."""

    challenge: bytes
    public_key: bytes
    device_name: str
    cms: bytes


class DeviceRegistry:
    """Challenges and devices."""

    def __init__(self, database: CentreDatabase, verifier: CertificateVerifier, clock: Clock) -> None:
        self._database = database
        self._verifier = verifier
        self._clock = clock

    def challenge(self, unit_number: str | None, certificate_sha256: str) -> tuple[bytes, datetime]:
        """(challenge, when it ends). The unit may be left out: its certificate names it."""
        known = certificate_of_unit(self._database.read(), certificate_sha256)
        if known is None or (unit_number and known["unit_number"] != unit_number):
            raise ProblemError("certificate-not-authorised")
        expires = self._clock.now() + CHALLENGE_LIFE
        content = {
            "service": self._verifier.service,
            "unit_number": known["unit_number"],
            "nonce": secrets.token_hex(32),
            "expires_at": instant(expires),
        }
        challenge = CHALLENGE_PREFIX + canonical(content)
        with self._database.write() as tx:
            tx.execute("DELETE FROM challenge WHERE expires_at < ?", (instant(self._clock.now()),))
            row = (challenge, known["unit_number"], certificate_sha256, instant(expires))
            tx.execute("INSERT INTO challenge VALUES (?, ?, ?, ?)", row)
        return challenge, expires

    def enrol(self, registration: Registration) -> dict[str, Any]:
        """Enrol a device; the answer's members. The challenge is used up whatever comes of it."""
        taken = self.take_challenge(registration.challenge)
        try:
            Ed25519PublicKey.from_public_bytes(registration.public_key)
        except ValueError:
            raise ProblemError("schema-invalid", "public_key is not a raw Ed25519 key") from None
        signed = device_request(registration.challenge, registration.public_key, registration.device_name)
        signer = self._verifier.verify_unit(signed, registration.cms, self._clock.now())
        if signer != taken["certificate_sha256"]:
            raise ProblemError("certificate-not-authorised")
        return self._insert(registration, taken["unit_number"], signer)

    def revoke(self, device_id: str, unit_number: str) -> None:
        """End a device of this unit."""
        with self._database.write() as tx:
            ended = tx.execute(
                "UPDATE device SET revoked_at = ? WHERE device_id = ? AND unit_number = ? AND revoked_at IS NULL",
                (instant(self._clock.now()), device_id, unit_number),
            )
            if not ended.rowcount:
                raise ProblemError("not-found")

    def usable(self, device_id: str) -> sqlite3.Row:
        """The device, if it may be used now; ProblemError `device-revoked`."""
        row: sqlite3.Row | None = (
            self._database.read()
            .execute(
                "SELECT d.*, c.revoked_at AS certificate_revoked_at FROM device d"
                " JOIN certificate c ON c.sha256 = d.certificate_sha256 WHERE d.device_id = ?",
                (device_id,),
            )
            .fetchone()
        )
        if row is None or row["revoked_at"] or row["certificate_revoked_at"]:
            raise ProblemError("device-revoked")
        if row["expires_at"] < instant(self._clock.now()):
            raise ProblemError("device-revoked", "expired: enrol it anew")
        return row

    def take_challenge(self, challenge: bytes) -> sqlite3.Row:
        """Use a challenge up: its row. ProblemError challenge-unknown, also for one that has expired."""
        with self._database.write() as tx:
            row: sqlite3.Row | None = tx.execute(
                "DELETE FROM challenge WHERE challenge = ? RETURNING *", (challenge,)
            ).fetchone()
        if row is None or row["expires_at"] < instant(self._clock.now()):
            raise ProblemError("challenge-unknown")
        return row

    def _insert(self, registration: Registration, unit_number: str, certificate_sha256: str) -> dict[str, Any]:
        now = self._clock.now()
        device_id = uuid7(now)
        with self._database.write() as tx:
            certificate = certificate_of_unit(tx, certificate_sha256)
            assert certificate is not None, "the challenge was for it"
            expires = min(now + DEVICE_LIFE, datetime.fromisoformat(certificate["not_after"]))
            name = registration.device_name
            row = (device_id, unit_number, registration.public_key, name, certificate_sha256, instant(now))
            tx.execute("INSERT INTO device VALUES (?, ?, ?, ?, ?, ?, ?, NULL)", (*row, instant(expires)))
            unit, role = unit_wire(tx, unit_number), role_of(tx, certificate)
        return {
            "device_id": device_id,
            "expires_at": instant(expires),
            "roles": ["read"],
            "certificate_role": role,
            "unit": {**unit, "service": self._verifier.service},
        }


def decode64(text: str) -> bytes:
    """Base64 in a message; ProblemError `schema-invalid` when it is not."""
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        raise ProblemError("schema-invalid", "not base64") from None


def unix_seconds(at: datetime) -> int:
    """Seconds since 1970, UTC."""
    return int(at.astimezone(UTC).timestamp())
