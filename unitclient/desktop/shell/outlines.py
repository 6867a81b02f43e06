"""The outlines of the window before there is content: bars, navigation and cards as plain shapes. No Qt, no words.

Colours are those of theme.tokens, repeated because reading the tokens would delay the first paint; a test compares.
"""

from __future__ import annotations

from collections.abc import Iterator

TITLE = "单位社保经办"
SMALLEST = (720, 460)
NAV_WIDTH, NAV_COLLAPSED_WIDTH, COLLAPSE_BELOW = 176, 52, 1000
COLOURS = {
    False: {"window": "#F5F6F8", "surface": "#FFFFFF", "nav": "#ECEFF3", "hairline": "#DDE1E7", "accent": "#1257C9",
            "off_tint": "#EEF1F5", "selection": "#CFE0FB"},
    True: {"window": "#171B21", "surface": "#1E232B", "nav": "#13161B", "hairline": "#363E4A", "accent": "#7FB0FF",
           "off_tint": "#272D37", "selection": "#2A4672"},
}  # fmt: skip
"""By whether it is dark."""
STRIP, TOP, STATUS, ENTRY = 3, 44, 30, 30

Shape = tuple[tuple[int, int, int, int], str, int]
"""(left, top, width, height), colour, corner radius."""


def shapes(width: int, height: int, dark: bool) -> Iterator[Shape]:
    """Everything to fill, from back to front."""
    colour = COLOURS[dark]
    nav = NAV_COLLAPSED_WIDTH if width < COLLAPSE_BELOW else NAV_WIDTH
    top, bottom = STRIP + TOP, height - STATUS
    yield (0, 0, width, height), colour["window"], 0
    yield (0, 0, width, STRIP), colour["accent"], 0
    yield (0, STRIP, width, TOP), colour["surface"], 0
    yield (0, top - 1, width, 1), colour["hairline"], 0
    yield (12, STRIP + 13, 168, 18), colour["off_tint"], 4
    yield (0, top, nav, bottom - top), colour["nav"], 0
    yield (nav - 1, top, 1, bottom - top), colour["hairline"], 0
    yield from _entries(nav, top + 8, bottom, colour)
    yield from _cards(nav + 24, top + 16, width - 24, bottom - 16, colour)
    yield (0, bottom, width, STATUS), colour["surface"], 0
    yield (0, bottom, width, 1), colour["hairline"], 0


def _entries(nav: int, top: int, bottom: int, colour: dict[str, str]) -> Iterator[Shape]:
    yield (8, top + 1, nav - 16, ENTRY - 2), colour["selection"], 4
    for place in range(1, min(14, (bottom - top) // ENTRY)):
        middle = top + place * ENTRY + ENTRY // 2
        yield (20, middle - 8, 16, 16), colour["hairline"], 4
        if nav == NAV_WIDTH:
            yield (48, middle - 5, 56 + place * 29 % 40, 10), colour["hairline"], 4


def _cards(left: int, top: int, right: int, bottom: int, colour: dict[str, str]) -> Iterator[Shape]:
    yield (left, top, 132, 22), colour["hairline"], 4
    top += 40
    third, gap = (right - left - 24) // 3, 12
    for place in range(3):
        yield (left + place * (third + gap), top, third, 128), colour["surface"], 6
        yield (left + place * (third + gap) + 16, top + 16, third // 2, 14), colour["off_tint"], 4
    yield (left, top + 140, right - left, max(0, bottom - top - 140)), colour["surface"], 6
