"""Strategies that damage real files: bytes, parts of a ZIP that is then packed anew, members of JSON."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Sequence
from typing import Any

from hypothesis import strategies as st

_SIZES = (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF)
_TOKENS = (b"\0", b"\xff", b"<", b">", b"&", b'"', b"]]>", b"<!DOCTYPE a>", b"9" * 40, b"-1", b"1e999", b"../",
           b"PK\3\4", "中".encode(), b"\xed\xa0\x80", b"\r\n", b"[" * 300, b"{" * 300)  # fmt: skip


@st.composite
def damaged(draw: st.DrawFn, seeds: Sequence[bytes]) -> bytes:
    """One of the files with a few wounds: bytes changed, cut out, doubled, put in, or grafted from another file."""
    data = bytearray(draw(st.sampled_from(seeds)))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, max(len(data) - 1, 0)))
        piece = draw(_PIECES) or _copied(draw, data, seeds, at)
        over = draw(st.booleans())
        data[at : at + (len(piece) if over else 0)] = piece
    if draw(st.integers(0, 9)) == 0:
        del data[draw(st.integers(0, len(data))) :]
    return bytes(data)


_PIECES = st.one_of(
    st.binary(max_size=4),
    st.sampled_from((bytes(16), bytes(200), *_TOKENS)),
    st.builds(int.to_bytes, st.sampled_from(_SIZES), st.just(4), st.sampled_from(("little", "big"))),
    st.just(b""),
)
"""What is put in; nothing at all stands for a copy."""


def _copied(draw: st.DrawFn, data: bytearray, seeds: Sequence[bytes], at: int) -> bytes:
    """What stands there once more, or fifty times, or a part of another file."""
    length = draw(st.sampled_from((1, 4, 16, 200)))
    times = draw(st.sampled_from((0, 1, 50)))
    return bytes(data[at : at + length]) * times if times else _graft(draw, seeds, length)


def _graft(draw: st.DrawFn, seeds: Sequence[bytes], length: int) -> bytes:
    other = draw(st.sampled_from(seeds))
    start = draw(st.integers(0, max(len(other) - length, 0)))
    return other[start : start + length]


@st.composite
def repacked(draw: st.DrawFn, seeds: Sequence[bytes], pack: Callable[[dict[str, bytes]], bytes]) -> bytes:
    """A ZIP file with one part damaged, renamed, exchanged, left out or put in, and packed so that the ZIP is sound."""
    with zipfile.ZipFile(io.BytesIO(draw(st.sampled_from(seeds)))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = draw(st.sampled_from(sorted(parts)))
    how = draw(st.sampled_from(("damage", "damage", "damage", "damage", "exchange", "drop", "rename", "add")))
    if how == "damage":
        parts[name] = draw(damaged([parts[name]]))
    elif how == "exchange":
        parts[name] = parts[draw(st.sampled_from(sorted(parts)))]
    elif how == "drop":
        del parts[name]
    elif how == "rename":
        parts[draw(ODD_NAMES)] = parts.pop(name)
    else:
        parts[draw(ODD_NAMES)] = draw(st.binary(max_size=40))
    return pack(parts)


ODD_NAMES = st.one_of(
    st.sampled_from(("../x", "/x", "C:/x", "a\\b", "a/", "", ".", "x" * 300, "META-INF/x", "nul", "é", "e\u0301")),
    st.text(st.characters(codec="utf-8"), max_size=12),
)  # fmt: skip


def zipped(parts: dict[str, bytes]) -> bytes:
    """A plain ZIP file of these parts, in their order."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, data)
    return out.getvalue()


SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.sampled_from(
        (2**63, -1, 10**400, float("inf"), float("nan"), "", "\0", "\ud800", "2026-13", "=1+1", "x" * 5000)
    )
    | st.text(max_size=8)
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


@st.composite
def rewritten(draw: st.DrawFn, seeds: Sequence[Any]) -> bytes:
    """The JSON of one of these values with one or two members, anywhere in it, replaced, left out or doubled."""
    value = json.loads(json.dumps(draw(st.sampled_from(seeds))))
    for _ in range(draw(st.integers(1, 2))):
        value = _replaced(draw, value)
    return json.dumps(value).encode("utf-8", "surrogatepass")


def _replaced(draw: st.DrawFn, value: Any) -> Any:
    if isinstance(value, dict) and value and draw(st.integers(0, 4)):
        key = draw(st.sampled_from(sorted(value)))
        if draw(st.integers(0, 5)) == 0:
            return {name: member for name, member in value.items() if name != key}
        return {**value, key: _replaced(draw, value[key])}
    if isinstance(value, list) and value and draw(st.integers(0, 4)):
        at = draw(st.integers(0, len(value) - 1))
        return [*value[:at], _replaced(draw, value[at]), *value[at:][draw(st.integers(0, 1)) :]]
    return draw(VALUES)
