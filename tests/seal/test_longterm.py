"""Long-term signatures: proven by openssl from the message and the root alone, and by us years later."""

from __future__ import annotations

import dataclasses
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest

from tests.seal.practice import DAY, NOW, FixedClock, world
from tests.seal.test_ocsp import asked, responder
from unitclient.seal import cmsread, der, longterm, ocsp, pki
from unitclient.seal.cms import build_detached
from unitclient.seal.cmscheck import verify_detached
from unitclient.seal.evidence import gather, pairs_of
from unitclient.seal.longterm import Material, extend, ocsp_answers
from unitclient.seal.refusal import SealRefused
from unitclient.seal.revocation import CrlPolicy
from unitclient.seal.timestamp import LocalAuthority
from unitclient.seal.trust import TrustStore

CONTENT = b"a declaration that is looked at in ten years"
LATER = NOW + 3650 * DAY
ONLY_ROOT = TrustStore.from_pem(world().root.certificate_pem)


def stamped() -> bytes:
    return build_detached(CONTENT, world().unit.signer(), NOW, timestamper=world().stamper)


def long_term(signature: bytes | None = None, *, with_ocsp: bool = True) -> bytes:
    trust = world().trust.with_answers([ocsp.read(asked(responder()))] if with_ocsp else [])
    signature = signature or stamped()
    material = gather(pairs_of(signature, trust, NOW), trust, NOW)
    assert material is not None
    return extend(signature, material)


def archived(signature: bytes, trust: TrustStore = ONLY_ROOT) -> str:
    """Checked years later with the root and nothing else, at the time of the stamp."""
    return verify_detached(CONTENT, signature, trust, None, crl_policy=CrlPolicy.REQUIRE).code


def openssl(folder: Path, signature: bytes, *words: str) -> subprocess.CompletedProcess[str]:
    (folder / "s.p7s").write_bytes(signature)
    (folder / "content").write_bytes(CONTENT)
    (folder / "root.pem").write_bytes(world().root.certificate_pem)
    command = "openssl cms -verify -binary -inform DER -in s.p7s -content content -CAfile root.pem -cades -out out"
    purpose = ["-purpose", "any", "-attime", str(int(NOW.timestamp()))]
    return subprocess.run([*command.split(), *purpose, *words], cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("with_ocsp", [True, False])
def test_openssl_verifies_from_the_message_alone(tmp_path: Path, with_ocsp: bool) -> None:
    told = openssl(tmp_path, long_term(with_ocsp=with_ocsp), "-crl_check_all")
    assert told.returncode == 0, told.stderr
    told = openssl(tmp_path, stamped(), "-crl_check_all")
    assert told.returncode != 0
    assert "CRL" in told.stderr


def test_the_version_says_what_is_inside() -> None:
    def version(signature: bytes) -> int:
        return der.read(der.read(signature).child(1, 0xA0).body).child(0, der.INTEGER).integer()

    assert (version(stamped()), version(long_term(with_ocsp=False)), version(long_term())) == (1, 1, 5)
    assert len(ocsp_answers(long_term())) == 1
    assert ocsp_answers(stamped()) == ocsp_answers(b"garbage") == ()


def test_nothing_is_put_in_twice() -> None:
    signature = long_term()
    parsed = cmsread.parse(signature)
    assert extend(signature, Material((parsed.certificate_der,), (), ocsp_answers(signature))) == signature


def test_archived_declarations_are_judged_at_the_time_of_the_stamp() -> None:
    """The certificate ended and was revoked long since; what was known at the stamp's time lies in the message."""
    signature = long_term()
    assert archived(signature) == ""
    assert verify_detached(CONTENT, signature, ONLY_ROOT, LATER).code == "certificate-expired"
    revoked = world().ca.crl(LATER, revoked=[(world().unit.certificate.serial_number, NOW + DAY)])
    assert archived(signature, ONLY_ROOT.with_crls([revoked])) == ""
    before = world().ca.crl(LATER, revoked=[(world().unit.certificate.serial_number, NOW - timedelta(hours=1))])
    assert archived(signature, ONLY_ROOT.with_crls([before])) == "certificate-revoked"


def test_without_the_material_nothing_is_proven_later() -> None:
    assert archived(stamped()) in ("timestamp-invalid", "crl-missing")


def test_no_long_term_where_a_list_lacks_or_is_stale() -> None:
    pairs = pairs_of(stamped(), world().trust, NOW)
    assert gather(pairs, dataclasses.replace(world().trust, crls=world().lists()[:1]), NOW) is None
    assert gather(pairs, world().trust, NOW + 30 * DAY) is None


def test_the_stamps_own_authority_may_be_another_one() -> None:
    root = pki.Authority.create_root("另一时间戳根", NOW)
    key = pki.new_key()
    certificate = root.issue_timestamper(pki.name("另一时间戳"), key.public_key(), pki.Validity.around(NOW, 90))
    stamper = LocalAuthority(root.credential_for(key, certificate).signer(), FixedClock())
    signature = build_detached(CONTENT, world().unit.signer(), NOW, timestamper=stamper)
    both = world().trust.joined(TrustStore.from_pem(root.certificate_pem).with_crls([root.crl(NOW - DAY)]))
    material = gather(pairs_of(signature, both, NOW), both, NOW)
    assert material is not None
    anchors = ONLY_ROOT.joined(TrustStore.from_pem(root.certificate_pem))
    assert archived(extend(signature, material), anchors) == ""


def test_bytes_that_are_no_signature() -> None:
    with pytest.raises(SealRefused) as told:
        extend(b"garbage", Material())
    assert told.value.reason == "signature-broken"
    assert longterm.ocsp_answers(der.sequence(der.null(), der.null())) == ()
