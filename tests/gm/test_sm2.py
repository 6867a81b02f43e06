"""SM2 and SM3: the figures of GM/T 0003.5 and 0004, openssl both ways, and everything refused that is not right."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from tests.gm import openssl
from unitclient.errors import UserError
from unitclient.gm import libcrypto
from unitclient.gm.libcrypto import GmError
from unitclient.gm.sm2 import BadSignature, Sm2PrivateKey, Sm2PublicKey, sm3

MESSAGE = b"message digest"
X = bytes.fromhex("09F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020")
Y = bytes.fromhex("CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13")
R = 0xF5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3
S = 0xB1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA


def test_sm3_by_the_standard() -> None:
    """GM/T 0004-2012, annex A."""
    assert sm3(b"abc").hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    assert sm3(*[b"abcd"] * 16).hex() == "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"


def test_z_and_e_by_the_standard() -> None:
    """GM/T 0003.5-2012, annex A: the recommended curve."""
    key = Sm2PublicKey.from_point(X, Y)
    assert key.z().hex() == "b2e14c5c79c6df5b85f4fe7ed8db7a262b9da7e07ccb0ea9f4747b8ccda8a4f3"
    assert key.e(MESSAGE).hex() == "f0b43e94ba45accaace692ed534382eb17e6ab5a19ce7b31f4486fdfc0d28640"


def test_the_standards_signature_is_good() -> None:
    Sm2PublicKey.from_point(X, Y).verify(encode_dss_signature(R, S), MESSAGE)


@pytest.mark.parametrize("forged", [(R, S + 1), (R + 1, S), (S, R), (0, S), (R, 0)])
def test_another_signature_is_bad(forged: tuple[int, int]) -> None:
    with pytest.raises(BadSignature):
        Sm2PublicKey.from_point(X, Y).verify(encode_dss_signature(*forged), MESSAGE)


@pytest.mark.parametrize("bytes_", [b"", b"\x30\x00", b"\x00" * 64, R.to_bytes(32) + S.to_bytes(32)])
def test_what_is_no_der_of_two_numbers_is_bad(bytes_: bytes) -> None:
    """GM/T 0009, 7.2: a signature is DER; the raw halves are a device's own form."""
    with pytest.raises(BadSignature):
        Sm2PublicKey.from_point(X, Y).verify(bytes_, MESSAGE)


def test_another_identity_is_another_signer() -> None:
    with pytest.raises(BadSignature):
        Sm2PublicKey.from_point(X, Y).verify(encode_dss_signature(R, S), MESSAGE, b"ALICE123@YAHOO.COM")


def test_a_point_that_is_not_on_the_curve() -> None:
    with pytest.raises(GmError):
        Sm2PublicKey.from_point(X, X)


def test_openssl_accepts_ours(tmp_path: Path) -> None:
    key = Sm2PrivateKey.generate()
    signature = key.sign(MESSAGE)
    assert openssl.verifies(key.public_key().spki, MESSAGE, signature, tmp_path)
    assert not openssl.verifies(key.public_key().spki, MESSAGE + b".", signature, tmp_path)
    r, s = decode_dss_signature(signature)
    assert not openssl.verifies(key.public_key().spki, MESSAGE, encode_dss_signature(s, r), tmp_path)


def test_ours_accepts_openssls(tmp_path: Path) -> None:
    path = openssl.new_key(tmp_path / "key")
    key = Sm2PrivateKey.from_pem(path.read_bytes())
    signature = openssl.sign(path, MESSAGE, tmp_path)
    key.public_key().verify(signature, MESSAGE)
    with pytest.raises(BadSignature):
        key.public_key().verify(signature, MESSAGE + b".")


def test_a_key_survives_pem(tmp_path: Path) -> None:
    key = Sm2PrivateKey.generate()
    assert Sm2PrivateKey.from_pem(key.pem).public_key() == key.public_key()
    (tmp_path / "key").write_bytes(key.pem)
    spki = openssl.openssl("pkey", "-in", tmp_path / "key", "-pubout", "-outform", "DER")
    assert spki == key.public_key().spki


def test_a_key_of_another_curve_is_refused(tmp_path: Path) -> None:
    openssl.openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", tmp_path / "p256")
    with pytest.raises(GmError):
        Sm2PrivateKey.from_pem((tmp_path / "p256").read_bytes())


def test_a_long_message(tmp_path: Path) -> None:
    """An attachment of some size goes through the same call."""
    key, message = Sm2PrivateKey.generate(), bytes(range(256)) * 4096
    assert openssl.verifies(key.public_key().spki, message, key.sign(message), tmp_path)


def test_no_library(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no OpenSSL 3 is found the person is told, and nothing else happens."""
    monkeypatch.setattr(libcrypto, "_places", lambda: iter(["no-such-library.so", "libm.so.6"]))
    libcrypto.library.cache_clear()
    try:
        with pytest.raises(UserError) as refused:
            libcrypto.library()
    finally:
        libcrypto.library.cache_clear()
    assert refused.value.code == "gm-unavailable"
