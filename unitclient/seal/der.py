"""The little DER that signatures need: a writer of a few lines and a strict reader (ITU-T X.690, section 10).

The reader takes definite, shortest lengths and single-byte tags only; whatever else comes is refused with `DerError`,
so that one signature has one reading.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, cached_property

BOOLEAN, INTEGER, BIT_STRING, OCTET_STRING, NULL, OID = 0x01, 0x02, 0x03, 0x04, 0x05, 0x06
UTC_TIME, GENERALIZED_TIME, SEQUENCE, SET = 0x17, 0x18, 0x30, 0x31

_TIME = re.compile(rb"\d{14}(\.\d{0,5}[1-9])?Z")


class DerError(ValueError):
    """The bytes are not the DER that was expected."""


def tlv(tag: int, body: bytes) -> bytes:
    """One element: tag, shortest length, body."""
    size = len(body)
    if size < 0x80:
        return bytes((tag, size)) + body
    length = size.to_bytes((size.bit_length() + 7) // 8)
    return bytes((tag, 0x80 | len(length))) + length + body


def sequence(*parts: bytes) -> bytes:
    """SEQUENCE of encoded elements, in the order given."""
    return tlv(SEQUENCE, b"".join(parts))


def set_of(parts: Iterable[bytes]) -> bytes:
    """SET OF: DER sorts its members by their encoding."""
    return tlv(SET, b"".join(sorted(parts)))


def implicit(number: int, encoded: bytes) -> bytes:
    """`[number] IMPLICIT` of a constructed element: its tag replaced."""
    return bytes((0xA0 | number,)) + encoded[1:]


def explicit(number: int, encoded: bytes) -> bytes:
    """`[number] EXPLICIT`: the element wrapped."""
    return tlv(0xA0 | number, encoded)


def integer(value: int) -> bytes:
    """INTEGER, two's complement, shortest."""
    bits = (value if value >= 0 else ~value).bit_length()
    return tlv(INTEGER, value.to_bytes(bits // 8 + 1, signed=True))


def octets(value: bytes) -> bytes:
    """OCTET STRING."""
    return tlv(OCTET_STRING, value)


def null() -> bytes:
    """NULL."""
    return tlv(NULL, b"")


@cache
def oid(dotted: str) -> bytes:
    """OBJECT IDENTIFIER from its dotted form."""
    first, second, *rest = (int(arc) for arc in dotted.split("."))
    return tlv(OID, b"".join(_base128(arc) for arc in (40 * first + second, *rest)))


def _base128(arc: int) -> bytes:
    groups = [arc & 0x7F]
    while arc := arc >> 7:
        groups.append(0x80 | arc & 0x7F)
    return bytes(reversed(groups))


def time(moment: datetime) -> bytes:
    """UTCTime until 2049, GeneralizedTime after (RFC 5652, 11.3). Whole seconds, UTC."""
    utc = moment.astimezone(UTC)
    if utc.year < 2050:
        return tlv(UTC_TIME, utc.strftime("%y%m%d%H%M%SZ").encode())
    return generalized_time(utc)


def generalized_time(moment: datetime) -> bytes:
    """GeneralizedTime in whole seconds, UTC."""
    return tlv(GENERALIZED_TIME, moment.astimezone(UTC).strftime("%Y%m%d%H%M%SZ").encode())


@dataclass(frozen=True)
class Element:
    """One element read: `raw` is the whole encoding, `body` what is inside."""

    tag: int
    body: bytes
    raw: bytes

    @cached_property
    def children(self) -> tuple[Element, ...]:
        """The elements inside a constructed one."""
        if not self.tag & 0x20:
            raise DerError("a primitive element has no members")
        return tuple(read_all(self.body))

    def need(self, tag: int) -> Element:
        """Itself, when the tag is the expected one."""
        if self.tag != tag:
            raise DerError(f"tag {self.tag:#x} where {tag:#x} was expected")
        return self

    def child(self, index: int, tag: int) -> Element:
        """The member at `index`, with the tag it must have."""
        if index >= len(self.children):
            raise DerError("a member is missing")
        return self.children[index].need(tag)

    def integer(self) -> int:
        """INTEGER value; longer than needed is refused."""
        body = self.need(INTEGER).body
        if not body or (len(body) > 1 and body[0] in (0, 0xFF) and (body[0] ^ body[1]) < 0x80):
            raise DerError("an INTEGER that is not the shortest")
        return int.from_bytes(body, signed=True)

    def oid(self) -> str:
        """OBJECT IDENTIFIER in dotted form."""
        arcs, value = [], 0
        for octet in self.need(OID).body:
            if value == 0 and octet == 0x80:
                raise DerError("an OBJECT IDENTIFIER with padding")
            value = value << 7 | octet & 0x7F
            if not octet & 0x80:
                arcs.append(value)
                value = 0
        if not arcs or value or self.body[-1] & 0x80:
            raise DerError("a broken OBJECT IDENTIFIER")
        first = min(arcs[0] // 40, 2)
        return ".".join(map(str, (first, arcs[0] - 40 * first, *arcs[1:])))

    def time(self) -> datetime:
        """UTCTime or GeneralizedTime, which must end in Z; fractions of a second are allowed in the latter."""
        body = self.body
        if self.tag == UTC_TIME:
            body = (b"19" if body[:2] >= b"50" else b"20") + body
        else:
            self.need(GENERALIZED_TIME)
        if not _TIME.fullmatch(body) or (self.tag == UTC_TIME and b"." in body):
            raise DerError("a time in another form")
        try:
            pattern = "%Y%m%d%H%M%S.%fZ" if b"." in body else "%Y%m%d%H%M%SZ"
            return datetime.strptime(body.decode("ascii"), pattern).replace(tzinfo=UTC)
        except ValueError as error:
            raise DerError("a time that does not exist") from error


def read(data: bytes) -> Element:
    """The one element that fills `data`."""
    elements = read_all(data)
    if len(elements) != 1:
        raise DerError("not exactly one element")
    return elements[0]


def read_all(data: bytes) -> list[Element]:
    """The elements that fill `data`, one after the other."""
    elements, offset = [], 0
    while offset < len(data):
        start, tag = offset, data[offset]
        if tag & 0x1F == 0x1F:
            raise DerError("a tag of more than one byte")
        size, offset = _length(data, offset + 1)
        if offset + size > len(data):
            raise DerError("an element is longer than the data")
        elements.append(Element(tag, data[offset : offset + size], data[start : offset + size]))
        offset += size
    return elements


def _length(data: bytes, offset: int) -> tuple[int, int]:
    """(length, offset of the body)."""
    if offset >= len(data):
        raise DerError("the length is missing")
    first = data[offset]
    if first < 0x80:
        return first, offset + 1
    count = first & 0x7F
    octets_ = data[offset + 1 : offset + 1 + count]
    size = int.from_bytes(octets_)
    if not 1 <= count <= 4 or len(octets_) != count or size < 0x80 or octets_[0] == 0:
        raise DerError("a length that is not the shortest definite one")
    return size, offset + 1 + count
