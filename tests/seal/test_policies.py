"""Certificate policies: which a bureau takes, and what every authority on the way may give."""

from __future__ import annotations

import dataclasses

import pytest

from tests.seal.practice import DAY, NOW, world
from unitclient.seal import pki
from unitclient.seal.cms import build_detached
from unitclient.seal.cmscheck import verify_detached
from unitclient.seal.envelope import sign_document, verify_document
from unitclient.seal.revocation import CrlPolicy
from unitclient.texts import error_texts

CONTENT = b"content"
A, B, ANY = "1.2.156.1", "1.2.156.2", "2.5.29.32.0"


@pytest.mark.parametrize(
    ("of_authority", "of_unit", "taken", "code"),
    [
        ([A], [A], {A}, ""),
        ([ANY], [A, B], {B, "1.2.3"}, ""),
        ([], [], set(), ""),
        ([B], [A], set(), ""),
        ([A], [A], {B}, "certificate-policy"),
        ([A], [], {A}, "certificate-policy"),
        ([], [A], {A}, "certificate-policy"),  # the authority may issue under no policy at all
        ([B], [A, B], {A}, "certificate-policy"),  # A is more than the authority may give
        ([A], [ANY], {A}, "certificate-policy"),
    ],
)
def test_certificate_policies(of_authority: list[str], of_unit: list[str], taken: set[str], code: str) -> None:
    """Under the policies that a bureau takes, all the way up; where it names none, any will do. The centre has none."""
    one, life = world(), pki.Validity.around(NOW, 30)
    authority = one.root.create_intermediate("另一签发 CA", NOW, policies=of_authority)
    issued = authority.issue_unit(pki.name("x"), one.unit.key.public_key(), life, policies=of_unit)
    lists = (one.root.crl(NOW - DAY), authority.crl(NOW - DAY))
    trust = dataclasses.replace(one.trust.with_crls(lists), unit_policies=frozenset(taken))
    signature = build_detached(CONTENT, authority.credential_for(one.unit.key, issued).signer(), NOW)
    answer = verify_detached(CONTENT, signature, trust, NOW, crl_policy=CrlPolicy.REQUIRE)
    assert answer.code == code
    if answer.refusal:
        assert all(error_texts(answer.refusal.code, answer.refusal.params))
    key = pki.new_key()
    centre = authority.credential_for(key, authority.issue_centre(pki.name("中心"), key.public_key(), life))
    document = sign_document(CONTENT, centre.key, centre.certificate, NOW, chain=centre.chain)
    assert verify_document(CONTENT, document, trust, NOW).ok
