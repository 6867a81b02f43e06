"""Reading a CMS SignedData of one signer and checking its mathematics; whom to believe is cmscheck's question.

Strict on purpose: DER only, exactly one signer, signed attributes present and each once, SHA-256 with RSA PKCS#1 v1.5
or ECDSA or SM3 with SM2, and the signing certificate sent along and named in the signed attributes.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from unitclient.gm.sm2 import BadSignature, Sm2PublicKey
from unitclient.seal import cms, der
from unitclient.seal.gmcert import public_key_of
from unitclient.seal.refusal import SealRefused
from unitclient.seal.suites import (
    DIGESTS,
    ECDSA_SHA256,
    GM_DATA,
    GM_SIGNED_DATA,
    ID_DATA,
    ID_SIGNED_DATA,
    RSA_ENCRYPTION,
    SHA256,
    SM2_SIGNATURES,
    SM3,
)

SIGNING_CERTIFICATE_V1 = "1.2.840.113549.1.9.16.2.12"
_UNREADABLE = (x509.InvalidVersion, x509.DuplicateExtension, x509.UnsupportedGeneralNameType, TypeError)
_RSA = {RSA_ENCRYPTION, "1.2.840.113549.1.1.11"}


@dataclass(frozen=True)
class ParsedCms:
    """A SignedData with its one SignerInfo, taken apart. Nothing in it is believed yet."""

    content_type: str
    content: bytes | None
    certificates: tuple[x509.Certificate, ...]
    crls: tuple[x509.CertificateRevocationList, ...]
    certificate: x509.Certificate
    certificate_der: bytes
    signed: Mapping[str, der.Element]
    signed_der: bytes
    unsigned: Mapping[str, der.Element]
    digest_algorithm: str
    signature_algorithm: str
    signature: bytes

    @property
    def signing_time(self) -> datetime | None:
        """The time the signer claims."""
        claimed = self.signed.get(cms.SIGNING_TIME)
        return claimed.time() if claimed else None


def parse(data: bytes) -> ParsedCms:
    """Take a CMS apart. Raises SealRefused signature-broken, algorithm-refused or certificate-missing."""
    try:
        return _parse(data)
    except ValueError as error:
        raise SealRefused("signature-broken", reason=str(error)) from error


def _parse(data: bytes) -> ParsedCms:
    info = der.read(data).need(der.SEQUENCE)
    form = info.child(0, der.OID).oid()
    if form not in (ID_SIGNED_DATA, GM_SIGNED_DATA) or len(info.children) != 2:
        raise der.DerError("not a SignedData")
    fields = list(der.read(info.child(1, 0xA0).body).need(der.SEQUENCE).children)
    if len(fields) < 4:
        raise der.DerError("the SignedData is too short")
    content = fields[2].need(der.SEQUENCE)
    signer = der.read(fields[-1].need(der.SET).body).need(der.SEQUENCE).children
    if len(signer) not in (6, 7):
        raise der.DerError("the SignerInfo lacks members")
    content_type = content.child(0, der.OID).oid()
    if (form == GM_SIGNED_DATA and content_type == ID_DATA) or (form == ID_SIGNED_DATA and content_type == GM_DATA):
        raise der.DerError("data of another standard")
    certificates = _members(fields[3:-1], 0xA0)
    own = _find_signer(certificates, signer[1])
    return ParsedCms(
        content_type=content_type,
        content=_content(content),
        certificates=tuple(read_certificate(one) for one in certificates),
        crls=tuple(read_crl(one) for one in _members(fields[3:-1], 0xA1)),
        certificate=read_certificate(own),
        certificate_der=own,
        signed=_attributes(signer[3].need(0xA0)),
        signed_der=bytes((der.SET,)) + signer[3].raw[1:],
        unsigned=_attributes(signer[6].need(0xA1)) if len(signer) == 7 else {},
        digest_algorithm=_digest_algorithm(signer[2]),
        signature_algorithm=signer[4].child(0, der.OID).oid(),
        signature=signer[5].need(der.OCTET_STRING).body,
    )


def read_certificate(data: bytes) -> x509.Certificate:
    """A certificate read whole; cryptography reads lazily and would raise later. Raises ValueError."""
    if der.read(cms.issuer_and_serial(data)).child(1, der.INTEGER).integer() <= 0:
        raise der.DerError("a serial number that is not positive")
    try:
        certificate = x509.load_der_x509_certificate(data)
        _ = certificate.subject, certificate.issuer, certificate.extensions, certificate.signature_algorithm_oid
    except _UNREADABLE as error:
        raise ValueError(str(error)) from error
    return certificate


def read_crl(data: bytes) -> x509.CertificateRevocationList:
    """A revocation list read whole. Raises ValueError."""
    try:
        crl = x509.load_der_x509_crl(data)
        _ = crl.issuer, crl.extensions, crl.next_update_utc, len(crl)
    except _UNREADABLE as error:
        raise ValueError(str(error)) from error
    return crl


def _content(encapsulated: der.Element) -> bytes | None:
    if len(encapsulated.children) == 1:
        return None
    return der.read(encapsulated.child(1, 0xA0).body).need(der.OCTET_STRING).body


def _members(optional: Sequence[der.Element], tag: int) -> list[bytes]:
    """Certificates or CRLs of the message; other kinds ([1] attribute certificates and so on) are passed over."""
    return [one.raw for field in optional if field.tag == tag for one in field.children if one.tag == der.SEQUENCE]


def _digest_algorithm(algorithm: der.Element) -> str:
    dotted = algorithm.child(0, der.OID).oid()
    if dotted not in DIGESTS:
        raise SealRefused("algorithm-refused", algorithm=dotted)
    return dotted


def _find_signer(certificates: Sequence[bytes], signer: der.Element) -> bytes:
    for candidate in certificates:
        if signer.tag == der.SEQUENCE and cms.issuer_and_serial(candidate) == signer.raw:
            return candidate
        if signer.tag == 0x80 and _key_identifier(candidate) == signer.body:
            return candidate
    raise SealRefused("certificate-missing")


def _key_identifier(certificate: bytes) -> bytes | None:
    try:
        extensions = read_certificate(certificate).extensions
        return extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest
    except x509.ExtensionNotFound:
        return None


def _attributes(element: der.Element) -> dict[str, der.Element]:
    """{kind: its one value}; a kind twice, or with several values, is refused."""
    found: dict[str, der.Element] = {}
    for attribute in element.children:
        kind = attribute.need(der.SEQUENCE).child(0, der.OID).oid()
        if kind in found or len(attribute.children) != 2:
            raise der.DerError("an attribute stands twice")
        values = attribute.child(1, der.SET).children
        if len(values) != 1:
            raise der.DerError("an attribute has not exactly one value")
        found[kind] = values[0]
    return found


def check_signature(parsed: ParsedCms, content: bytes) -> None:
    """Check digest, signing certificate and signature over `content`.

    Raises SealRefused: content-changed (the signature is of other content), certificate-swapped, algorithm-refused,
    signature-invalid, signature-broken.
    """
    try:
        _check_attributes(parsed, content)
    except der.DerError as error:
        raise SealRefused("signature-broken", reason=str(error)) from error
    _check_key(parsed)


def _check_attributes(parsed: ParsedCms, content: bytes) -> None:
    for needed in (cms.CONTENT_TYPE, cms.MESSAGE_DIGEST):
        if needed not in parsed.signed:
            raise der.DerError("a signed attribute is missing")
    if parsed.signed[cms.CONTENT_TYPE].oid() != parsed.content_type:
        raise der.DerError("the content type is not the signed one")
    digest = parsed.signed[cms.MESSAGE_DIGEST].need(der.OCTET_STRING).body
    if not hmac.compare_digest(digest, DIGESTS[parsed.digest_algorithm](content)):
        raise SealRefused("content-changed")
    if not _names_certificate(parsed):
        raise SealRefused("certificate-swapped")


def _names_certificate(parsed: ParsedCms) -> bool:
    """Whether signing-certificate(-v2) names the certificate in use. Version 1 (SHA-1) only on time-stamp tokens."""
    newer = parsed.signed.get(cms.SIGNING_CERTIFICATE_V2)
    if newer is not None:
        identifier = newer.need(der.SEQUENCE).child(0, der.SEQUENCE).child(0, der.SEQUENCE)
        if identifier.child(0, identifier.children[0].tag).tag == der.SEQUENCE:
            named = DIGESTS[_digest_algorithm(identifier.children[0])]
            return identifier.child(1, der.OCTET_STRING).body == named(parsed.certificate_der)
        return identifier.child(0, der.OCTET_STRING).body == DIGESTS[SHA256](parsed.certificate_der)
    older = parsed.signed.get(SIGNING_CERTIFICATE_V1)
    if older is None or parsed.content_type != cms.ID_TST_INFO:
        raise der.DerError("signing-certificate-v2 is missing")
    identifier = older.need(der.SEQUENCE).child(0, der.SEQUENCE).child(0, der.SEQUENCE)
    digest = hashlib.sha1(parsed.certificate_der, usedforsecurity=False).digest()
    return identifier.child(0, der.OCTET_STRING).body == digest


def _check_key(parsed: ParsedCms) -> None:
    try:
        key = public_key_of(parsed.certificate)
        if (parsed.digest_algorithm == SM3) != isinstance(key, Sm2PublicKey):
            raise SealRefused("algorithm-refused", algorithm=parsed.digest_algorithm)
        if isinstance(key, rsa.RSAPublicKey) and parsed.signature_algorithm in _RSA:
            key.verify(parsed.signature, parsed.signed_der, padding.PKCS1v15(), hashes.SHA256())
        elif isinstance(key, ec.EllipticCurvePublicKey) and parsed.signature_algorithm == ECDSA_SHA256:
            key.verify(parsed.signature, parsed.signed_der, ec.ECDSA(hashes.SHA256()))
        elif isinstance(key, Sm2PublicKey) and parsed.signature_algorithm in SM2_SIGNATURES:
            key.verify(parsed.signature, parsed.signed_der)
        else:
            raise SealRefused("algorithm-refused", algorithm=parsed.signature_algorithm)
    except (InvalidSignature, BadSignature) as error:
        raise SealRefused("signature-invalid") from error
    except (UnsupportedAlgorithm, ValueError) as error:
        raise SealRefused("algorithm-refused", algorithm=parsed.signature_algorithm) from error
