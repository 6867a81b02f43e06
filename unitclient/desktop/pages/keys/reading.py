"""From certificates to the lines of the keys page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding

from unitclient.desktop.pages.keys.state import UNIT, KeyLine, Link
from unitclient.seal.refusal import SealRefused, shown_name
from unitclient.seal.trust import TrustStore
from unitclient.store.units import Unit
from unitclient.tokens.certificates import algorithm_of


def line_of(der: bytes, chain: Sequence[bytes], now: datetime, trust: TrustStore, *, found: str, place: str,
            signs: bool = True) -> KeyLine:  # fmt: skip
    """A certificate as a line; ValueError when it cannot be read."""
    certificate = x509.load_der_x509_certificate(der)
    links = [certificate, *(x509.load_der_x509_certificate(one) for one in chain)]
    return KeyLine(
        id=certificate.fingerprint(hashes.SHA256()).hex(),
        found=found,
        subject=shown_name(certificate.subject),
        issuer=shown_name(certificate.issuer),
        serial=f"{certificate.serial_number:X}",
        since=certificate.not_valid_before_utc,
        until=certificate.not_valid_after_utc,
        algorithm=_algorithm(certificate),
        signs=signs,
        days=(certificate.not_valid_after_utc - now).days,
        place=place,
        chain=_whole_chain(links, trust),
        trusted=_trusted(certificate, links[1:], trust, now),
    )


def _algorithm(certificate: x509.Certificate) -> str:
    try:
        key = certificate.public_key()
    except (UnsupportedAlgorithm, ValueError):  # SM2, and curves that nobody here knows
        if algorithm_of(certificate.public_bytes(Encoding.DER)) == "sm2":
            return "SM2"
        return certificate.signature_algorithm_oid.dotted_string
    if isinstance(key, rsa.RSAPublicKey):
        return f"RSA {key.key_size}"
    if isinstance(key, ec.EllipticCurvePublicKey):
        return f"ECDSA {key.curve.name}"
    return type(key).__name__.removesuffix("PublicKey")


def _whole_chain(links: list[x509.Certificate], trust: TrustStore) -> tuple[Link, ...]:
    """The chain as far as token and trust store know it, from the certificate up."""
    known = [*links[1:], *trust.intermediates, *trust.anchors]
    chain = [links[0]]
    while chain[-1].issuer != chain[-1].subject:
        above = next((one for one in known if one.subject == chain[-1].issuer and one not in chain), None)
        if above is None:
            break
        chain.append(above)
    return tuple(Link(shown_name(one.subject), one.not_valid_after_utc) for one in chain)


def _trusted(certificate: x509.Certificate, others: list[x509.Certificate], trust: TrustStore, now: datetime) -> bool:
    """Whether the path stands apart from time: an expired certificate is another matter."""
    inside = min(max(now, certificate.not_valid_before_utc), certificate.not_valid_after_utc)
    try:
        trust.path(certificate, others, inside)
    except SealRefused:
        return False
    return True


def merged(lines: Iterable[KeyLine], units: Iterable[Unit]) -> tuple[KeyLine, ...]:
    """Each certificate once (a token says more than a unit's memory), with its units; what ends first comes first."""
    found: dict[str, KeyLine] = {}
    for line in lines:
        known = found.get(line.id)
        if known is None or known.found == UNIT:
            found[line.id] = line
    named = {line.id: [unit for unit in units if _fingerprint(unit) == line.id] for line in found.values()}
    used = (_used_by(line, named[line.id]) for line in found.values())
    return tuple(sorted(used, key=lambda line: (not line.units, not line.signs, line.until)))


def _used_by(line: KeyLine, units: list[Unit]) -> KeyLine:
    names = tuple(unit.name for unit in units)
    return replace(line, units=names, practice=any(unit.practice for unit in units))


def _fingerprint(unit: Unit) -> str:
    if not unit.certificate_der:
        return ""
    return x509.load_der_x509_certificate(unit.certificate_der).fingerprint(hashes.SHA256()).hex()
