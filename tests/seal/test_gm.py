"""国密 signatures and certificates: both forms, mixed chains, openssl's opinion, and what is refused."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding

from tests.gm import openssl
from tests.seal.gm import gm_world
from tests.seal.practice import DAY, NOW, world
from tests.seal.test_crl import Box
from unitclient.gm.sm2 import Sm2PrivateKey, Sm2PublicKey, sm3
from unitclient.seal import cms, cmsread, der, pki, suites
from unitclient.seal.cmscheck import CmsCheck, verify_detached
from unitclient.seal.container import build_container, read_container, verify_container
from unitclient.seal.crl import CrlCache
from unitclient.seal.gmcert import is_signed_by, request_key
from unitclient.seal.refusal import SealRefused
from unitclient.seal.revocation import CrlPolicy
from unitclient.seal.signer import SoftSigner
from unitclient.seal.suites import GM_DATA, GM_SIGNED_DATA, SM2_SIGN, SM2_WITH_SM3, SM3, Sm2Form
from unitclient.seal.trust import TrustStore, Usage

CONTENT = b"content that is signed"
CHAINS = [("ec", "ec"), ("rsa", "sm2"), ("sm2", "sm2"), ("sm2", "rsa"), ("sm2", "ec")]
FORMS = list(Sm2Form)


class OpensslSigner:
    """An SM2 key that only openssl ever touches."""

    algorithm = "sm2"
    chain_der: tuple[bytes, ...] = ()

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.key, self.certificate = openssl.self_signed(folder)
        self.certificate_der = x509.load_pem_x509_certificate(self.certificate.read_bytes()).public_bytes(Encoding.DER)

    def sign(self, data: bytes) -> bytes:
        """By `openssl dgst`."""
        return openssl.sign(self.key, data, self._folder)


def sign(form: Sm2Form = Sm2Form.CMS) -> bytes:
    return cms.build_detached(CONTENT, gm_world().unit.signer(), NOW, sm2_form=form)


def check(signature: bytes, trust: TrustStore | None = None, content: bytes = CONTENT) -> CmsCheck:
    return verify_detached(content, signature, trust or gm_world().trust, NOW, crl_policy=CrlPolicy.REQUIRE)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("chain", CHAINS, ids="-".join)
def test_good_signature_under_every_mixture(chain: tuple[str, str], form: Sm2Form) -> None:
    one = gm_world(*chain)
    signature = cms.build_detached(CONTENT, one.unit.signer(), NOW, sm2_form=form)
    answer = check(signature, one.trust)
    assert (answer.code, answer.findings, answer.signing_time) == ("", (), NOW)


def test_an_rsa_unit_under_sm2_authorities() -> None:
    one = gm_world("sm2", "sm2", "rsa")
    assert check(cms.build_detached(CONTENT, one.unit.signer(), NOW), one.trust).ok


@pytest.mark.parametrize("form", FORMS)
def test_openssl_accepts_what_is_signed(form: Sm2Form, tmp_path: Path) -> None:
    """Digest, signed attributes and signature, each by openssl; it reads the whole as the structure it is."""
    parsed = cmsread.parse(sign(form))
    (tmp_path / "content").write_bytes(CONTENT)
    digest = openssl.openssl("dgst", "-sm3", "-binary", tmp_path / "content")
    assert parsed.signed[cms.MESSAGE_DIGEST].body == digest
    spki = Sm2PublicKey.of_certificate(parsed.certificate_der)
    assert spki is not None
    assert openssl.verifies(spki.spki, parsed.signed_der, parsed.signature, tmp_path)
    assert not openssl.verifies(spki.spki, parsed.signed_der + b"\0", parsed.signature, tmp_path)
    told = openssl.openssl("asn1parse", "-inform", "DER", data=sign(form)).decode()
    names = ("1.2.156.10197.6.1.4.2.2", "sm3") if form is Sm2Form.GMT0010 else ("pkcs7-signedData", "SM2-with-SM3")
    assert all(name in told for name in names), told


def test_openssl_reads_the_cms_form(tmp_path: Path) -> None:
    (tmp_path / "signature.p7s").write_bytes(sign())
    told = openssl.openssl("cms", "-cmsout", "-print", "-noout", "-inform", "DER", "-in", tmp_path / "signature.p7s")
    assert b"signingTime" in told
    assert b"sm3" in told


@pytest.mark.parametrize("form", FORMS)
def test_a_signature_that_openssl_made(form: Sm2Form, tmp_path: Path) -> None:
    """Key, certificate and signature are openssl's; only the wrapping is ours."""
    signer = OpensslSigner(tmp_path)
    trust = TrustStore.from_pem(signer.certificate.read_bytes())
    signature = cms.build_detached(CONTENT, signer, NOW, sm2_form=form)
    now = x509.load_der_x509_certificate(signer.certificate_der).not_valid_before_utc + DAY
    answer = verify_detached(CONTENT, signature, trust, now, crl_policy=CrlPolicy.WARN)
    assert answer.ok, answer.code


