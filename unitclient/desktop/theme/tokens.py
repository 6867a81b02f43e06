"""Design tokens: spacing, sizes and colours by name, for light and dark. Every pair is tested for contrast."""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum

GRID = (4, 8, 12, 16, 24, 32)
"""Spacing steps, logical pixels."""
PAGE_MARGIN = (24, 16)
CARD_MARGIN = (16, 12)
FORM_GAP = 8
BUTTON_HEIGHT = 28
RADIUS = 4
CARD_RADIUS = 6
ROW_HEIGHTS = {"compact": 24, "normal": 26, "roomy": 32}
"""Table row heights by the density setting."""
NAV_WIDTH = 176
NAV_COLLAPSED_WIDTH = 52
COLLAPSE_BELOW = 1000
"""Window width under which the navigation shows icons alone."""
SMALLEST_PAGE = (900, 500)
"""Every page fits into this: 1366 x 768 at 150 %."""


class Scheme(StrEnum):
    """Light or dark."""

    LIGHT = "light"
    DARK = "dark"


class State(StrEnum):
    """How something stands, for colour plus sign plus word."""

    OK = "ok"
    WARN = "warn"
    ERR = "err"
    INFO = "info"
    OFF = "off"


SIGNS = {State.OK: "✓", State.WARN: "!", State.ERR: "×", State.INFO: "i", State.OFF: "○"}
"""The sign of a state where no better one is given: colour never stands alone."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """Colours as #RRGGBB. `x_on` is drawn on `x`; the five states have a text and a tint."""

    window: str
    surface: str
    raised: str
    zebra: str
    text: str
    text2: str
    hint: str
    accent: str
    accent_on: str
    accent_hover: str
    selection: str
    row: str
    selection_on: str
    outline: str
    hairline: str
    disabled: str
    nav: str
    ok: str
    ok_tint: str
    warn: str
    warn_tint: str
    err: str
    err_tint: str
    info: str
    info_tint: str
    off: str
    off_tint: str

    def of(self, state: State) -> tuple[str, str]:
        """(text, tint) of a state."""
        return getattr(self, state.value), getattr(self, f"{state.value}_tint")

    def by_name(self, name: str) -> str:
        """A colour by its token's name; KeyError for a name that is none."""
        if name not in {field.name for field in fields(self)}:
            raise KeyError(name)
        return str(getattr(self, name))


LIGHT = Tokens(
    window="#F5F6F8", surface="#FFFFFF", raised="#FFFFFF", zebra="#F8F9FB",
    text="#1D2433", text2="#4A5568", hint="#667085",
    accent="#1257C9", accent_on="#FFFFFF", accent_hover="#0E48A8",
    selection="#CFE0FB", row="#EDF3FD", selection_on="#12213A",
    outline="#8A93A3", hairline="#DDE1E7", disabled="#8A93A3", nav="#ECEFF3",
    ok="#0B6B3A", ok_tint="#DDF3E6", warn="#8A4B00", warn_tint="#FDEBCB",
    err="#B42318", err_tint="#FDE3E0", info="#1257C9", info_tint="#E3EDFC",
    off="#4A5568", off_tint="#EEF1F5",
)  # fmt: skip

DARK = Tokens(
    window="#171B21", surface="#1E232B", raised="#272D37", zebra="#222832",
    text="#E8ECF2", text2="#B6C0CE", hint="#98A3B3",
    accent="#7FB0FF", accent_on="#0B1B33", accent_hover="#A3C6FF",
    selection="#2A4672", row="#25303F", selection_on="#FFFFFF",
    outline="#7C8798", hairline="#363E4A", disabled="#7C8798", nav="#13161B",
    ok="#6FD79B", ok_tint="#173526", warn="#F5B856", warn_tint="#3B2C10",
    err="#FF9C92", err_tint="#45201D", info="#7FB0FF", info_tint="#22344F",
    off="#98A3B3", off_tint="#272D37",
)  # fmt: skip

BY_SCHEME = {Scheme.LIGHT: LIGHT, Scheme.DARK: DARK}

PAIRS: tuple[tuple[str, str, float], ...] = (
    ("text", "surface", 4.5), ("text", "window", 4.5), ("text", "zebra", 4.5), ("text", "row", 4.5),
    ("text", "raised", 4.5), ("text", "nav", 4.5), ("text2", "surface", 4.5), ("text2", "window", 4.5),
    ("text2", "nav", 4.5),
    ("text2", "raised", 4.5), ("hint", "surface", 4.5), ("hint", "window", 4.5),
    ("accent", "surface", 4.5), ("accent", "window", 4.5), ("accent", "nav", 4.5), ("accent", "zebra", 4.5),
    ("accent_on", "accent", 4.5), ("accent_on", "accent_hover", 4.5), ("selection_on", "selection", 4.5),
    ("outline", "surface", 3.0), ("accent", "selection", 3.0),
    ("ok", "ok_tint", 4.5), ("warn", "warn_tint", 4.5), ("err", "err_tint", 4.5), ("info", "info_tint", 4.5),
    ("off", "off_tint", 4.5),
    ("ok", "surface", 4.5), ("warn", "surface", 4.5), ("err", "surface", 4.5), ("info", "surface", 4.5),
    ("text", "ok_tint", 4.5), ("text", "warn_tint", 4.5), ("text", "err_tint", 4.5), ("text", "info_tint", 4.5),
    ("text", "off_tint", 4.5),
)  # fmt: skip
"""(what is drawn, on what, least contrast): WCAG 2.2 text 4.5, outlines and focus 3."""


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours after WCAG 2.2, 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
