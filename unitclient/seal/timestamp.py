"""Time stamps (RFC 3161): a time-stamp authority's signed word that a digest existed at a moment."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime

from unitclient.clock import Clock
from unitclient.seal import cms, cmsread, der
from unitclient.seal.refusal import SealRefused
from unitclient.seal.revocation import CrlPolicy
from unitclient.seal.signer import Signer
from unitclient.seal.suites import SHA256
from unitclient.seal.trust import TrustStore, Usage

REQUEST_TYPE = "application/timestamp-query"
REPLY_TYPE = "application/timestamp-reply"
_IMPRINT_ALGORITHM = der.sequence(der.oid(SHA256), der.null())


def build_request(digest: bytes, nonce: int) -> bytes:
    """TimeStampReq over a SHA-256 digest; asks for the authority's certificate."""
    imprint = der.sequence(_IMPRINT_ALGORITHM, der.octets(digest))
    return der.sequence(der.integer(1), imprint, der.integer(nonce), der.tlv(der.BOOLEAN, b"\xff"))


def read_reply(reply: bytes, digest: bytes, nonce: int) -> bytes:
    """The TimeStampToken of a TimeStampResp that grants this request; raises SealRefused timestamp-invalid.

    Checks status, imprint and nonce. Signature and trust are `verify_token`'s.
    """
    try:
        token = _granted(der.read(reply).need(der.SEQUENCE))
        info = _Info(_content(cmsread.parse(token)))
    except (der.DerError, SealRefused) as error:
        raise SealRefused("timestamp-invalid", reason=str(error)) from error
    if info.digest != digest or info.nonce != nonce:
        raise SealRefused("timestamp-invalid", reason="the answer belongs to another request")
    return token


def _granted(response: der.Element) -> bytes:
    status = response.child(0, der.SEQUENCE).child(0, der.INTEGER).integer()
    if status not in (0, 1):
        raise der.DerError(f"the authority refused: status {status}")
    return response.child(1, der.SEQUENCE).raw


class HttpTimestamper:
    """A time-stamp authority reached through `post(request body) -> reply body`; the caller owns the network."""

    def __init__(self, post: Callable[[bytes], bytes]) -> None:
        self._post = post

    def timestamp(self, digest: bytes) -> bytes:
        """See `cms.Timestamper`."""
        nonce = secrets.randbits(63)
        return read_reply(self._post(build_request(digest, nonce)), digest, nonce)


class LocalAuthority:
    """A time-stamp authority in this process: the practice centre's, and the tests'."""

    POLICY = "1.3.6.1.4.1.61733.3.1"

    def __init__(self, signer: Signer, clock: Clock) -> None:
        self._signer = signer
        self._clock = clock

    def timestamp(self, digest: bytes) -> bytes:
        """A token without nonce. See `cms.Timestamper`."""
        return self._token(digest, None)

    def answer(self, request: bytes) -> bytes:
        """TimeStampResp to a TimeStampReq: what `HttpTimestamper` posts. A request that is not one is rejected."""
        try:
            members = der.read(request).need(der.SEQUENCE).children
            digest = members[1].child(1, der.OCTET_STRING).body
            nonce = next((one.integer() for one in members[2:] if one.tag == der.INTEGER), None)
        except (der.DerError, IndexError):
            return der.sequence(der.sequence(der.integer(2)))
        return der.sequence(der.sequence(der.integer(0)), self._token(digest, nonce))

    def _token(self, digest: bytes, nonce: int | None) -> bytes:
        now = self._clock.now()
        info = der.sequence(
            der.integer(1),
            der.oid(self.POLICY),
            der.sequence(_IMPRINT_ALGORITHM, der.octets(digest)),
            der.integer(secrets.randbits(63)),
            der.generalized_time(now),
            *([] if nonce is None else [der.integer(nonce)]),
        )
        return cms.build_attached(info, cms.ID_TST_INFO, self._signer, now)


class ForeignStamp(SealRefused):
    """A sound stamp over the right bytes, of an authority that is not believed (or not for this)."""


def verify_token(token: bytes, digest: bytes, trust: TrustStore, crl_policy: CrlPolicy) -> datetime:
    """The moment a TimeStampToken vouches for; raises SealRefused timestamp-invalid, naming the reason beneath.

    The authority's certificate must be trusted at that moment and made for time stamps only: ForeignStamp otherwise.
    """
    try:
        parsed = cmsread.parse(token)
        content = _content(parsed)
        cmsread.check_signature(parsed, content)
        info = _Info(content)
    except der.DerError as error:
        raise SealRefused("timestamp-invalid", reason=str(error)) from error
    except SealRefused as refusal:
        raise SealRefused("timestamp-invalid", reason=refusal.reason) from refusal
    if info.digest != digest:
        raise SealRefused("timestamp-invalid", reason="content-changed")
    try:
        trust.check(
            parsed.certificate,
            at=info.time,
            usage=Usage.TIMESTAMP,
            crl_policy=crl_policy,
            extra=parsed.certificates,
            extra_crls=parsed.crls,
        )
    except SealRefused as refusal:
        raise ForeignStamp("timestamp-invalid", reason=refusal.reason) from refusal
    return info.time


def _content(parsed: cmsread.ParsedCms) -> bytes:
    if parsed.content is None or parsed.content_type != cms.ID_TST_INFO:
        raise der.DerError("not a time-stamp token")
    return parsed.content


class _Info:
    """TSTInfo: what the authority signed."""

    def __init__(self, encoded: bytes) -> None:
        members = der.read(encoded).need(der.SEQUENCE).children
        if len(members) < 5:
            raise der.DerError("the TSTInfo is too short")
        imprint = members[2].need(der.SEQUENCE)
        if imprint.child(0, der.SEQUENCE).child(0, der.OID).oid() != SHA256:
            raise der.DerError("the imprint is not SHA-256")
        self.digest = imprint.child(1, der.OCTET_STRING).body
        self.time = members[4].need(der.GENERALIZED_TIME).time()
        self.nonce = next((one.integer() for one in members[5:] if one.tag == der.INTEGER), None)
