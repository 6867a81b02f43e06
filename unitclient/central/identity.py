"""The centre's own keys: a root of the practice, the certificate that signs documents, and the revocation list.

Made on first use under `home`/pki, readable by their owner only. The root is believed by the units this centre opened
and by nobody else.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from unitclient.central.database import CentreDatabase, set_meta
from unitclient.central.numbers import next_number
from unitclient.central.problems import ProblemError
from unitclient.clock import Clock
from unitclient.documents.sealing import Unsigned
from unitclient.seal.cmscheck import verify_detached
from unitclient.seal.container import ContainerCheck, verify_container
from unitclient.seal.envelope import sign_document, verify_document
from unitclient.seal.gmcert import PublicKey
from unitclient.seal.pdfsign import Place, sign_pdf
from unitclient.seal.pki import Authority, Credential, Validity, name, new_key
from unitclient.seal.refusal import SealRefused, shown_name
from unitclient.seal.responder import Responder
from unitclient.seal.revocation import CrlPolicy
from unitclient.seal.suites import Sm2Form
from unitclient.seal.timestamp import LocalAuthority
from unitclient.seal.trust import TrustStore, Usage
from unitclient.seal.ziparchive import Limits
from unitclient.sync.protocol import MAX_CONTAINER_BYTES, SignedDocument

SERVICE_NAME = "社会保险网上申报演练中心"
_BIRTH = datetime(2010, 1, 1, tzinfo=UTC)
"""Practice certificates begin here, so that a rehearsal may set the clock back to an old month."""
_LIFE_DAYS = 11_000
_CRL_DAYS = 30
_PROBLEMS = {
    "certificate-expired": "certificate-expired",
    "certificate-not-yet-valid": "certificate-expired",
    "certificate-revoked": "certificate-revoked",
    "certificate-unknown-issuer": "certificate-not-authorised",
    "certificate-wrong-usage": "certificate-not-authorised",
    "certificate-broken": "certificate-not-authorised",
    "algorithm-refused": "algorithm-refused",
    "container-too-large": "too-large",
    "container-entry-changed": "signature-invalid",
    "crl-missing": "read-only",
    "crl-stale": "read-only",
}
"""Reason of the seal -> problem code; other container faults are `schema-invalid`, others `signature-invalid`."""


def seal_problem(refusal: SealRefused) -> ProblemError:
    """The problem that a refused signature or container is answered with."""
    reason = refusal.reason
    fallback = "schema-invalid" if reason.startswith("container-") else "signature-invalid"
    finding = {"code": reason, "params": dict(refusal.params)}
    return ProblemError(_PROBLEMS.get(reason, fallback), reason, findings=[finding])


class Identity:
    """Signs in the service's name and checks the units' signatures."""

    def __init__(self, home: Path, database: CentreDatabase, clock: Clock) -> None:
        self._folder = home / "pki"
        self._database = database
        self._clock = clock
        self._lock = threading.Lock()  # always before the database's, never inside a write
        self._make_keys()
        self.service = database.meta("service")
        self.authority = Authority(Credential.load(self._folder, "root"))
        self._credential = Credential.load(self._folder, "centre")
        self._trust, self._crl = self._fresh_trust()
        self.stamper = LocalAuthority(self._issued("tsa", self.authority.issue_timestamper).signer(), clock)
        responder = self._issued("ocsp", self.authority.issue_responder)
        self.responder = Responder(responder, self.authority.credential.certificate, self._registered, clock)

    @property
    def ca_pem(self) -> bytes:
        """The trust anchor a unit of this centre is given."""
        return self.authority.certificate_pem

    @property
    def sm2_form(self) -> str:
        """The shape (`suites.Sm2Form`) in which units are asked to sign with SM2; both are read."""
        return self._database.meta("sm2_form", Sm2Form.CMS.value)

    @property
    def crl(self) -> x509.CertificateRevocationList:
        """The list in force; a new one is made before the old one ends."""
        self._current_trust()
        return self._crl

    def seal(self, document: bytes) -> bytes:
        """See `documents.Sealer`. The revocation list goes along, so that the document can be checked off line.

        Called inside writes: the list is taken as it is, because making one is a write of its own. Those who write
        see to it beforehand that it is fresh (`crl`).
        """
        return sign_document(
            document, self._credential.private, self._credential.certificate, self._clock.now(), crls=[self._crl]
        )

    @property
    def subject(self) -> str:
        """The name in the certificate that signs, as papers show it."""
        return shown_name(self._credential.certificate.subject)

    def renew_list(self) -> None:
        """See to it that the list that goes along with signatures is fresh. Not inside a write."""
        self._current_trust()

    def seal_pdf(self, unsigned: Unsigned, at: datetime, name: str, reason: str) -> bytes:
        """A paper with the centre's signature in it, and the revocation list, so that it can be checked off line."""
        place = Place(unsigned.page, unsigned.rectangle)
        crls = [self._crl.public_bytes(Encoding.DER)]
        return sign_pdf(unsigned.pdf, self._credential.signer(), at, place, name=name, reason=reason, crls=crls)

    def verify_own(self, signed: SignedDocument) -> None:
        """ProblemError signature-invalid unless this centre signed the document, whenever that was."""
        trust = self._current_trust()
        check = verify_document(signed.document, signed.cms, trust, self._clock.now(), crl_policy=CrlPolicy.WARN)
        if not check.ok or check.certificate != self._credential.certificate:
            raise ProblemError("signature-invalid", check.code)

    def verify_unit(self, content: bytes, cms: bytes, now: datetime) -> str:
        """See `devices.CertificateVerifier`."""
        check = verify_detached(
            content, cms, self._current_trust(), now, usage=Usage.UNIT, crl_policy=CrlPolicy.REQUIRE
        )
        if check.refusal:
            raise seal_problem(check.refusal)
        return check.certificate_sha256

    def verify_container(self, data: bytes, now: datetime) -> ContainerCheck:
        """Shape, digests, signature and certificate of a submission as of `now`.

        The deadline is compared with our own time of receipt, so a unit may use any time-stamp authority it likes.
        """
        return verify_container(
            data,
            self._current_trust(),
            now,
            limits=Limits(MAX_CONTAINER_BYTES),
            crl_policy=CrlPolicy.REQUIRE,
            foreign_stamps=True,
        )

    def issue_unit(
        self, subject: x509.Name, public_key: PublicKey, since: datetime | None = None, until: datetime | None = None
    ) -> x509.Certificate:
        """A unit's signing certificate."""
        life = Validity(since or _BIRTH, until or _BIRTH + timedelta(days=_LIFE_DAYS))
        return self.authority.issue_unit(subject, public_key, life)

    def next_signing_key(self) -> Credential:
        """A key that may sign documents after the present one; nothing is signed with it yet."""
        key, life = new_key(), Validity(_BIRTH, _BIRTH + timedelta(days=_LIFE_DAYS - 1))
        subject = name(self.service, organization=SERVICE_NAME)
        return self.authority.credential_for(key, self.authority.issue_centre(subject, key.public_key(), life))

    def use_signing_key(self, credential: Credential) -> None:
        """Sign with this key from now on."""
        credential.save(self._folder, "centre")
        self._credential = credential

    def revoked(self) -> None:
        """A certificate was revoked in the register: publish a new list."""
        with self._lock:
            self._trust, self._crl = self._fresh_trust()

    def _current_trust(self) -> TrustStore:
        with self._lock:
            until = self._crl.next_update_utc
            if until is None or until <= self._clock.now() + timedelta(days=1):
                self._trust, self._crl = self._fresh_trust()
            return self._trust

    def _fresh_trust(self) -> tuple[TrustStore, x509.CertificateRevocationList]:
        with self._database.write() as tx:
            number = next_number(tx, "crl")
            revoked = tx.execute("SELECT serial, revoked_at FROM certificate WHERE revoked_at IS NOT NULL").fetchall()
        entries = [(int(row["serial"], 16), datetime.fromisoformat(row["revoked_at"])) for row in revoked]
        crl = self.authority.crl(self._clock.now(), revoked=entries, days=_CRL_DAYS, number=number)
        return TrustStore((self.authority.credential.certificate,), crls=(crl,)), crl

    def _issued(self, stem: str, issue: Callable[[x509.Name, PublicKey, Validity], x509.Certificate]) -> Credential:
        """A helper's key, made on first use: of a home that is older than the helper too."""
        with self._database.write():
            if not (self._folder / f"{stem}.pem").exists():
                key = new_key()
                life = Validity(_BIRTH, _BIRTH + timedelta(days=_LIFE_DAYS - 1))
                certificate = issue(name(f"{self.service} {stem}", organization=SERVICE_NAME), key.public_key(), life)
                self.authority.credential_for(key, certificate).save(self._folder, stem)
            return Credential.load(self._folder, stem)

    def _registered(self, serial: int) -> tuple[x509.Certificate, datetime | None] | None:
        """A certificate we issued to a unit, or to ourselves, and since when it is revoked."""
        row = (
            self._database.read()
            .execute("SELECT der, revoked_at FROM certificate WHERE serial = ?", (f"{serial:x}",))
            .fetchone()
        )
        if row is not None:
            revoked = datetime.fromisoformat(row["revoked_at"]) if row["revoked_at"] else None
            return x509.load_der_x509_certificate(row["der"]), revoked
        stems = ("centre", "tsa", "ocsp")
        own = (Credential.load(self._folder, stem).certificate for stem in stems)
        return next(((one, None) for one in own if one.serial_number == serial), None)

    def _make_keys(self) -> None:
        with self._database.write() as tx:
            if tx.execute("SELECT 1 FROM meta WHERE key = 'service'").fetchone():
                return
            self._make_root_and_centre(tx)

    def _make_root_and_centre(self, tx: sqlite3.Connection) -> None:
        service = f"practice-{self._database.meta('epoch')}"
        root = Authority.create_root(f"演练根证书 {service}", _BIRTH, days=_LIFE_DAYS)
        root.credential.save(self._folder, "root")
        key = new_key()
        life = Validity(_BIRTH, _BIRTH + timedelta(days=_LIFE_DAYS - 1))
        certificate = root.issue_centre(name(service, organization=SERVICE_NAME), key.public_key(), life)
        root.credential_for(key, certificate).save(self._folder, "centre")
        set_meta(tx, "service", service)


def crl_der(identity: Identity) -> bytes:
    """The revocation list in force, DER."""
    return identity.crl.public_bytes(Encoding.DER)
