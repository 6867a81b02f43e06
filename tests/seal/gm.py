"""A PKI in which RSA, ECDSA and SM2 sign for one another."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from tests.seal.practice import DAY, NOW
from unitclient.seal import pki
from unitclient.seal.trust import TrustStore


@dataclass(frozen=True)
class GmWorld:
    """Root, intermediate and a unit, each with a key of a kind of its own."""

    root: pki.Authority
    ca: pki.Authority
    unit: pki.Credential
    trust: TrustStore


@cache
def gm_world(root_kind: str = "rsa", ca_kind: str = "sm2", unit_kind: str = "sm2") -> GmWorld:
    """Made once per test run and combination."""
    root = pki.Authority.create_root("国密演练根", NOW, key=pki.key_of_kind(root_kind))
    ca = root.create_intermediate("国密演练签发", NOW, key=pki.key_of_kind(ca_kind))
    key = pki.key_of_kind(unit_kind)
    subject = pki.name("济南国密单位", unit_number="37010002", organization="济南国密单位")
    unit = ca.credential_for(key, ca.issue_unit(subject, key.public_key(), pki.Validity.around(NOW, 365)))
    trust = TrustStore.from_pem(root.certificate_pem).with_crls((root.crl(NOW - DAY), ca.crl(NOW - DAY)))
    return GmWorld(root, ca, unit, trust)
