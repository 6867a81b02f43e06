"""A certificate request signed by a key that cannot be read: PKCS#10 (RFC 2986) around `Signer.sign`."""

from __future__ import annotations

import base64

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from unitclient.seal import cms, der
from unitclient.seal.signer import Signer

_RSA_SHA256 = "1.2.840.113549.1.1.11"


def build_csr(signer: Signer) -> bytes:
    """PEM of a request for the signer's own key under the same subject."""
    certificate = x509.load_der_x509_certificate(signer.certificate_der)
    public = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    info = der.sequence(der.integer(0), certificate.subject.public_bytes(), public, bytes((0xA0, 0)))
    algorithm = (
        der.sequence(der.oid(_RSA_SHA256), der.null())
        if signer.algorithm == "rsa"
        else der.sequence(der.oid(cms.ECDSA_SHA256))
    )
    request = der.sequence(info, algorithm, der.tlv(der.BIT_STRING, b"\0" + signer.sign(info)))
    lines = base64.encodebytes(request).replace(b"\n", b"")
    body = b"\n".join(lines[at : at + 64] for at in range(0, len(lines), 64))
    return b"-----BEGIN CERTIFICATE REQUEST-----\n" + body + b"\n-----END CERTIFICATE REQUEST-----\n"
