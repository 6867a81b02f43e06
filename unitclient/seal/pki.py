"""A small certification authority for rehearsals and tests: the practice centre's keys come from here.

Never a source of trust for real filings: its root lives in one practice home and is believed only there.
"""

from __future__ import annotations

import ipaddress
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

from unitclient.gm import keyfile
from unitclient.gm.sm2 import Sm2PrivateKey, Sm2PublicKey
from unitclient.seal.gmcert import PublicKey, key_identifier, resigned, signing_stand_in, stand_in
from unitclient.seal.signer import ClassicKey, SoftKey, SoftSigner
from unitclient.seal.trust import DOCUMENT_SIGNING

UNIT_PURPOSE = ObjectIdentifier("1.3.6.1.4.1.61733.1.1")
"""A private extended usage, such as Chinese authorities put into a unit's certificate."""
_DAY = timedelta(days=1)


def new_key(kind: str = "ec") -> ClassicKey:
    """A fresh private key: `ec` (P-256) or `rsa` (2048 bits)."""
    if kind == "rsa":
        return rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return ec.generate_private_key(ec.SECP256R1())


def key_of_kind(kind: str) -> SoftKey:
    """The same, or an SM2 key for `sm2`. Raises UserError gm-unavailable."""
    return Sm2PrivateKey.generate() if kind == "sm2" else new_key(kind)


def load_key(pem: bytes) -> SoftKey:
    """A private key from PEM without passphrase; raises ValueError or TypeError when it is neither RSA, EC nor SM2."""
    try:
        key = serialization.load_pem_private_key(pem, None)
    except UnsupportedAlgorithm:  # how an SM2 key looks to cryptography
        return Sm2PrivateKey.from_pem(pem)
    if not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise TypeError("neither RSA nor EC")
    return key


def name(common_name: str, *, unit_number: str = "", uscc: str = "", organization: str = "") -> x509.Name:
    """A subject name: C=CN, O (the unit's name), organizationIdentifier (USCC), serialNumber (unit number), CN.

    X.520 gives a common name 64 octets, 21 Chinese characters: a longer one is cut, O keeps it whole.
    """
    parts = (
        (NameOID.COUNTRY_NAME, "CN"),
        (NameOID.ORGANIZATION_NAME, organization),
        (NameOID.ORGANIZATION_IDENTIFIER, uscc),
        (NameOID.SERIAL_NUMBER, unit_number),
        (NameOID.COMMON_NAME, common_name.encode()[:64].decode(errors="ignore")),
    )
    return x509.Name([x509.NameAttribute(kind, value) for kind, value in parts if value])


@dataclass(frozen=True)
class Credential:
    """A private key, its certificate, and the intermediates up to (not with) the root."""

    private: SoftKey
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...] = ()

    @property
    def key(self) -> ClassicKey:
        """The private key where it is one of cryptography's own kinds; raises TypeError for an SM2 key."""
        if isinstance(self.private, Sm2PrivateKey):
            raise TypeError("an SM2 key")
        return self.private

    @property
    def certificate_der(self) -> bytes:
        """The certificate, DER."""
        return self.certificate.public_bytes(Encoding.DER)

    @property
    def certificate_sha256(self) -> str:
        """The certificate's fingerprint, hex."""
        return self.certificate.fingerprint(hashes.SHA256()).hex()

    @property
    def certificate_pem(self) -> bytes:
        """The certificate, PEM."""
        return self.certificate.public_bytes(Encoding.PEM)

    @property
    def key_pem(self) -> bytes:
        """The private key, PKCS#8 PEM without passphrase."""
        if isinstance(self.private, Sm2PrivateKey):
            return self.private.pem
        return self.key.private_bytes(Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())

    def signer(self) -> SoftSigner:
        """A signer with this key."""
        return SoftSigner(self.private, self.certificate_der, [one.public_bytes(Encoding.DER) for one in self.chain])

    def to_pkcs12(self, passphrase: str, friendly_name: str = "unitclient") -> bytes:
        """A PKCS#12 file (AES-256, SHA-256), as a unit without a token keeps its key."""
        if isinstance(self.private, Sm2PrivateKey):
            chain = [one.public_bytes(Encoding.DER) for one in self.chain]
            return keyfile.make_pkcs12(self.private, self.certificate_der, chain, passphrase, friendly_name)
        protection = serialization.BestAvailableEncryption(passphrase.encode())
        return pkcs12.serialize_key_and_certificates(
            friendly_name.encode(), self.key, self.certificate, self.chain or None, protection
        )

    def save(self, folder: Path, stem: str) -> None:
        """Write <stem>.key (owner only) and <stem>.pem (certificate, then chain)."""
        folder.mkdir(parents=True, exist_ok=True)
        key_file = folder / f"{stem}.key"
        key_file.touch(mode=0o600)
        key_file.write_bytes(self.key_pem)
        pem = b"".join(one.public_bytes(Encoding.PEM) for one in (self.certificate, *self.chain))
        (folder / f"{stem}.pem").write_bytes(pem)

    @classmethod
    def load(cls, folder: Path, stem: str) -> Credential:
        """What `save` wrote; raises OSError or ValueError when it is not there or not that."""
        key = load_key((folder / f"{stem}.key").read_bytes())
        certificate, *chain = x509.load_pem_x509_certificates((folder / f"{stem}.pem").read_bytes())
        return cls(key, certificate, tuple(chain))


