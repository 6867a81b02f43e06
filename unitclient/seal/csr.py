"""A certificate request signed by a key that cannot be read: PKCS#10 (RFC 2986) around `Signer.sign`."""

from __future__ import annotations

import base64

from cryptography import x509

from unitclient.seal import der
from unitclient.seal.gmcert import PublicKey, public_key_of, spki_of
from unitclient.seal.signer import Signer
from unitclient.seal.suites import ECDSA_SHA256, SM2_WITH_SM3

_ALGORITHMS = {
    "rsa": der.sequence(der.oid("1.2.840.113549.1.1.11"), der.null()),
    "ec": der.sequence(der.oid(ECDSA_SHA256)),
    "sm2": der.sequence(der.oid(SM2_WITH_SM3)),
}


def build_csr(signer: Signer, key: PublicKey | None = None) -> bytes:
    """PEM of a request under the subject of the signer's certificate.

    `key` is the signer's public key where the certificate is still of the key before; else it is the certificate's.
    """
    certificate = x509.load_der_x509_certificate(signer.certificate_der)
    public = spki_of(key or public_key_of(certificate))
    info = der.sequence(der.integer(0), certificate.subject.public_bytes(), public, bytes((0xA0, 0)))
    signature = der.tlv(der.BIT_STRING, b"\0" + signer.sign(info))
    request = der.sequence(info, _ALGORITHMS[signer.algorithm], signature)
    lines = base64.encodebytes(request).replace(b"\n", b"")
    body = b"\n".join(lines[at : at + 64] for at in range(0, len(lines), 64))
    return b"-----BEGIN CERTIFICATE REQUEST-----\n" + body + b"\n-----END CERTIFICATE REQUEST-----\n"
