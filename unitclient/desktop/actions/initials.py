"""Pinyin initials of a Chinese title ("参保花名册" -> "cbhmc"), for finding acts by typing.

The 3,755 common characters of GB 2312 stand in pinyin order, so a table of where each letter begins is enough; the
few characters with several readings that our titles use are listed. Names of persons need more than this.
"""

from __future__ import annotations

from bisect import bisect_right

_BEGINS = (
    (0xB0A1, "a"), (0xB0C5, "b"), (0xB2C1, "c"), (0xB4EE, "d"), (0xB6EA, "e"), (0xB7A2, "f"), (0xB8C1, "g"),
    (0xB9FE, "h"), (0xBBF7, "j"), (0xBFA6, "k"), (0xC0AC, "l"), (0xC2E8, "m"), (0xC4C3, "n"), (0xC5B6, "o"),
    (0xC5BE, "p"), (0xC6DA, "q"), (0xC8BB, "r"), (0xC8F6, "s"), (0xCBFA, "t"), (0xCDDA, "w"), (0xCEF4, "x"),
    (0xD1B9, "y"), (0xD4D1, "z"),
)  # fmt: skip
_STARTS = [code for code, _ in _BEGINS]
_LAST = 0xD7F9
_OTHERWISE = {"参": "c", "行": "h", "重": "c", "调": "t", "缴": "j", "单": "d", "术": "s", "诊": "z", "钥": "y"}


def initials(text: str) -> str:
    """First letters in lower case; Latin letters and digits stay, everything else is left out."""
    return "".join(_initial(character) for character in text)


def _initial(character: str) -> str:
    if character.isascii():
        return character.lower() if character.isalnum() else ""
    if character in _OTHERWISE:
        return _OTHERWISE[character]
    try:
        code = int.from_bytes(character.encode("gb2312"), "big")
    except UnicodeEncodeError:
        return ""
    inside = _STARTS[0] <= code <= _LAST
    return _BEGINS[bisect_right(_STARTS, code) - 1][1] if inside else ""
