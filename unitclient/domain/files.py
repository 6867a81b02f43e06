"""What a file that goes with a declaration is: its kind, picture size and depth, read from its own first bytes.

Only headers are read, by the published layouts (ISO/IEC 10918-1, ISO/IEC 15948, ISO 32000-1). A file's name is its
SHA-256 and its kind, so that whoever has the file can tell whether it is the one that was declared.
"""

from __future__ import annotations

import hashlib
import re
import struct
import zlib
from dataclasses import dataclass

KINDS = ("jpg", "png", "pdf")
MOST_BYTES = 4 * 1024 * 1024
"""No limit of a form may be higher: a submission holds 6 MiB with everything."""
_NAME = re.compile(r"[0-9a-f]{64}\.(?:jpg|png|pdf)")
_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_JPEG_ALONE = frozenset({0x01, *range(0xD0, 0xD9)})
"""JPEG markers without a length."""
_JPEG_FRAME = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""JPEG markers of a frame header: how large the picture is."""
_TAIL = 1024
"""In so many last bytes a PDF says that it is at its end."""


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What the bytes say. `width` and `height` in pixels, `bits` a pixel; all 0 for a PDF."""

    kind: str
    width: int = 0
    height: int = 0
    bits: int = 0


@dataclass(frozen=True, slots=True)
class WhiteBorder:
    """A photo's background: `band` thousandths of the width are its border, a pixel is near white from `near` (0 to
    255) on in all colours, and `share` thousandths of the border must be.
    """

    band: int
    near: int
    share: int


@dataclass(frozen=True, slots=True)
class FileLimits:
    """What a field takes: kinds, bytes at least and at most, and a picture's size and depth (0: any)."""

    kinds: tuple[str, ...] = KINDS
    min_bytes: int = 1
    max_bytes: int = MOST_BYTES
    width: int = 0
    height: int = 0
    bits: int = 0
    white: WhiteBorder | None = None


@dataclass(frozen=True, slots=True)
class FileFault:
    """Why a file is not taken: the code of the finding and its parameters."""

    code: str
    params: dict[str, str]


def is_stored_name(text: str) -> bool:
    """Whether a text is the name of a stored file: "<sha256>.<kind>"."""
    return _NAME.fullmatch(text) is not None


def stored_name(data: bytes, kind: str) -> str:
    """The name of a file."""
    return f"{hashlib.sha256(data).hexdigest()}.{kind}"


def file_facts(data: bytes) -> FileFacts | None:
    """What a file is, or None when it is none of KINDS or is cut off."""
    if data.startswith(b"\xff\xd8\xff"):
        return _jpeg(data)
    if data.startswith(_PNG):
        return _png(data)
    if data.startswith(b"%PDF-") and b"%%EOF" in data[-_TAIL:]:
        return FileFacts("pdf")
    return None


def file_fault(data: bytes, facts: FileFacts | None, limits: FileLimits) -> FileFault | None:
    """The first limit that a file does not keep, or None. `facts` are what `file_facts` says of it."""
    if facts is None or facts.kind not in limits.kinds:
        return FileFault("FILE_KIND", {"kinds": ", ".join(limits.kinds).upper()})
    if not limits.min_bytes <= len(data) <= limits.max_bytes:
        shown = {"minimum": _kib(limits.min_bytes), "maximum": _kib(limits.max_bytes), "found": _kib(len(data))}
        return FileFault("FILE_BYTES", shown)
    if facts.kind == "pdf":
        return None
    wanted = (limits.width or facts.width, limits.height or facts.height)
    if (facts.width, facts.height) != wanted:
        return FileFault("PHOTO_SIZE", {"wanted": _size(*wanted), "found": _size(facts.width, facts.height)})
    if limits.bits and facts.bits != limits.bits:
        return FileFault("PHOTO_DEPTH", {"wanted": str(limits.bits), "found": str(facts.bits)})
    return None


def _png(data: bytes) -> FileFacts | None:
    """The first chunk must be a whole IHDR, the last one IEND."""
    header = data[12:33]
    if len(header) < 21 or header[:4] != b"IHDR" or b"IEND" not in data[-12:]:
        return None
    width, height, depth, colour = struct.unpack(">LLBB", header[4:14])
    checked = int.from_bytes(header[17:21], "big") == zlib.crc32(header[:17])
    if not checked or colour not in _PNG_CHANNELS or not (width and height):
        return None
    return FileFacts("png", width, height, depth * _PNG_CHANNELS[colour])


def _jpeg(data: bytes) -> FileFacts | None:
    """Segment by segment to the frame header."""
    place = 2
    while place + 4 <= len(data) and data[place] == 0xFF:
        marker = data[place + 1]
        if marker == 0xFF or marker in _JPEG_ALONE:  # a filling byte, or a marker alone
            place += 1 if marker == 0xFF else 2
            continue
        length = int.from_bytes(data[place + 2 : place + 4], "big")
        if marker in _JPEG_FRAME:
            return _jpeg_frame(data, place + 4)
        place += 2 + max(length, 2)
    return None


def _jpeg_frame(data: bytes, place: int) -> FileFacts | None:
    if len(data) < place + 6 or data.rfind(b"\xff\xd9") < place:
        return None
    depth, height, width, channels = struct.unpack(">BHHB", data[place : place + 6])
    return FileFacts("jpg", width, height, depth * channels) if width and height else None


def _kib(count: int) -> str:
    """Bytes in KB, rounded up, so that a file of one byte is not called empty."""
    return str(-(-count // 1024))


def _size(width: int, height: int) -> str:
    return f"{width} × {height}"
