"""Long-term proof (CAdES-LT): what a later reader needs, put into the signature itself.

Chain, revocation lists and OCSP answers (RFC 5940) go into the SignedData; the signature stays as it was made, for none
of these members is signed. With OCSP answers the SignedData is version 5 (RFC 5652, 5.1).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from unitclient.seal import der
from unitclient.seal.refusal import SealRefused

ID_OCSP_RESPONSE = "1.3.6.1.5.5.7.16.2"
"""id-ri-ocsp-response."""
_CERTIFICATES, _LISTS = 0xA0, 0xA1
_OTHER_FORMAT = 0xA1


@dataclass(frozen=True, slots=True)
class Material:
    """Certificates, revocation lists and OCSP answers, each DER."""

    certificates: tuple[bytes, ...] = ()
    crls: tuple[bytes, ...] = ()
    ocsp: tuple[bytes, ...] = ()


def extend(signature: bytes, material: Material) -> bytes:
    """The same CMS with the material added; what is in it already is not put in twice.

    Raises SealRefused signature-broken when the bytes are no SignedData.
    """
    try:
        return _extend(signature, material)
    except der.DerError as error:
        raise SealRefused("signature-broken", reason=str(error)) from error


def _extend(signature: bytes, material: Material) -> bytes:
    info = der.read(signature).need(der.SEQUENCE)
    fields = list(der.read(info.child(1, 0xA0).body).need(der.SEQUENCE).children)
    certificates = _joined(_choices(fields, _CERTIFICATES), material.certificates)
    answers = [der.implicit(1, der.sequence(der.oid(ID_OCSP_RESPONSE), one)) for one in material.ocsp]
    revocation = _joined(_choices(fields, _LISTS), (*material.crls, *answers))
    version = fields[0].raw if not _others(revocation) else der.integer(5)
    signed_data = der.sequence(
        version,
        fields[1].raw,
        fields[2].raw,
        der.implicit(0, der.set_of(certificates)),
        *([der.implicit(1, der.set_of(revocation))] if revocation else []),
        fields[-1].need(der.SET).raw,
    )
    return der.sequence(info.children[0].raw, der.explicit(0, signed_data))


def ocsp_answers(signature: bytes) -> tuple[bytes, ...]:
    """The OCSP answers (DER) that a CMS carries; none for bytes that are no SignedData."""
    try:
        info = der.read(signature).need(der.SEQUENCE)
        fields = list(der.read(info.child(1, 0xA0).body).need(der.SEQUENCE).children)
        return tuple(_answer(one) for one in _choices(fields, _LISTS) if one[0] == _OTHER_FORMAT and _is_ocsp(one))
    except der.DerError:
        return ()


def _choices(fields: Sequence[der.Element], tag: int) -> list[bytes]:
    return [one.raw for field in fields[3:-1] if field.tag == tag for one in field.children]


def _joined(present: Iterable[bytes], added: Iterable[bytes]) -> list[bytes]:
    return list(dict.fromkeys((*present, *added)))


def _others(revocation: Iterable[bytes]) -> bool:
    return any(one[0] == _OTHER_FORMAT for one in revocation)


def _is_ocsp(other: bytes) -> bool:
    return der.read(other).child(0, der.OID).oid() == ID_OCSP_RESPONSE


def _answer(other: bytes) -> bytes:
    return der.read(other).child(1, der.SEQUENCE).raw