def test_openssl_accepts_our_chain(tmp_path: Path) -> None:
    """`openssl verify` walks unit, SM2 intermediate and RSA root that we issued."""
    one = gm_world()
    for name, pem in (("root", one.root.certificate_pem), ("ca", one.ca.certificate_pem)):
        (tmp_path / name).write_bytes(pem)
    (tmp_path / "unit").write_bytes(one.unit.certificate_pem)
    options = ("-vfyopt", f"distid:{openssl.ID}", "-attime", str(int(NOW.timestamp())), "-CAfile", tmp_path / "root")
    assert openssl.accepts("verify", *options, "-untrusted", tmp_path / "ca", tmp_path / "unit")


def test_openssl_accepts_our_list(tmp_path: Path) -> None:
    one = gm_world("sm2", "sm2")
    made = one.root.crl(NOW)
    (tmp_path / "crl").write_bytes(made.public_bytes(Encoding.PEM))
    assert b"SM2-with-SM3" in openssl.openssl("crl", "-in", tmp_path / "crl", "-noout", "-text")
    key = Sm2PublicKey.of_certificate(one.root.credential.certificate_der)
    assert key is not None
    assert openssl.verifies(key.spki, made.tbs_certlist_bytes, made.signature, tmp_path)
    assert not openssl.verifies(key.spki, one.root.crl(NOW + DAY).tbs_certlist_bytes, made.signature, tmp_path)


# What is refused.


def test_other_content() -> None:
    assert check(sign(), content=b"other").code == "content-changed"


@pytest.mark.parametrize("form", FORMS)
def test_every_changed_byte_is_refused(form: Sm2Form) -> None:
    """One bit anywhere in what is signed, in the algorithms' names or in the signature: never a good signature."""
    good = sign(form)
    parsed = cmsread.parse(good)
    attributes, proof = good.index(parsed.signed_der[1:]), good.index(parsed.signature)
    name = good.rindex(der.oid(parsed.signature_algorithm))
    spans = [
        (attributes, parsed.signed_der[1:]),
        (proof, parsed.signature),
        (name, der.oid(parsed.signature_algorithm)),
    ]
    for place in [start + offset for start, part in spans for offset in range(len(part))]:
        changed = bytearray(good)
        changed[place] ^= 1
        assert not check(bytes(changed)).ok, place


@pytest.mark.parametrize("form", FORMS)
def test_damage_anywhere_is_an_answer_and_never_a_fault(form: Sm2Form) -> None:
    """Also in certificates and lengths, which other libraries read."""
    good = sign(form)
    for place in range(0, len(good), 3):
        changed = bytearray(good)
        changed[place] ^= 0x41
        assert isinstance(check(bytes(changed)), CmsCheck)


def test_the_older_name_of_the_algorithm(monkeypatch: pytest.MonkeyPatch) -> None:
    """Some key software names the curve where the signature's algorithm belongs."""
    older = dataclasses.replace(suites.suite_of("sm2", Sm2Form.GMT0010),
                                signature_algorithm=der.sequence(der.oid(suites.SM2_CURVE)))  # fmt: skip
    monkeypatch.setattr(suites, "_SM2_GMT", older)
    signature = sign(Sm2Form.GMT0010)
    assert cmsread.parse(signature).signature_algorithm == suites.SM2_CURVE
    assert check(signature).ok


def test_raw_halves_are_no_signature() -> None:
    """GM/T 0009, 7.2 has DER; r and s one after the other is what devices give, not what is sent."""

    class Raw(SoftSigner):
        def sign(self, data: bytes) -> bytes:
            """r and s as a device gives them."""
            r, s = decode_dss_signature(super().sign(data))
            return r.to_bytes(32) + s.to_bytes(32)

    unit = gm_world().unit
    raw = Raw(unit.private, unit.certificate_der, unit.signer().chain_der)
    assert check(cms.build_detached(CONTENT, raw, NOW)).code == "signature-invalid"


