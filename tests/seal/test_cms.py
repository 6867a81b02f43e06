"""Signatures: accepted by others' tools, and refused here with the reason when certificate or content is wrong."""

from __future__ import annotations

import dataclasses
import hashlib
import subprocess
from datetime import timedelta, timezone
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from cryptography.hazmat.primitives.serialization.pkcs7 import PKCS7Options, PKCS7SignatureBuilder
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.seal.practice import DAY, NOW, FixedClock, world
from unitclient.domain.findings import Severity
from unitclient.seal import cms, cmsread, der, pki, suites
from unitclient.seal.cmscheck import CmsCheck, verify_detached
from unitclient.seal.envelope import sign_document, verify_document
from unitclient.seal.refusal import CODES, SealRefused
from unitclient.seal.revocation import CrlPolicy
from unitclient.seal.signer import SoftSigner
from unitclient.seal.timestamp import HttpTimestamper, LocalAuthority, build_request, read_reply
from unitclient.seal.trust import TrustStore, Usage

CONTENT = b"content that is signed"


def sign(credential: pki.Credential | None = None) -> bytes:
    return cms.build_detached(CONTENT, (credential or world().unit).signer(), NOW)


def check(signature: bytes, trust: TrustStore | None = None, policy: CrlPolicy = CrlPolicy.REQUIRE) -> CmsCheck:
    return verify_detached(CONTENT, signature, trust or world().trust, NOW, crl_policy=policy)


def test_good_signature() -> None:
    answer = check(sign())
    assert answer.ok
    assert answer.signing_time == NOW
    assert answer.findings == ()
    assert answer.certificate_sha256 == world().unit.certificate.fingerprint(hashes.SHA256()).hex()


def test_pyhanko_agrees() -> None:
    """A second implementation reads the signature and finds it whole, trusted, and with the CAdES attributes."""
    pytest.importorskip("pyhanko")
    from asn1crypto import cms as asn1_cms
    from asn1crypto import x509 as asn1_x509
    from pyhanko.sign.validation.generic_cms import validate_sig_integrity

    info = asn1_cms.ContentInfo.load(sign(), strict=True)
    signer = info["content"]["signer_infos"][0]
    intact, valid = validate_sig_integrity(
        signer,
        asn1_x509.Certificate.load(world().unit.certificate_der),
        expected_content_type="data",
        actual_digest=hashlib.sha256(CONTENT).digest(),
    )
    assert (intact, valid) == (True, True)
    assert info.dump(force=True) == sign()  # re-encoding changes nothing: it is DER


@pytest.mark.parametrize("hours", [-8, 0, 8])
def test_an_instant_is_the_same_in_every_zone(hours: int) -> None:
    """An hour before its end a certificate is good, an hour after it is not, whatever zone the instant is told in."""
    zone = timezone(timedelta(hours=hours))
    brief = world().unit_with(pki.Validity(NOW - DAY, NOW))
    signature = sign(brief)
    for at, code in ((NOW - DAY / 24, ""), (NOW + DAY / 24, "certificate-expired")):
        assert verify_detached(CONTENT, signature, world().trust, at.astimezone(zone)).code == code


def test_other_content() -> None:
    assert verify_detached(b"other", sign(), world().trust, NOW).code == "content-changed"


def test_signature_of_another_key() -> None:
    stranger = SoftSigner(pki.new_key("rsa"), world().unit.certificate_der, ())
    chain = world().unit.signer().chain_der
    stranger.chain_der = chain
    assert check(cms.build_detached(CONTENT, stranger, NOW)).code == "signature-invalid"


def test_certificate_swapped() -> None:
    """Same key, same issuer and serial, other certificate: only signing-certificate-v2 tells them apart."""
    signature = sign()
    again = world().ca.issue_unit(pki.name("别的单位"), world().unit.key.public_key(), pki.Validity.around(NOW, 9))
    swapped = dataclasses.replace(
        cmsread.parse(signature), certificate=again, certificate_der=again.public_bytes(Encoding.DER)
    )
    with pytest.raises(SealRefused) as refused:
        cmsread.check_signature(swapped, CONTENT)
    assert refused.value.reason == "certificate-swapped"


def test_plain_pkcs7_without_cades_attribute_is_refused() -> None:
    unit = world().unit
    assert isinstance(unit.key, rsa.RSAPrivateKey)
    signature = (
        PKCS7SignatureBuilder()
        .set_data(CONTENT)
        .add_signer(unit.certificate, unit.key, hashes.SHA256())
        .sign(Encoding.DER, [PKCS7Options.DetachedSignature, PKCS7Options.Binary])
    )
    assert check(signature).code == "signature-broken"
    assert pkcs7.load_der_pkcs7_certificates(sign())


