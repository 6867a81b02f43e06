"""GB 18030-2022 on top of Python's codec, which still maps 18 characters the way of the 2005 edition.

The 2022 edition gives ten vertical punctuation forms and eight ideographs (U+9FB4 to U+9FBB) the two-byte codes that
were private-use characters before. Reading takes both the new and the old writing for the real character; writing
gives what the 2022 edition prescribes.
"""

from __future__ import annotations

REAL_OF_PUA_2022 = {
    **dict(zip(range(0xE78D, 0xE797), (0xFE10, 0xFE12, 0xFE11, *range(0xFE13, 0xFE1A)), strict=True)),
    0xE81E: 0x9FB4,
    0xE826: 0x9FB5,
    0xE82B: 0x9FB6,
    0xE82C: 0x9FB7,
    0xE832: 0x9FB8,
    0xE843: 0x9FB9,
    0xE854: 0x9FBA,
    0xE864: 0x9FBB,
}
"""The 18 remapped code points: private-use before, real since 2022."""

_PUA_OF_REAL = {real: pua for pua, real in REAL_OF_PUA_2022.items()}
_SWAP = {**REAL_OF_PUA_2022, **_PUA_OF_REAL}


def decode(data: bytes) -> str:
    """Text of GB 18030 bytes; raises UnicodeDecodeError for what is none."""
    return data.decode("gb18030").translate(REAL_OF_PUA_2022)


def encode(text: str) -> bytes:
    """GB 18030-2022 bytes; raises UnicodeEncodeError for lone surrogates."""
    return text.translate(_SWAP).encode("gb18030")


def _gbk_private_use() -> dict[int, int]:
    """Private-use characters that GBK fonts showed as ideographs (FE50 to FEA0), with what they are in Unicode."""
    places = [trail for trail in range(0x50, 0xA1) if trail != 0x7F]
    known = {}
    for private, trail in zip(range(0xE815, 0xE865), places, strict=True):
        real = ord(decode(bytes([0xFE, trail])))
        if not 0xE000 <= real <= 0xF8FF:
            known[private] = real
    return known


REAL_OF_PUA = {
    **_gbk_private_use(),
    **REAL_OF_PUA_2022,
    0xE816: 0x20087,
    0xE817: 0x20089,
    0xE818: 0x200CC,
    0xE831: 0x215D7,
    0xE83B: 0x2298F,
    0xE855: 0x241FE,
}
"""Real character of a private-use one, where known; the last six have stayed private-use in GB 18030."""