def test_signature_of_another_key() -> None:
    stranger = SoftSigner(Sm2PrivateKey.generate(), gm_world().unit.certificate_der, gm_world().unit.signer().chain_der)
    assert check(cms.build_detached(CONTENT, stranger, NOW)).code == "signature-invalid"


def test_unknown_root() -> None:
    assert check(sign(), world().trust).code == "certificate-unknown-issuer"


def test_an_issuer_of_the_same_name_with_another_key() -> None:
    impostor = pki.Authority.create_root("国密演练根", NOW, key=pki.key_of_kind("sm2"))
    assert not check(sign(), TrustStore.from_pem(impostor.certificate_pem)).ok


def test_the_forms_are_not_mixed() -> None:
    """A SignedData of RFC 5652 around GM/T 0010 data is neither."""
    parsed = sign(Sm2Form.GMT0010)
    for changed in (
        parsed.replace(der.oid(GM_SIGNED_DATA), der.oid("1.2.156.10197.6.1.4.2.1")),
        _reheaded(parsed),
    ):
        assert check(changed).code == "signature-broken"


def _reheaded(gmt: bytes) -> bytes:
    content = der.read(gmt).children[1].raw
    return der.sequence(der.oid("1.2.840.113549.1.7.2"), content)


@pytest.mark.parametrize("algorithm", ["rsa", "ec"])
def test_an_sm2_key_signs_over_sm3_only(algorithm: str) -> None:
    """A message that names SHA-256 with an SM2 certificate is refused, whatever it was signed with."""
    signer = gm_world().unit.signer()
    other = SoftSigner(pki.new_key(algorithm), signer.certificate_der, signer.chain_der)
    assert check(cms.build_detached(CONTENT, other, NOW)).code == "algorithm-refused"


def test_an_rsa_key_does_not_sign_over_sm3() -> None:
    signer = world().unit.signer()
    other = SoftSigner(Sm2PrivateKey.generate(), signer.certificate_der, signer.chain_der)
    assert check(cms.build_detached(CONTENT, other, NOW), world().trust).code == "algorithm-refused"


def test_a_certificate_for_encryption() -> None:
    """Of the two certificates on a Chinese key (GM/T 0034) the one for encryption never passes."""
    one, key = gm_world(), Sm2PrivateKey.generate()
    certificate = one.ca.issue_encryption(pki.name("加密"), key.public_key(), pki.Validity.around(NOW, 30))
    signer = one.ca.credential_for(key, certificate).signer()
    assert check(cms.build_detached(CONTENT, signer, NOW)).code == "certificate-wrong-usage"


def test_an_expired_certificate() -> None:
    late = verify_detached(CONTENT, sign(), gm_world().trust, NOW + 400 * DAY, crl_policy=CrlPolicy.WARN)
    assert late.code == "certificate-expired"


def test_a_revoked_certificate() -> None:
    """The list is signed with SM2, and a list that another SM2 key signed says nothing."""
    one = gm_world()
    revoked = [(one.unit.certificate.serial_number, NOW - DAY)]
    stranger = pki.Authority(pki.Credential(Sm2PrivateKey.generate(), one.ca.credential.certificate))
    listed = TrustStore(one.trust.anchors, crls=(one.root.crl(NOW - DAY), one.ca.crl(NOW - DAY, revoked=revoked)))
    forged = TrustStore(one.trust.anchors, crls=(one.root.crl(NOW - DAY), stranger.crl(NOW - DAY)))
    assert check(sign(), listed).code == "certificate-revoked"
    assert check(sign(), forged).code == "crl-missing"


def test_the_cache_keeps_lists_of_sm2_issuers() -> None:
    one = gm_world("sm2", "sm2")
    cache = CrlCache(Box())
    cache.put(one.root.crl(NOW).public_bytes(Encoding.DER), one.trust)
    stranger = pki.Authority.create_root("国密演练根", NOW, key=pki.key_of_kind("sm2"))
    with pytest.raises(ValueError, match="unknown issuer"):
        cache.put(stranger.crl(NOW).public_bytes(Encoding.DER), one.trust)
    assert [is_signed_by(kept.crl, one.root.credential.certificate) for kept in cache.lists()] == [True]


# The container.


