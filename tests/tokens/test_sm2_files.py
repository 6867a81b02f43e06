"""Key files with an SM2 key, PKCS#12 and PEM, in the helper process; and PEM files with RSA and ECDSA."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, PrivateFormat

from tests.gm import openssl
from tests.seal.gm import gm_world
from tests.seal.practice import NOW, world
from tests.tokens.lab import Prompt
from unitclient.errors import UserError
from unitclient.gm.sm2 import Sm2PublicKey
from unitclient.seal.cms import build_detached
from unitclient.seal.cmscheck import verify_detached
from unitclient.seal.pki import Credential
from unitclient.tokens.keyref import KeyKind, KeyRef
from unitclient.tokens.keys import KeyHelper

SECRET = "文件口令 4711"


def by_openssl(folder: Path, kind: str) -> Path:
    """A key file that openssl makes of its own SM2 key and certificate."""
    key, certificate = openssl.self_signed(folder)
    path = folder / f"unit.{kind}"
    if kind == "pem":
        protected = openssl.openssl("pkcs8", "-topk8", "-in", key, "-passout", f"pass:{SECRET}")
        path.write_bytes(certificate.read_bytes() + protected)
    else:
        files: tuple[str | Path, ...] = ("-inkey", key, "-in", certificate, "-out", path)
        openssl.openssl("pkcs12", "-export", *files, "-passout", f"pass:{SECRET}")
    return path


def refusal(ref: KeyRef, secret: str = SECRET) -> str:
    with KeyHelper() as helper, pytest.raises(UserError) as refused:
        helper.open_signer(ref, Prompt(secret))
    return refused.value.code


@pytest.mark.parametrize("kind", ["p12", "pem"])
def test_openssls_file(kind: str, tmp_path: Path) -> None:
    """What openssl made is opened here, and openssl accepts what it signs."""
    path = by_openssl(tmp_path, kind)
    with KeyHelper() as helper:
        info = helper.read_pkcs12(str(path), Prompt(SECRET))
        assert (info.algorithm, info.signs) == ("sm2", True)
        with helper.open_signer(info.ref, Prompt(SECRET)) as signer:
            signature = signer.sign(b"content")
    public = Sm2PublicKey.of_certificate(info.certificate_der)
    assert public is not None
    assert openssl.verifies(public.spki, b"content", signature, tmp_path)


@pytest.mark.parametrize("kind", ["p12", "pem"])
def test_refusals(kind: str, tmp_path: Path) -> None:
    path = by_openssl(tmp_path, kind)
    ref = KeyRef(KeyKind.PKCS12, "", path=str(path))
    assert refusal(ref, "other") == "pin-wrong"
    assert refusal(dataclasses.replace(ref, certificate_sha256="00" * 32)) == "key-file-changed"
    path.write_bytes(path.read_bytes()[: len(path.read_bytes()) // 2])
    assert refusal(ref) == "key-file-broken"


def test_our_own_file(tmp_path: Path) -> None:
    """As the practice authority gives it out, with its chain."""
    path = tmp_path / "unit.p12"
    path.write_bytes(gm_world().unit.to_pkcs12(SECRET))
    with (
        KeyHelper() as helper,
        helper.open_signer(KeyRef(KeyKind.PKCS12, "", path=str(path)), Prompt(SECRET)) as signer,
    ):
        assert verify_detached(b"x", build_detached(b"x", signer, NOW), gm_world().trust, NOW).ok


@pytest.mark.parametrize("unit", ["unit", "unit_ec"])
def test_other_keys_in_pem(unit: str, tmp_path: Path) -> None:
    credential: Credential = getattr(world(), unit)
    protection = BestAvailableEncryption(SECRET.encode())
    path = tmp_path / "unit.pem"
    path.write_bytes(
        credential.chain[0].public_bytes(Encoding.PEM)
        + credential.certificate_pem
        + credential.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, protection)
    )
    ref = KeyRef(KeyKind.PKCS12, credential.certificate_sha256, path=str(path))
    with KeyHelper() as helper, helper.open_signer(ref, Prompt(SECRET)) as signer:
        assert verify_detached(b"x", build_detached(b"x", signer, NOW), world().trust, NOW).ok
    assert refusal(ref, "other") == "pin-wrong"


@pytest.mark.parametrize("sm2", [True, False])
def test_a_bare_private_key_is_not_used(sm2: bool, tmp_path: Path) -> None:
    """Whoever finds the file could sign with it; the passphrase that is asked for would protect nothing."""
    credential = gm_world().unit if sm2 else world().unit
    path = tmp_path / "unit.pem"
    path.write_bytes(credential.certificate_pem + credential.key_pem)
    assert refusal(KeyRef(KeyKind.PKCS12, "", path=str(path))) == "key-file-unprotected"


def test_a_key_without_its_certificate(tmp_path: Path) -> None:
    path = by_openssl(tmp_path, "pem")
    _, other = openssl.self_signed(tmp_path, "other")
    text = path.read_bytes()
    path.write_bytes(other.read_bytes() + text[text.index(b"-----BEGIN ENCRYPTED") :])
    assert refusal(KeyRef(KeyKind.PKCS12, "", path=str(path))) == "key-unsupported"
