"""The cache of revocation lists: newest kept, strangers refused, damage survived."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from tests.seal.practice import DAY, NOW, world
from unitclient.seal import pki
from unitclient.seal.cms import build_detached
from unitclient.seal.cmscheck import verify_detached
from unitclient.seal.crl import CachedCrl, CrlCache, crl_urls
from unitclient.seal.revocation import CrlPolicy
from unitclient.seal.trust import TrustStore


class Box:
    """A shelf in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}
        self.puts = 0

    def all(self) -> Mapping[str, bytes]:
        return self.kept

    def put(self, name: str, one: CachedCrl) -> None:
        self.kept[name] = one.der
        self.puts += 1


def trust() -> TrustStore:
    return TrustStore.from_pem(world().root.certificate_pem, world().ca.certificate_pem)


def test_signatures_are_checked_off_line_with_the_cache() -> None:
    cache = CrlCache(Box())
    signature = build_detached(b"x", world().unit.signer(), NOW)

    def code() -> str:
        return verify_detached(b"x", signature, cache.add_to(trust()), NOW, crl_policy=CrlPolicy.REQUIRE).code

    assert code() == "crl-missing"
    for one in world().lists():
        cache.put(one.public_bytes(Encoding.DER), trust())
    assert code() == ""
    revoked = world().ca.crl(NOW - DAY / 2, revoked=[(world().unit.certificate.serial_number, NOW - DAY / 2)])
    cache.put(revoked.public_bytes(Encoding.PEM), trust())
    assert code() == "certificate-revoked"
    assert len(cache.lists()) == 2
    cache.put(world().lists()[1].public_bytes(Encoding.DER), trust())
    assert code() == "certificate-revoked"  # the older list did not come back


def test_strangers_and_garbage_are_not_kept() -> None:
    cache = CrlCache(Box())
    stranger = pki.Authority.create_root("演练根 CA", NOW).crl(NOW)
    for data in (stranger.public_bytes(Encoding.DER), b"garbage", b"-----BEGIN nonsense"):
        with pytest.raises(ValueError):  # noqa: PT011 - each library words it differently
            cache.put(data, trust())
    assert cache.lists() == ()


def test_a_damaged_list_is_passed_over_and_replaced() -> None:
    box = Box()
    cache = CrlCache(box)
    data = world().lists()[0].public_bytes(Encoding.DER)
    cache.put(data, trust())
    (name,) = box.kept
    box.kept[name] = data[:-9]
    assert cache.lists() == ()
    assert cache.put(data, trust()).der == data
    assert [one.next_update for one in cache.lists()] == [NOW + 6 * DAY]
    cache.put(data, trust())
    assert box.puts == 2  # the same list once more is not written again


def test_refresh() -> None:
    url, dead = "http://crl.example.test/1.crl", "http://crl.example.test/2.crl"
    key = world().unit.key.public_key()
    certificates = [
        world().ca.issue_unit(pki.name("x"), key, pki.Validity.around(NOW, 9), crl_url=one)
        for one in (url, url, dead, "ldap://crl.example.test/x")
    ]
    assert crl_urls(certificates) == (url, dead)

    def fetch(wanted: str) -> bytes:
        if wanted == dead:
            raise ConnectionError("no route")
        return world().lists()[1].public_bytes(Encoding.DER)

    cache = CrlCache(Box())
    findings = cache.refresh(crl_urls(certificates), fetch, trust())
    assert [(one.code, one.params["url"]) for one in findings] == [("SEAL_CRL_NOT_FETCHED", dead)]
    assert len(cache.lists()) == 1
