"""OCSP: our own question and answer, openssl's word on both, and every answer that must not be believed."""

from __future__ import annotations

import subprocess
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from tests.seal.practice import DAY, NOW, FixedClock, world
from unitclient.seal import ocsp, pki
from unitclient.seal.cms import build_detached
from unitclient.seal.cmscheck import verify_detached
from unitclient.seal.responder import LIFE, Responder
from unitclient.seal.revocation import CrlPolicy
from unitclient.seal.trust import TrustStore


def responder(
    revoked: datetime | None = None,
    *,
    issuer: pki.Authority | None = None,
    usage: str = "responder",
    at: datetime = NOW,
) -> Responder:
    """A responder for the world's issuing authority; `issuer` and `usage` make it a wrong one."""
    key, life = pki.new_key(), pki.Validity.around(NOW, 90)
    maker = issuer or world().ca
    make = {"responder": maker.issue_responder, "unit": maker.issue_unit}[usage]
    credential = pki.Credential(key, make(pki.name("演练 OCSP"), key.public_key(), life))
    unit = world().unit.certificate
    return Responder(
        credential,
        world().ca.credential.certificate,
        lambda serial: (unit, revoked) if serial == unit.serial_number else None,
        FixedClock(at),
    )


def asked(told: Responder, at: datetime = NOW) -> bytes:
    """The answer about the world's unit, accepted as one to keep."""
    certificate, issuer = world().unit.certificate, world().ca.credential.certificate
    request, nonce = ocsp.build_request(certificate, issuer)
    return ocsp.accept(told.answer(request), nonce, certificate, issuer, at)


def checked(answer: bytes, at: datetime = NOW) -> str:
    """What becomes of a signature when this answer is all that is known beside the root's list."""
    signature = build_detached(b"x", world().unit.signer(), NOW)
    trust = TrustStore.from_pem(world().root.certificate_pem).with_crls(world().lists()[:1])
    trust = trust.with_answers([ocsp.read(answer)])
    return verify_detached(b"x", signature, trust, at, crl_policy=CrlPolicy.REQUIRE).code


def test_good_and_revoked() -> None:
    assert checked(asked(responder())) == ""
    assert checked(asked(responder(NOW - DAY))) == "certificate-revoked"
    assert checked(asked(responder(NOW + timedelta(hours=1)))) == ""  # signed before that moment


def test_an_answer_ends() -> None:
    answer = asked(responder())
    assert checked(answer, NOW + LIFE) == ""
    assert checked(answer, NOW + LIFE + timedelta(seconds=1)) == "crl-missing"


@pytest.mark.parametrize(
    "told",
    [
        responder(issuer=world().root),  # delegated by another authority than the certificate's
        responder(usage="unit"),  # a unit's certificate: no OCSPSigning
        responder(at=NOW - 2 * DAY),  # yesterday's answer
        responder(at=NOW + 2 * DAY),
    ],
)
def test_answers_that_are_not_believed(told: Responder) -> None:
    with pytest.raises(ValueError, match=r"not believed|not of today"):
        asked(told)


def test_a_replayed_answer_has_another_nonce() -> None:
    certificate, issuer = world().unit.certificate, world().ca.credential.certificate
    old = asked(responder())
    _, nonce = ocsp.build_request(certificate, issuer)
    with pytest.raises(ValueError, match="another question"):
        ocsp.accept(old, nonce, certificate, issuer, NOW)


def test_a_changed_answer() -> None:
    certificate, issuer = world().unit.certificate, world().ca.credential.certificate
    answer = asked(responder(NOW - DAY))
    assert ocsp.status_of(ocsp.read(answer), certificate, issuer) is not None
    broken = bytearray(answer)
    broken[answer.index(b"\x18\x0f") + 6] ^= 1  # a digit of a time
    assert ocsp.status_of(ocsp.read(bytes(broken)), certificate, issuer) is None


def test_of_another_certificate_and_refusals() -> None:
    other = world().unit_ec.certificate
    request, nonce = ocsp.build_request(other, world().ca.credential.certificate)
    with pytest.raises(ValueError, match="UNAUTHORIZED"):
        ocsp.accept(responder().answer(request), nonce, other, world().ca.credential.certificate, NOW)
    with pytest.raises(ValueError, match="MALFORMED"):
        ocsp.read(responder().answer(b"garbage"))
    assert ocsp.status_of(ocsp.read(asked(responder())), other, world().ca.credential.certificate) is None
    with pytest.raises(ValueError):  # noqa: PT011 - the library words it
        ocsp.read(b"garbage")


def test_openssl_reads_our_question_and_believes_our_answer(tmp_path: Path) -> None:
    certificate, issuer = world().unit.certificate, world().ca.credential.certificate
    request, _ = ocsp.build_request(certificate, issuer)
    files = {
        "q.der": request,
        "a.der": responder(NOW - DAY).answer(request),
        "unit.pem": certificate.public_bytes(Encoding.PEM),
        "ca.pem": issuer.public_bytes(Encoding.PEM),
        "root.pem": world().root.certificate_pem + issuer.public_bytes(Encoding.PEM),
    }
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    seconds = int(NOW.timestamp())
    words = f"openssl ocsp -reqin q.der -respin a.der -issuer ca.pem -CAfile root.pem -attime {seconds} -text"
    told = subprocess.run(
        [*words.split(), "-validity_period", "999999999"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert "Response verify OK" in told.stdout + told.stderr, told
    assert "Cert Status: revoked" in told.stdout
    assert "OCSP Nonce" in told.stdout


@pytest.mark.parametrize(("digest", "believed"), [("sha256", True), ("sha1", False)])
def test_openssl_answers(tmp_path: Path, digest: str, believed: bool) -> None:
    """openssl's own responder, whose book says revoked: another implementation's bytes, strong and weak."""
    certificate, issuer = world().unit.certificate, world().ca.credential.certificate
    request, nonce = ocsp.build_request(certificate, issuer)
    (tmp_path / "q.der").write_bytes(request)
    (tmp_path / "ca.pem").write_bytes(issuer.public_bytes(Encoding.PEM))
    (tmp_path / "ca.key").write_bytes(world().ca.credential.key_pem)
    until, since = (f"{at:%y%m%d%H%M%SZ}" for at in (certificate.not_valid_after_utc, NOW - DAY))
    serial = certificate.serial_number.to_bytes(16).hex().upper()
    (tmp_path / "index.txt").write_text(f"R\t{until}\t{since}\t{serial}\tunknown\t/CN=x\n")
    words = "openssl ocsp -reqin q.der -index index.txt -rsigner ca.pem -rkey ca.key -CA ca.pem -respout a.der -ndays 1"
    subprocess.run([*words.split(), "-rmd", digest], cwd=tmp_path, capture_output=True, check=True)
    told = ocsp.read((tmp_path / "a.der").read_bytes())
    status = ocsp.status_of(told, certificate, issuer)
    assert (status is not None) is believed
    assert status is None or status.revoked_since == NOW - DAY
    assert [one.value.nonce for one in told.extensions if isinstance(one.value, x509.OCSPNonce)] == [nonce]
