"""PKCS#12 and PEM files: openssl's read here, ours read by openssl."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from tests.gm import openssl
from unitclient.gm.keyfile import WrongPassphrase, make_pkcs12, read_pem, read_pkcs12
from unitclient.gm.libcrypto import GmError
from unitclient.gm.sm2 import Sm2PrivateKey, Sm2PublicKey

SECRET = "口令 4711"


def der_of(pem: Path) -> bytes:
    return x509.load_pem_x509_certificate(pem.read_bytes()).public_bytes(Encoding.DER)


def exported(folder: Path, *options: str) -> bytes:
    """A PKCS#12 file that openssl makes, with a second certificate in it."""
    key, certificate = openssl.self_signed(folder)
    _, other = openssl.self_signed(folder, "other")
    files: tuple[str | Path, ...] = ("-inkey", key, "-in", certificate, "-certfile", other)
    return openssl.openssl("pkcs12", "-export", *files, "-passout", f"pass:{SECRET}", *options)


@pytest.mark.parametrize("options", [(), ("-keypbe", "PBE-SHA1-3DES", "-certpbe", "PBE-SHA1-3DES", "-macalg", "sha1")])
def test_openssls_pkcs12(tmp_path: Path, options: tuple[str, ...]) -> None:
    """Today's protection, and the one of older key software."""
    file = read_pkcs12(exported(tmp_path, *options), SECRET)
    assert file.certificate == der_of(tmp_path / "unit.pem")
    assert file.others == (der_of(tmp_path / "other.pem"),)
    assert file.key.public_key() == Sm2PublicKey.of_certificate(file.certificate)


def test_a_wrong_passphrase_is_told_from_a_broken_file(tmp_path: Path) -> None:
    data = exported(tmp_path)
    with pytest.raises(WrongPassphrase):
        read_pkcs12(data, "other")
    with pytest.raises(GmError):
        read_pkcs12(data[:-7], SECRET)


def test_openssl_reads_ours(tmp_path: Path) -> None:
    key, certificate = openssl.self_signed(tmp_path)
    private = Sm2PrivateKey.from_pem(key.read_bytes())
    file = tmp_path / "own.p12"
    file.write_bytes(make_pkcs12(private, der_of(certificate), [], SECRET, "单位"))
    told = openssl.openssl("pkcs12", "-in", file, "-passin", f"pass:{SECRET}", "-nodes")
    assert Sm2PrivateKey.from_pem(told).public_key() == private.public_key()
    assert b"BEGIN CERTIFICATE" in told


@pytest.mark.parametrize("protected", [True, False])
@pytest.mark.parametrize("traditional", [True, False])
def test_openssls_pem(tmp_path: Path, protected: bool, traditional: bool) -> None:
    key, certificate = openssl.self_signed(tmp_path)
    cipher = ("-aes256", "-passout", f"pass:{SECRET}") if protected else ()
    form = ("ec", "-in", key) if traditional else ("pkey", "-in", key)
    data = openssl.openssl(*form, *cipher) + certificate.read_bytes()
    file = read_pem(data, SECRET if protected else "")
    assert file.certificate == der_of(certificate)
    if protected:
        with pytest.raises(WrongPassphrase):
            read_pem(data, "other")


def test_a_key_without_its_certificate(tmp_path: Path) -> None:
    key, _ = openssl.self_signed(tmp_path)
    _, other = openssl.self_signed(tmp_path, "other")
    with pytest.raises(GmError):
        read_pem(key.read_bytes() + other.read_bytes(), "")
    with pytest.raises(GmError):
        read_pem(key.read_bytes(), "")
    with pytest.raises(GmError):
        read_pem(other.read_bytes(), "")