@dataclass(frozen=True)
class Validity:
    """The span in which a certificate is good; both ends aware."""

    since: datetime
    until: datetime

    @classmethod
    def around(cls, now: datetime, days: int) -> Validity:
        """From the day before `now` for `days` days."""
        return cls(now - _DAY, now + days * _DAY)


class Authority:
    """Issues certificates and revocation lists with one CA credential."""

    def __init__(self, credential: Credential) -> None:
        self.credential = credential

    @classmethod
    def create_root(cls, common_name: str, now: datetime, *, days: int = 3650, key: SoftKey | None = None) -> Authority:
        """A new self-signed root."""
        key = key or new_key()
        subject = name(common_name)
        certificate = _certificate(
            subject, key.public_key(), subject, key, key.public_key(), Validity.around(now, days), _authority(1)
        )
        return cls(Credential(key, certificate))

    def create_intermediate(
        self, common_name: str, now: datetime, *, days: int = 1825, key: SoftKey | None = None
    ) -> Authority:
        """A subordinate authority that issues end certificates only."""
        key = key or new_key()
        certificate = self._issue(name(common_name), key.public_key(), Validity.around(now, days), _authority(0))
        return Authority(Credential(key, certificate, self._chain()))

    @property
    def certificate_pem(self) -> bytes:
        """The authority's own certificate, PEM."""
        return self.credential.certificate_pem

    def issue_unit(
        self, subject: x509.Name, public_key: PublicKey, validity: Validity, *, crl_url: str = ""
    ) -> x509.Certificate:
        """A unit's signing certificate: digitalSignature + nonRepudiation, a private extended usage, no SAN."""
        extensions = [(_usage(signature=True, commitment=True), True), (x509.ExtendedKeyUsage([UNIT_PURPOSE]), False)]
        if crl_url:
            point = x509.DistributionPoint([x509.UniformResourceIdentifier(crl_url)], None, None, None)
            extensions.append((x509.CRLDistributionPoints([point]), False))
        return self._issue(subject, public_key, validity, extensions)

    def issue_encryption(self, subject: x509.Name, public_key: PublicKey, validity: Validity) -> x509.Certificate:
        """The second certificate of a Chinese key, for encryption only; it must never pass for a signature."""
        return self._issue(subject, public_key, validity, [(_usage(encipherment=True), True)])

    def issue_centre(self, subject: x509.Name, public_key: PublicKey, validity: Validity) -> x509.Certificate:
        """The central service's certificate for signed documents."""
        extensions = [
            (_usage(signature=True, commitment=True), True),
            (x509.ExtendedKeyUsage([DOCUMENT_SIGNING]), False),
        ]
        return self._issue(subject, public_key, validity, extensions)

    def issue_timestamper(self, subject: x509.Name, public_key: PublicKey, validity: Validity) -> x509.Certificate:
        """A time-stamp authority's certificate (RFC 3161, 2.3)."""
        extensions = [
            (_usage(signature=True, commitment=True), True),
            (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), True),
        ]
        return self._issue(subject, public_key, validity, extensions)

    def issue_responder(self, subject: x509.Name, public_key: PublicKey, validity: Validity) -> x509.Certificate:
        """A delegated OCSP responder's certificate (RFC 6960, 4.2.2.2)."""
        extensions: _Extensions = [
            (_usage(signature=True), True),
            (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.OCSP_SIGNING]), False),
            (x509.OCSPNoCheck(), False),
        ]
        return self._issue(subject, public_key, validity, extensions)

    def issue_server(self, host: str, public_key: PublicKey, validity: Validity) -> x509.Certificate:
        """A TLS server's certificate for one host name or address."""
        extensions: _Extensions = [
            (_usage(signature=True), True),
            (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False),
            (x509.SubjectAlternativeName([_general_name(host)]), False),
        ]
        return self._issue(name(host), public_key, validity, extensions)

    def credential_for(self, key: SoftKey, certificate: x509.Certificate) -> Credential:
        """Key and issued certificate together with this authority's chain."""
        return Credential(key, certificate, self._chain())

    def crl(
        self, now: datetime, *, revoked: Iterable[tuple[int, datetime]] = (), days: int = 7, number: int = 1
    ) -> x509.CertificateRevocationList:
        """A revocation list good from `now` for `days` days; `revoked` are (serial number, since when)."""
        issuer = self.credential
        builder = (
            x509.CertificateRevocationListBuilder(issuer.certificate.subject, now, now + days * _DAY)
            .add_extension(x509.CRLNumber(number), False)
            .add_extension(_authority_key(issuer.private.public_key()), False)
        )
        for serial, since in revoked:
            entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(since).build()
            builder = builder.add_revoked_certificate(entry)
        built = builder.sign(signing_stand_in(issuer.private), hashes.SHA256())
        if not isinstance(issuer.private, Sm2PrivateKey):
            return built
        return x509.load_der_x509_crl(resigned(built.public_bytes(Encoding.DER), issuer.private))

    def _chain(self) -> tuple[x509.Certificate, ...]:
        """This authority's certificate and those above it, without the root."""
        own = self.credential.certificate
        return () if own.issuer == own.subject else (own, *self.credential.chain)

    def _issue(
        self, subject: x509.Name, public_key: PublicKey, validity: Validity, extensions: _Extensions
    ) -> x509.Certificate:
        issuer = self.credential
        return _certificate(
            subject,
            public_key,
            issuer.certificate.subject,
            issuer.private,
            issuer.private.public_key(),
            validity,
            extensions,
        )


