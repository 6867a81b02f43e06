"""What a kind of key signs with: digest, algorithm identifiers, and the two shapes that an SM2 signature comes in.

SHA-256 with RSA or ECDSA stands in RFC 5652 form. SM3 with SM2 stands in the same form with its own algorithms, or in
that of GM/T 0010-2012, which has numbers of its own for the types and is otherwise built alike.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from unitclient.gm.sm2 import sm3
from unitclient.seal import der

ID_DATA = "1.2.840.113549.1.7.1"
ID_SIGNED_DATA = "1.2.840.113549.1.7.2"
GM_DATA = "1.2.156.10197.6.1.4.2.1"
GM_SIGNED_DATA = "1.2.156.10197.6.1.4.2.2"
"""GM/T 0010-2012, 5: data and signedData."""
SHA256 = "2.16.840.1.101.3.4.2.1"
SM3 = "1.2.156.10197.1.401"
RSA_ENCRYPTION = "1.2.840.113549.1.1.1"
ECDSA_SHA256 = "1.2.840.10045.4.3.2"
SM2_SIGN = "1.2.156.10197.1.301.1"
"""SM2 digital signature (GM/T 0006-2012), which GM/T 0010 names in the signer's information."""
SM2_CURVE = "1.2.156.10197.1.301"
SM2_WITH_SM3 = "1.2.156.10197.1.501"
SM2_SIGNATURES = frozenset({SM2_SIGN, SM2_WITH_SM3, SM2_CURVE})
"""Names under which SM2 signatures with SM3 are met in messages; the curve's is what older key software writes."""


class Sm2Form(StrEnum):
    """The shape of a signature made with an SM2 key; which one a centre reads is data of that centre."""

    CMS = "cms"
    GMT0010 = "gmt0010"


def sha256(data: bytes) -> bytes:
    """SHA-256."""
    return hashlib.sha256(data).digest()


DIGESTS: dict[str, Callable[[bytes], bytes]] = {SHA256: sha256, SM3: sm3}
"""Digests that signatures here may rest on, by object identifier."""


@dataclass(frozen=True)
class Suite:
    """Object identifiers of one kind of signature; `digest_algorithm` and `signature_algorithm` are encoded."""

    signed_data: str
    data: str
    digest: str
    digest_algorithm: bytes
    signature_algorithm: bytes

    def hash(self, data: bytes) -> bytes:
        """The digest of `data`."""
        return DIGESTS[self.digest](data)


def _with_null(dotted: str) -> bytes:
    """AlgorithmIdentifier with NULL parameters, as RFC 5754 has it for SHA-2 with RSA, and GM/T 0010 in practice."""
    return der.sequence(der.oid(dotted), der.null())


def _bare(dotted: str) -> bytes:
    return der.sequence(der.oid(dotted))


_RSA = Suite(ID_SIGNED_DATA, ID_DATA, SHA256, _with_null(SHA256), _with_null(RSA_ENCRYPTION))
_EC = Suite(ID_SIGNED_DATA, ID_DATA, SHA256, _with_null(SHA256), _bare(ECDSA_SHA256))
_SM2_CMS = Suite(ID_SIGNED_DATA, ID_DATA, SM3, _bare(SM3), _bare(SM2_WITH_SM3))
_SM2_GMT = Suite(GM_SIGNED_DATA, GM_DATA, SM3, _with_null(SM3), _with_null(SM2_SIGN))


def suite_of(algorithm: str, form: Sm2Form = Sm2Form.CMS) -> Suite:
    """What a signer of this algorithm (`rsa`, `ec`, `sm2`) signs with; `form` matters for SM2 only."""
    if algorithm == "sm2":
        return _SM2_GMT if form is Sm2Form.GMT0010 else _SM2_CMS
    return _RSA if algorithm == "rsa" else _EC
