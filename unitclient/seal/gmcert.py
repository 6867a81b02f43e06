"""Certificates and revocation lists with SM2 in them, which `cryptography` reads but neither checks nor makes."""

from __future__ import annotations

import hashlib

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from unitclient.errors import UserError
from unitclient.gm.sm2 import BadSignature, Sm2PrivateKey, Sm2PublicKey
from unitclient.seal import der
from unitclient.seal.signer import SoftKey, SoftSigner
from unitclient.seal.suites import SM2_WITH_SM3

_STRONG = (hashes.SHA256, hashes.SHA384, hashes.SHA512)
_SHA256_WITH_RSA, _ECDSA_WITH_SHA256 = "1.2.840.113549.1.1.11", "1.2.840.10045.4.3.2"
PublicKey = rsa.RSAPublicKey | ec.EllipticCurvePublicKey | Sm2PublicKey


def public_key_of(certificate: x509.Certificate) -> CertificatePublicKeyTypes | Sm2PublicKey:
    """The public key. Raises UnsupportedAlgorithm or ValueError for a kind that nobody here knows."""
    try:
        return certificate.public_key()
    except (UnsupportedAlgorithm, ValueError):
        found = _sm2_key(certificate)
        if found is None:
            raise
        return found


def _sm2_key(certificate: x509.Certificate) -> Sm2PublicKey | None:
    try:
        return Sm2PublicKey.of_certificate(certificate.public_bytes(Encoding.DER))
    except UserError:  # no library for SM2 here: its certificates are of an unknown kind then
        return None


def request_key(request: x509.CertificateSigningRequest) -> Sm2PublicKey | None:
    """The key of a request that an SM2 key made and signed; None for any other request, and a signature that fails."""
    try:
        fields = der.read(request.tbs_certrequest_bytes).need(der.SEQUENCE).children
        key = Sm2PublicKey(fields[2].raw)
        key.verify(request.signature, request.tbs_certrequest_bytes)
    except (ValueError, IndexError, BadSignature):
        return None
    return key if request.signature_algorithm_oid.dotted_string == SM2_WITH_SM3 else None


def signed_strongly(certificate: x509.Certificate) -> bool:
    """Whether its issuer signed it over SHA-2 of 256 bits or more, or SM3. Raises UnsupportedAlgorithm for others."""
    if certificate.signature_algorithm_oid.dotted_string == SM2_WITH_SM3:
        return True
    return isinstance(certificate.signature_hash_algorithm, _STRONG)


def is_signed_by(crl: x509.CertificateRevocationList, issuer: x509.Certificate) -> bool:
    """Whether the list carries `issuer`'s signature."""
    try:
        key = public_key_of(issuer)
        if isinstance(key, Sm2PublicKey):
            key.verify(crl.signature, crl.tbs_certlist_bytes)
            return crl.signature_algorithm_oid.dotted_string == SM2_WITH_SM3
        return crl.is_signature_valid(key)  # type: ignore[arg-type]  # other key kinds raise TypeError
    except (TypeError, ValueError, UnsupportedAlgorithm, InvalidSignature, BadSignature):
        return False


def stand_in(key: PublicKey) -> rsa.RSAPublicKey | ec.EllipticCurvePublicKey:
    """The key itself, or a P-256 key in the place of an SM2 key while a certificate is built (see `resigned`)."""
    return ec.generate_private_key(ec.SECP256R1()).public_key() if isinstance(key, Sm2PublicKey) else key


def signing_stand_in(key: SoftKey) -> rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey:
    """The same for the key that signs."""
    return ec.generate_private_key(ec.SECP256R1()) if isinstance(key, Sm2PrivateKey) else key


def key_identifier(key: PublicKey) -> bytes:
    """SHA-1 of the public key's bits (RFC 5280, 4.2.1.2): a name, not a protection."""
    if isinstance(key, Sm2PublicKey):
        return hashlib.sha1(key.spki[-65:], usedforsecurity=False).digest()
    return x509.SubjectKeyIdentifier.from_public_key(key).digest


def resigned(built: bytes, issuer: SoftKey, subject: PublicKey | None = None) -> bytes:
    """A certificate or list built with stand-ins (DER), with the real key of its subject and the real signature.

    The fields stay as they were built, byte for byte, but for the subject's key and the name of the algorithm.
    """
    fields = [one.raw for one in der.read(built).child(0, der.SEQUENCE).children]
    algorithm = der.sequence(der.oid(SM2_WITH_SM3)) if isinstance(issuer, Sm2PrivateKey) else _algorithm(issuer)
    fields[1 if subject is None else 2] = algorithm  # a list has no serial number before it
    if subject is not None:
        fields[6] = spki_of(subject)
    whole = der.sequence(*fields)
    signature = der.tlv(der.BIT_STRING, b"\0" + SoftSigner(issuer, b"").sign(whole))
    return der.sequence(whole, algorithm, signature)


def spki_of(key: CertificatePublicKeyTypes | Sm2PublicKey) -> bytes:
    """SubjectPublicKeyInfo, DER."""
    if isinstance(key, Sm2PublicKey):
        return key.spki
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _algorithm(issuer: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> bytes:
    if isinstance(issuer, rsa.RSAPrivateKey):
        return der.sequence(der.oid(_SHA256_WITH_RSA), der.null())
    return der.sequence(der.oid(_ECDSA_WITH_SHA256))
