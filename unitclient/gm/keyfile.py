"""PKCS#12 and PEM files that hold an SM2 key with its certificates."""

from __future__ import annotations

import ctypes
from collections.abc import Iterable
from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from unitclient.gm.libcrypto import GmError, decode, encode, freed, library, need
from unitclient.gm.sm2 import Sm2PrivateKey, Sm2PublicKey, pkcs8_of


class WrongPassphrase(Exception):  # noqa: N818 - the word that is read where it is caught
    """The file is whole, the passphrase is another."""


@dataclass(frozen=True)
class KeyFile:
    """A private key, the certificate that belongs to it (DER), and the others found beside it."""

    key: Sm2PrivateKey
    certificate: bytes
    others: tuple[bytes, ...]


def read_pkcs12(data: bytes, passphrase: str) -> KeyFile:
    """Open a PKCS#12 file. Raises WrongPassphrase, or GmError when it is damaged or holds no SM2 key."""
    secret = passphrase.encode()
    with freed(decode("PKCS12", data), "PKCS12") as file:
        if library().PKCS12_mac_present(file) and not library().PKCS12_verify_mac(file, secret, len(secret)):
            library().ERR_clear_error()
            raise WrongPassphrase
        key, certificate, others = ctypes.c_void_p(), ctypes.c_void_p(), ctypes.c_void_p()
        parts = (ctypes.byref(key), ctypes.byref(certificate), ctypes.byref(others))
        need(library().PKCS12_parse(file, secret, *parts), "PKCS#12")
    found = _taken_certificates(certificate.value, others.value)
    with freed(need(key.value, "a private key"), "EVP_PKEY") as handle:
        return _matched(Sm2PrivateKey(pkcs8_of(handle)), found)


def _taken_certificates(own: int | None, others: int | None) -> list[bytes]:
    """DER of the certificates that PKCS12_parse gave out; they are freed."""
    handles = [own] if own else []
    if others:
        handles += [library().OPENSSL_sk_value(others, index) for index in range(library().OPENSSL_sk_num(others))]
        library().OPENSSL_sk_free(others)
    found = []
    for handle in handles:
        with freed(handle, "X509"):
            found.append(encode("X509", handle))
    return found


def read_pem(data: bytes, passphrase: str) -> KeyFile:
    """Open a PEM file with a private key (protected or not) and certificates. Raises WrongPassphrase, GmError."""
    certificates = [one.public_bytes(Encoding.DER) for one in _pem_certificates(data)]
    secret = passphrase.encode()
    with freed(need(library().BIO_new_mem_buf(data, len(data)), "PEM"), "BIO") as source:
        handle = library().PEM_read_bio_PrivateKey(source, None, None, secret)
    if not handle:
        library().ERR_clear_error()
        if b"ENCRYPTED" in data:
            raise WrongPassphrase
        raise GmError("no private key")
    with freed(handle, "EVP_PKEY"):
        return _matched(Sm2PrivateKey(pkcs8_of(handle)), certificates)


def _pem_certificates(data: bytes) -> list[x509.Certificate]:
    try:
        return x509.load_pem_x509_certificates(data)
    except ValueError as error:
        raise GmError("no certificate") from error


def _matched(key: Sm2PrivateKey, certificates: Iterable[bytes]) -> KeyFile:
    """Key and the certificate with its public half: a file may hold a second, for encryption."""
    found = list(dict.fromkeys(certificates))
    for certificate in found:
        if Sm2PublicKey.of_certificate(certificate) == key.public_key():
            return KeyFile(key, certificate, tuple(one for one in found if one != certificate))
    raise GmError("no certificate of this key")


def make_pkcs12(
    key: Sm2PrivateKey, certificate: bytes, others: Iterable[bytes], passphrase: str, friendly_name: str
) -> bytes:
    """A PKCS#12 file in OpenSSL's own protection (PBES2 with AES-256, MAC over SHA-256). Certificates are DER."""
    handles = [decode("X509", one) for one in (certificate, *others)]
    stack = need(library().OPENSSL_sk_new_null(), "memory")
    try:
        for handle in handles[1:]:
            library().OPENSSL_sk_push(stack, handle)
        with freed(decode("AutoPrivateKey", key.pkcs8), "EVP_PKEY") as private:
            arguments = (passphrase.encode(), friendly_name.encode(), private, handles[0], stack, 0, 0, 0, 0, 0)
            made = need(library().PKCS12_create(*arguments), "PKCS#12")
        with freed(made, "PKCS12"):
            return encode("PKCS12", made)
    finally:
        library().OPENSSL_sk_free(stack)
        for handle in handles:
            library().X509_free(handle)
