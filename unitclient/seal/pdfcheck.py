"""Is this PDF as the centre signed it? The signature must cover the whole file, from its first byte to its last.

Signed PDFs are forged by showing readers something that the signature does not cover: revisions added afterwards, a
second signature dictionary, a gap that is larger than the signature. Here nothing of the file is interpreted until the
one signature that covers everything holds; everything else is refused, also additions that other programs put up with.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import islice

from cryptography import x509

from unitclient.seal.cmscheck import CmsCheck, verify_detached
from unitclient.seal.cmsread import read_crl
from unitclient.seal.pdffile import PdfFile, reference, references
from unitclient.seal.refusal import SealRefused
from unitclient.seal.revocation import CrlPolicy
from unitclient.seal.trust import TrustStore, Usage

MOST_BYTES = 32 * 1024 * 1024
"""The largest file that is looked into."""
_MOST_DSS, _MOST_LISTS = 16 * 1024, 32
"""Bytes of the list of revocation lists, and how many of them are read: the file is anybody's until they are."""
_HEAD = b"%PDF-"
_RANGE = re.compile(rb"/ByteRange\s*\[\s*(\d{1,10})\s+(\d{1,10})\s+(\d{1,10})\s+(\d{1,10})\s*\]")
_GAP = re.compile(rb"<((?:[0-9A-Fa-f]{2})+)>")
_TIME = re.compile(rb"/M\s*\(D:(\d{14})(?:Z|\+00'00'?)\)")
_ENCRYPTED = re.compile(rb"/Encrypt\s*(?:\d{1,8} \d{1,5} R|<<)")


@dataclass(frozen=True)
class PdfCheck:
    """The answer: that of the signature, and what stands in the file when it holds: pages, embedded files."""

    signature: CmsCheck
    pages: int = 0
    attachments: tuple[bytes, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether the file is as it was signed, by somebody who may."""
        return self.signature.ok


def is_pdf(data: bytes) -> bool:
    """Whether it claims to be a PDF."""
    return data.startswith(_HEAD)


def verify_pdf(
    data: bytes,
    trust: TrustStore,
    at: datetime | None,
    *,
    usage: Usage = Usage.CENTRE,
    crl_policy: CrlPolicy = CrlPolicy.REQUIRE,
) -> PdfCheck:
    """Check a PDF that the centre signed, or by `usage` a unit. Never raises for what is in the bytes.

    `at` as in `verify_detached`. Revocation lists are those of `trust` and those in the file.
    """
    try:
        signature, covered, claimed = _taken_apart(data)
    except SealRefused as refusal:
        return PdfCheck(CmsCheck(False, refusal.reason, findings=(refusal.finding(),), refusal=refusal))
    trust = trust.with_crls(_lists(data))
    check = verify_detached(covered, signature, trust, at, usage=usage, crl_policy=crl_policy, told_time=claimed)
    if not check.ok:
        return PdfCheck(check)
    try:
        file = PdfFile(data)
        return PdfCheck(check, len(file.pages()), tuple(file.attachments()))
    except ValueError as error:
        broken = SealRefused("pdf-broken", reason=str(error))
        return PdfCheck(replace(check, ok=False, code=broken.reason, findings=(broken.finding(),), refusal=broken))


def _taken_apart(data: bytes) -> tuple[bytes, bytes, datetime]:
    """(CMS, what it covers, when it was made by its own word) of the signature that covers the whole file."""
    if len(data) > MOST_BYTES:
        raise SealRefused("pdf-too-large", limit=MOST_BYTES // 1024 // 1024)
    if not is_pdf(data):
        raise SealRefused("pdf-broken", reason="%PDF-")
    ranges = [(match, tuple(map(int, match.groups()))) for match in _RANGE.finditer(data)]
    whole = [(match, sides) for match, sides in ranges if sides[0] == 0 and sides[2] + sides[3] == len(data)]
    if len(whole) != 1:
        raise _not_whole(data, [sides[2] + sides[3] for _, sides in ranges])
    match, (_, opening, closing, _) = whole[0]
    gap = _GAP.fullmatch(data, opening, closing) if opening < closing else None
    if gap is None:
        raise SealRefused("pdf-broken", reason="/ByteRange")
    return _der(bytes.fromhex(gap[1].decode("ascii"))), data[:opening] + data[closing:], _time(data, match.start())


def _not_whole(data: bytes, ends: list[int]) -> SealRefused:
    """Why no signature covers the file: locked, cut off, added to, or never signed."""
    if _ENCRYPTED.search(data):
        return SealRefused("pdf-encrypted")
    if ends and max(ends) < len(data):
        return SealRefused("pdf-added-to", added=len(data) - max(ends))
    if ends or not data.rstrip().endswith(b"%%EOF"):
        return SealRefused("pdf-cut")
    return SealRefused("pdf-unsigned")


def _der(padded: bytes) -> bytes:
    """The CMS without the zeros after it; anything else that stands there is refused."""
    length, head = (padded[1] if len(padded) > 1 else 0), 2
    if length > 0x80:
        head = 2 + length - 0x80
        length = int.from_bytes(padded[2:head], "big")
    if padded[head + length :].strip(b"\0"):
        raise SealRefused("signature-broken", reason="bytes after the signature")
    return padded[: head + length]


def _time(data: bytes, near: int) -> datetime:
    """The time in the signature dictionary that the byte range at `near` stands in."""
    begin, end = data.rfind(b" obj", 0, near), data.find(b"endobj", near)
    found = _TIME.search(data, max(begin, 0), end if end >= 0 else len(data))
    digits = found[1].decode("ascii") if found else ""
    try:
        return datetime.strptime(digits, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError as error:
        raise SealRefused("signature-broken", reason="no readable signing time") from error


def _lists(data: bytes) -> list[x509.CertificateRevocationList]:
    """The revocation lists in the file (DSS). Each is a signed statement of its own: no matter where it stands."""
    try:
        file = PdfFile(data)
        dss = file.body(reference(file.body(file.root), "DSS"))
        if len(dss) > _MOST_DSS:
            return []
        named = dict.fromkeys(references(dss, "CRLs"))
        packed = [file.stream(number, MOST_BYTES // _MOST_LISTS) for number in islice(named, _MOST_LISTS)]
        return [read_crl(one) for one in packed]
    except ValueError:
        return []  # a file without lists: others may be at hand