@pytest.mark.parametrize("form", FORMS)
def test_a_container_signed_with_sm2_rests_on_sm3_throughout(form: Sm2Form) -> None:
    entries = {"declaration.json": b"{}", "attachments/scan.pdf": b"%PDF-1.7"}
    data = build_container("id-1", entries, gm_world().unit.signer(), NOW, sm2_form=form)
    answer = verify_container(data, gm_world().trust, NOW, crl_policy=CrlPolicy.REQUIRE)
    assert answer.ok, answer.code
    assert answer.need().manifest.count(f"urn:oid:{SM3}".encode()) == 2
    parsed = cmsread.parse(answer.need().cms)
    expected = (GM_DATA, SM2_SIGN) if form is Sm2Form.GMT0010 else ("1.2.840.113549.1.7.1", SM2_WITH_SM3)
    assert (parsed.content_type, parsed.signature_algorithm) == expected


def test_a_container_with_a_changed_entry() -> None:
    data = build_container("id-1", {"declaration.json": b"{}"}, gm_world().unit.signer(), NOW)
    manifest = read_container(data).manifest
    assert sm3(b"{}") != sm3(b"{ }")
    from unitclient.seal.container import MIMETYPE
    from unitclient.seal.manifest import PATH, SIGNATURE_PATH
    from unitclient.seal.ziparchive import write_zip

    parts = [("declaration.json", b"{ }"), (PATH, manifest), (SIGNATURE_PATH, read_container(data).cms)]
    assert verify_container(write_zip(MIMETYPE, parts), gm_world().trust, NOW).code == "container-entry-changed"


def test_a_manifest_has_one_kind_of_digest() -> None:
    from unitclient.seal.manifest import build_manifest, read_manifest
    from unitclient.seal.suites import SHA256

    mixed = build_manifest("id", {"a": b"1", "b": b"2"}, SM3)
    first = mixed.index(f"urn:oid:{SM3}".encode())
    replaced = mixed[:first] + mixed[first:].replace(
        f"urn:oid:{SM3}".encode(), b"http://www.w3.org/2001/04/xmlenc#sha256", 1
    )
    assert read_manifest(mixed).algorithm == SM3
    assert read_manifest(build_manifest("id", {"a": b"1"})).algorithm == SHA256
    with pytest.raises(SealRefused) as refused:
        read_manifest(replaced)
    assert refused.value.reason == "algorithm-refused"


# Others.


def test_a_centre_that_signs_with_sm2() -> None:
    """Receipts are checked with the same code: a bureau may sign its documents with SM2."""
    one, key = gm_world(), Sm2PrivateKey.generate()
    certificate = one.ca.issue_centre(pki.name("国密中心"), key.public_key(), pki.Validity.around(NOW, 30))
    signature = cms.build_detached(CONTENT, one.ca.credential_for(key, certificate).signer(), NOW)
    assert verify_detached(CONTENT, signature, one.trust, NOW, usage=Usage.CENTRE).ok
    assert verify_detached(CONTENT, signature, one.trust, NOW).code == "certificate-wrong-usage"


def test_a_time_stamp_beside_an_sm2_signature() -> None:
    signature = cms.build_detached(CONTENT, gm_world().unit.signer(), NOW, timestamper=world().stamper)
    answer = verify_detached(CONTENT, signature, gm_world().trust.joined(world().trust), NOW)
    assert (answer.ok, answer.timestamp_time) == (True, NOW)


def test_a_request_with_an_sm2_key(tmp_path: Path) -> None:
    key = openssl.new_key(tmp_path / "key")
    made = ("req", "-new", "-key", key, "-sm3", "-sigopt", f"distid:{openssl.ID}", "-subj", "/CN=unit")
    request = x509.load_pem_x509_csr(openssl.openssl(*made))
    assert request_key(request) == Sm2PrivateKey.from_pem(key.read_bytes()).public_key()
    undistinguished = openssl.openssl("req", "-new", "-key", key, "-sm3", "-sigopt", "distid:other", "-subj", "/CN=u")
    assert request_key(x509.load_pem_x509_csr(undistinguished)) is None


def test_a_credential_with_an_sm2_key_is_saved_and_loaded(tmp_path: Path) -> None:
    gm_world().unit.save(tmp_path, "unit")
    loaded = pki.Credential.load(tmp_path, "unit")
    assert loaded.certificate == gm_world().unit.certificate
    assert check(cms.build_detached(CONTENT, loaded.signer(), NOW)).ok