def test_openssl_signatures_are_read(tmp_path: Path) -> None:
    world().unit.save(tmp_path, "unit")
    (tmp_path / "content").write_bytes(CONTENT)
    chain = b"".join(one.public_bytes(Encoding.PEM) for one in world().unit.chain)
    (tmp_path / "chain.pem").write_bytes(chain)
    for extra, code in ((["-md", "sha256"], ""), (["-md", "sha1"], "algorithm-refused"), (["-keyid"], "")):
        subprocess.run(
            ["openssl", "cms", "-sign", "-binary", "-cades", "-in", "content", "-signer", "unit.pem", "-inkey",
             "unit.key", "-certfile", "chain.pem", "-outform", "DER", "-out", "sig", *extra],
            cwd=tmp_path, check=True, capture_output=True,
        )  # fmt: skip
        answer = check((tmp_path / "sig").read_bytes())
        assert answer.code == code, answer


@pytest.mark.parametrize(
    ("since", "until", "code"),
    [(-400, -1, "certificate-expired"), (1, 400, "certificate-not-yet-valid"), (-1, 1, "")],
)
def test_validity(since: int, until: int, code: str) -> None:
    signature = sign(world().unit_with(pki.Validity(NOW + since * DAY, NOW + until * DAY)))
    assert check(signature).code == code


def test_revoked_from_a_moment_on() -> None:
    lists = world().lists((world().unit.certificate.serial_number, NOW - DAY / 2))
    trust = TrustStore(world().trust.anchors, crls=lists)
    assert check(sign(), trust).code == "certificate-revoked"
    assert check(sign(), trust, CrlPolicy.WARN).code == "certificate-revoked"
    before = verify_detached(CONTENT, sign(), trust, NOW - timedelta(hours=13), crl_policy=CrlPolicy.REQUIRE)
    assert before.ok
    assert {finding.code for finding in before.findings} == {"SEAL_TIME_AHEAD"}


def test_revoked_in_a_stale_list_is_revoked() -> None:
    stale = world().ca.crl(NOW - 30 * DAY, revoked=[(world().unit.certificate.serial_number, NOW - 29 * DAY)])
    trust = TrustStore(world().trust.anchors, crls=(world().root.crl(NOW - DAY), stale))
    assert check(sign(), trust, CrlPolicy.WARN).code == "certificate-revoked"


def test_revoked_intermediate() -> None:
    root = world().root.crl(NOW - DAY, revoked=[(world().ca.credential.certificate.serial_number, NOW - DAY)])
    trust = TrustStore(world().trust.anchors, crls=(root, world().ca.crl(NOW - DAY)))
    assert check(sign(), trust).code == "certificate-revoked"


def test_missing_and_stale_lists() -> None:
    bare = TrustStore(world().trust.anchors)
    stale = bare.with_crls((world().root.crl(NOW - DAY), world().ca.crl(NOW - 30 * DAY)))
    assert check(sign(), bare).code == "crl-missing"
    assert check(sign(), stale).code == "crl-stale"
    answer = check(sign(), stale, CrlPolicy.WARN)
    assert answer.ok
    assert [(one.code, one.severity) for one in answer.findings] == [("SEAL_CRL_STALE", Severity.WARNING)]


def test_list_of_a_stranger_says_nothing() -> None:
    forger = pki.Authority(dataclasses.replace(world().ca.credential, private=pki.new_key()))
    lists = (world().root.crl(NOW - DAY), forger.crl(NOW - DAY))
    assert check(sign(), TrustStore(world().trust.anchors, crls=lists)).code == "crl-missing"


def test_unknown_issuer() -> None:
    other = pki.Authority.create_root("演练根 CA", NOW)
    assert check(sign(), TrustStore.from_pem(other.certificate_pem)).code == "certificate-unknown-issuer"
    assert check(sign(), TrustStore(())).code == "certificate-unknown-issuer"


def test_wrong_usage() -> None:
    """The encryption certificate, the centre's, a time-stamp authority's and an authority's cannot sign for a unit."""
    unit, ca = world().unit, world().ca
    validity = pki.Validity.around(NOW, 30)
    public = unit.key.public_key()
    for issue in (ca.issue_encryption, ca.issue_centre, ca.issue_timestamper):
        credential = ca.credential_for(unit.key, issue(pki.name("x"), public, validity))
        assert check(sign(credential)).code == "certificate-wrong-usage"
    assert check(sign(ca.credential)).code == "certificate-wrong-usage"


def test_unit_cannot_issue_certificates() -> None:
    fake = pki.Authority(world().unit)
    key = pki.new_key()
    victim = fake.issue_unit(pki.name("冒名"), key.public_key(), pki.Validity.around(NOW, 30))
    forged = pki.Credential(key, victim, (world().unit.certificate, *world().unit.chain))
    assert check(sign(forged)).code in ("certificate-wrong-usage", "certificate-unknown-issuer")


