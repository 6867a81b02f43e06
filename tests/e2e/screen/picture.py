"""A picture of the screen without any tool: Xvfb keeps its screen in a file (XWD), and this makes a PNG of it."""

from __future__ import annotations

import zlib

_PIXEL = 4


def png_of(dump: bytes) -> bytes:
    """A PNG of an XWD dump with pixels of 32 bits, blue first."""
    head = [int.from_bytes(dump[at : at + 4], "big") for at in range(0, 100, 4)]
    size, wide, high, stride, colours = head[0], head[4], head[5], head[12], head[19]
    start = size + colours * 12
    lines = (dump[start + line * stride :][: wide * _PIXEL] for line in range(high))
    pixels = zlib.compress(b"".join(b"\0" + _rgb(line) for line in lines))
    shape = wide.to_bytes(4, "big") + high.to_bytes(4, "big") + b"\x08\x02\0\0\0"
    parts = ((b"IHDR", shape), (b"IDAT", pixels), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in parts)


def _rgb(line: bytes) -> bytes:
    made = bytearray(len(line) // _PIXEL * 3)
    for place in range(3):
        made[place::3] = line[2 - place :: _PIXEL]
    return bytes(made)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")
