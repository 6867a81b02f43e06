"""A whole little PKI for the seal tests: root, intermediate, unit, centre, time stamps, revocation lists."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

from cryptography import x509

from unitclient.seal import pki
from unitclient.seal.timestamp import LocalAuthority
from unitclient.seal.trust import TrustStore

NOW = datetime(2026, 3, 10, 1, 30, 0, tzinfo=UTC)
DAY = timedelta(days=1)


class FixedClock:
    """Always the same moment."""

    def __init__(self, moment: datetime = NOW) -> None:
        self.moment = moment

    def now(self) -> datetime:
        """The moment."""
        return self.moment


@dataclass(frozen=True)
class World:
    """One PKI; `trust` has its root and fresh lists of root and intermediate."""

    root: pki.Authority
    ca: pki.Authority
    unit: pki.Credential
    unit_ec: pki.Credential
    centre: pki.Credential
    stamper: LocalAuthority
    trust: TrustStore

    def unit_with(self, validity: pki.Validity) -> pki.Credential:
        """A unit certificate with another validity, same key."""
        subject = pki.name("济南测试单位", unit_number="37010001")
        certificate = self.ca.issue_unit(subject, self.unit.key.public_key(), validity)
        return self.ca.credential_for(self.unit.key, certificate)

    def lists(self, *revoked: tuple[int, datetime]) -> tuple[x509.CertificateRevocationList, ...]:
        """Fresh lists of both authorities, the intermediate's naming `revoked`."""
        return self.root.crl(NOW - DAY), self.ca.crl(NOW - DAY, revoked=revoked)


@cache
def world() -> World:
    """Made once per test run."""
    root = pki.Authority.create_root("演练根 CA", NOW)
    ca = root.create_intermediate("演练签发 CA", NOW)
    validity = pki.Validity.around(NOW, 365)

    def unit(kind: str) -> pki.Credential:
        key = pki.new_key(kind)
        subject = pki.name(
            "济南测试单位", unit_number="37010001", uscc="91370100MA3TEST00X", organization="济南测试单位"
        )
        return ca.credential_for(key, ca.issue_unit(subject, key.public_key(), validity))

    centre_key, stamp_key = pki.new_key(), pki.new_key()
    centre = ca.credential_for(centre_key, ca.issue_centre(pki.name("演练中心"), centre_key.public_key(), validity))
    stamper = ca.credential_for(
        stamp_key, ca.issue_timestamper(pki.name("演练时间戳"), stamp_key.public_key(), validity)
    )
    trust = TrustStore.from_pem(root.certificate_pem).with_crls((root.crl(NOW - DAY), ca.crl(NOW - DAY)))
    return World(root, ca, unit("rsa"), unit("ec"), centre, LocalAuthority(stamper.signer(), FixedClock()), trust)