def test_unit_cannot_sign_for_the_centre() -> None:
    unit, centre, trust = world().unit, world().centre, world().trust
    lists = world().lists()
    good = sign_document(CONTENT, centre.key, centre.certificate, NOW, chain=centre.chain, crls=lists)
    assert verify_document(CONTENT, good, TrustStore(trust.anchors), NOW).ok
    forged = sign_document(CONTENT, unit.key, unit.certificate, NOW, chain=unit.chain, crls=lists)
    assert verify_document(CONTENT, forged, trust, NOW).code == "certificate-wrong-usage"
    assert verify_detached(CONTENT, good, trust, NOW).code == "certificate-wrong-usage"


def test_document_accepted_by_openssl(tmp_path: Path) -> None:
    centre = world().centre
    signature = sign_document(CONTENT, centre.key, centre.certificate, NOW, chain=centre.chain, crls=world().lists())
    (tmp_path / "sig").write_bytes(signature)
    (tmp_path / "content").write_bytes(CONTENT)
    (tmp_path / "root.pem").write_bytes(world().root.certificate_pem)
    subprocess.run(
        ["openssl", "cms", "-verify", "-binary", "-cades", "-inform", "DER", "-in", "sig", "-content", "content",
         "-CAfile", "root.pem", "-purpose", "any", "-crl_check_all", "-attime", str(int(NOW.timestamp())),
         "-out", "/dev/null"],
        cwd=tmp_path, check=True, capture_output=True,
    )  # fmt: skip


def test_claimed_time_is_named_as_such() -> None:
    answer = verify_detached(CONTENT, sign(), world().trust, None)
    assert answer.ok
    assert [one.code for one in answer.findings] == ["SEAL_TIME_CLAIMED"]


def stamped() -> bytes:
    post = HttpTimestamper(world().stamper.answer)
    return cms.build_detached(CONTENT, world().unit.signer(), NOW - DAY / 24, timestamper=post)


def test_time_stamp(tmp_path: Path) -> None:
    answer = verify_detached(CONTENT, stamped(), world().trust, None, crl_policy=CrlPolicy.REQUIRE)
    assert answer.ok
    assert answer.timestamp_time == NOW
    assert answer.findings == ()
    (tmp_path / "sig").write_bytes(stamped())
    (tmp_path / "content").write_bytes(CONTENT)
    (tmp_path / "root.pem").write_bytes(world().root.certificate_pem)
    subprocess.run(
        ["openssl", "cms", "-verify", "-binary", "-cades", "-inform", "DER", "-in", "sig", "-content", "content",
         "-CAfile", "root.pem", "-purpose", "any", "-attime", str(int(NOW.timestamp())), "-out", "/dev/null"],
        cwd=tmp_path, check=True, capture_output=True,
    )  # fmt: skip


def test_openssl_reads_our_request_and_verifies_our_token(tmp_path: Path) -> None:
    digest = hashlib.sha256(CONTENT).digest()
    request = build_request(digest, 77)
    (tmp_path / "q").write_bytes(request)
    (tmp_path / "r").write_bytes(world().stamper.answer(request))
    (tmp_path / "root.pem").write_bytes(world().root.certificate_pem)
    subprocess.run(
        ["openssl", "ts", "-verify", "-queryfile", "q", "-in", "r", "-CAfile", "root.pem", "-attime",
         str(int(NOW.timestamp()))],
        cwd=tmp_path, check=True, capture_output=True,
    )  # fmt: skip
    shown = subprocess.run(
        ["openssl", "ts", "-query", "-in", "q", "-text"], cwd=tmp_path, check=True, capture_output=True, text=True
    )
    assert "sha256" in shown.stdout


def test_time_stamp_of_something_else() -> None:
    class Elsewhere:
        def timestamp(self, digest: bytes) -> bytes:
            return world().stamper.timestamp(bytes(32))

    signature = cms.build_detached(CONTENT, world().unit.signer(), NOW, timestamper=Elsewhere())
    assert check(signature).code == "timestamp-invalid"


def test_time_stamp_by_a_unit_key() -> None:
    authority = LocalAuthority(world().unit.signer(), FixedClock())
    signature = cms.build_detached(CONTENT, world().unit.signer(), NOW, timestamper=authority)
    answer = check(signature)
    assert answer.code == "timestamp-invalid"
    assert answer.refusal
    assert answer.refusal.params["reason"] == "certificate-wrong-usage"