_Extensions = list[tuple[x509.ExtensionType, bool]]


def _certificate(
    subject: x509.Name,
    public_key: PublicKey,
    issuer: x509.Name,
    issuer_key: SoftKey,
    issuer_public: PublicKey,
    validity: Validity,
    extensions: _Extensions,
) -> x509.Certificate:
    builder = x509.CertificateBuilder(
        issuer, subject, stand_in(public_key), secrets.randbits(127) | 1 << 126, validity.since, validity.until
    )
    if not any(isinstance(one, x509.BasicConstraints) for one, _ in extensions):
        builder = builder.add_extension(x509.BasicConstraints(False, None), False)
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical)
    built = (
        builder.add_extension(x509.SubjectKeyIdentifier(key_identifier(public_key)), False)
        .add_extension(_authority_key(issuer_public), False)
        .sign(signing_stand_in(issuer_key), hashes.SHA256())
    )
    if not isinstance(public_key, Sm2PublicKey) and not isinstance(issuer_key, Sm2PrivateKey):
        return built
    return x509.load_der_x509_certificate(resigned(built.public_bytes(Encoding.DER), issuer_key, public_key))


def _authority_key(issuer: PublicKey) -> x509.AuthorityKeyIdentifier:
    return x509.AuthorityKeyIdentifier(key_identifier(issuer), None, None)


def _general_name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _authority(path_length: int) -> _Extensions:
    return [(x509.BasicConstraints(True, path_length), True), (_usage(signing_certificates=True), True)]


def _usage(
    *,
    signature: bool = False,
    commitment: bool = False,
    encipherment: bool = False,
    signing_certificates: bool = False,
) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=signature,
        content_commitment=commitment,
        key_encipherment=encipherment,
        data_encipherment=encipherment,
        key_agreement=False,
        key_cert_sign=signing_certificates,
        crl_sign=signing_certificates,
        encipher_only=False,
        decipher_only=False,
    )
