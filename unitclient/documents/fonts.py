"""Fonts for printed documents: found on the machine, never shipped, and only the glyphs in use are embedded.

Where to look is data: resources/fonts/fonts.toml. One main font holds all ordinary text; fallback fonts are opened only
for a document that has a character the main font lacks, because a large font takes most of a second to read.
"""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from unitclient.errors import UserError
from unitclient.paths import resources_root


@dataclass(frozen=True, slots=True)
class FontSet:
    """The font files of this machine: `main`, and `fallback` in the order they are asked."""

    main: Path
    fallback: tuple[Path, ...]


def find_fonts(folder: Path | None = None) -> FontSet:
    """The fonts named by `fonts.toml` in `folder` (default resources/fonts) that are on this machine.

    UserError("font-missing") when no font with Chinese characters is there.
    """
    folder = folder or resources_root() / "fonts"
    lists = tomllib.loads((folder / "fonts.toml").read_text("utf-8"))
    main = _present(lists["main"], folder)
    if not main:
        raise UserError("font-missing", folder=folder)
    return FontSet(main[0], _present(lists["fallback"], folder))


def _present(patterns: list[str], folder: Path) -> tuple[Path, ...]:
    windows = os.environ.get("WINDIR", "C:/Windows")
    paths = (Path(pattern.format(fonts=folder, windows=windows)) for pattern in patterns)
    return tuple(path for path in paths if path.is_file())


@cache
def coverage(font: Path) -> frozenset[int]:
    """Code points the font has a glyph for. Kept for the process: a font file does not change while it is in use."""
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]  # ships no types

    number = 0 if font.suffix.lower() == ".ttc" else -1
    with TTFont(font, fontNumber=number, lazy=True) as opened:
        return frozenset(opened.getBestCmap() or {})


def needed_fallbacks(fonts: FontSet, text: str) -> tuple[Path, ...]:
    """The fallback fonts that `text` needs beside the main font, in order."""
    missing = {ord(character) for character in text} - coverage(fonts.main)
    needed = []
    for font in fonts.fallback:
        if not missing:
            break
        if missing & coverage(font):
            needed.append(font)
            missing -= coverage(font)
    return tuple(needed)


def show_unprintable(fonts: FontSet, text: str) -> str:
    """`text` with every character that no font has written as its code point, `[U+E000]`: never a silent blank."""
    if coverage(fonts.main).issuperset(map(ord, text)):
        return text
    return "".join(
        character if _printable(fonts, ord(character)) else f"[U+{ord(character):04X}]" for character in text
    )


def _printable(fonts: FontSet, code_point: int) -> bool:
    return any(code_point in coverage(font) for font in (fonts.main, *fonts.fallback))