def test_foreign_stamps_are_told_where_receipt_counts_and_spoiled_ones_refused() -> None:
    authority = LocalAuthority(world().unit.signer(), FixedClock())
    foreign = cms.build_detached(CONTENT, world().unit.signer(), NOW, timestamper=authority)
    answer = verify_detached(CONTENT, foreign, world().trust, NOW, foreign_stamps=True)
    assert (answer.ok, answer.timestamp_time) == (True, None)
    assert "SEAL_TIMESTAMP_INVALID" in [finding.code for finding in answer.findings]

    class Elsewhere:
        def timestamp(self, digest: bytes) -> bytes:
            return world().stamper.timestamp(bytes(32))

    spoiled = cms.build_detached(CONTENT, world().unit.signer(), NOW, timestamper=Elsewhere())
    assert not verify_detached(CONTENT, spoiled, world().trust, NOW, foreign_stamps=True).ok


def test_reply_for_another_request() -> None:
    digest = bytes(32)
    reply = world().stamper.answer(build_request(digest, 1))
    assert read_reply(reply, digest, 1)
    for wrong in ((digest, 2), (bytes(31) + b"1", 1)):
        with pytest.raises(SealRefused, match="timestamp-invalid"):
            read_reply(reply, *wrong)
    with pytest.raises(SealRefused, match="timestamp-invalid"):
        read_reply(world().stamper.answer(b"no request"), digest, 1)


def test_partitioned_list_speaks_only_for_its_partition() -> None:
    from cryptography import x509

    issuer = world().ca.credential
    here, there = "http://crl.example.test/1.crl", "http://crl.example.test/2.crl"
    certificate = world().ca.issue_unit(
        pki.name("分区"), world().unit.key.public_key(), pki.Validity.around(NOW, 30), crl_url=here
    )
    credential = world().ca.credential_for(world().unit.key, certificate)

    def partition(url: str) -> x509.CertificateRevocationList:
        scope = x509.IssuingDistributionPoint(
            [x509.UniformResourceIdentifier(url)], None, False, False, None, False, False
        )
        builder = x509.CertificateRevocationListBuilder(issuer.certificate.subject, NOW - DAY, NOW + DAY)
        return builder.add_extension(scope, True).sign(issuer.key, hashes.SHA256())

    root = world().root.crl(NOW - DAY)
    for url, code in ((here, ""), (there, "crl-missing")):
        trust = TrustStore(world().trust.anchors, crls=(root, partition(url)))
        assert check(sign(credential), trust).code == code


@pytest.mark.filterwarnings("ignore:Attribute's length")  # cryptography's remark on a changed name
@given(st.integers(0, 5000), st.integers(1, 255))
@settings(max_examples=400, deadline=None)
def test_a_changed_byte_never_changes_what_was_signed(position: int, flip: int) -> None:
    data = bytearray(sign())
    data[position % len(data)] ^= flip
    answer = check(bytes(data))
    assert answer.code in CODES | {""}
    if answer.ok:  # only bytes outside signature, signed attributes and signer's certificate may differ
        assert answer.certificate == world().unit.certificate
        assert answer.signing_time == NOW


@given(st.binary(max_size=200))
def test_any_bytes_are_only_refused(data: bytes) -> None:
    assert check(data).code == "signature-broken"


def test_two_signers_are_refused() -> None:
    parsed = der.read(sign())
    data = der.read(parsed.child(1, 0xA0).body)
    *rest, signers = data.children
    both = der.set_of([signers.body, signers.body])
    twice = der.sequence(
        der.oid(suites.ID_SIGNED_DATA), der.explicit(0, der.sequence(*(one.raw for one in rest), both))
    )
    assert check(twice).code == "signature-broken"


def test_attached_signature_is_not_a_detached_one() -> None:
    attached = cms.build_attached(CONTENT, suites.ID_DATA, world().unit.signer(), NOW)
    assert check(attached).code == "signature-broken"


def test_usage_of_the_time_stamper() -> None:
    with pytest.raises(SealRefused):
        world().trust.check(
            world().unit.certificate,
            at=NOW,
            usage=Usage.TIMESTAMP,
            crl_policy=CrlPolicy.WARN,
            extra=world().unit.chain,
        )


def test_trust_from_folder(tmp_path: Path) -> None:
    assert TrustStore.from_folder(tmp_path / "nothing").anchors == ()
    pem = world().root.certificate_pem + world().ca.certificate_pem
    (tmp_path / "a.pem").write_bytes(pem + world().lists()[1].public_bytes(Encoding.PEM))
    trust = TrustStore.from_folder(tmp_path)
    assert (len(trust.anchors), len(trust.intermediates), len(trust.crls)) == (1, 1, 1)
    bare = dataclasses.replace(world().unit, chain=())
    answer = check(sign(bare), trust, CrlPolicy.WARN)
    assert answer.ok
