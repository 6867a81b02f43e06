"""Fonts: families with Chinese, sizes in points, two weights. Figures are of equal width in these families."""

from __future__ import annotations

from PyQt6.QtGui import QFont

FAMILIES = ("Microsoft YaHei UI", "PingFang SC", "Noto Sans CJK SC", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei")
MONO_FAMILIES = ("Cascadia Mono", "Consolas", "Noto Sans Mono CJK SC", "DejaVu Sans Mono")


def body(size: int = 9) -> QFont:
    """The font of everything that is not said to be another."""
    return _font(size, QFont.Weight.Normal)


def strong(size: int = 9) -> QFont:
    """Emphasis in the body's size."""
    return _font(size, QFont.Weight.DemiBold)


def section(size: int = 9) -> QFont:
    """Title of a card or section."""
    return _font(size + 2, QFont.Weight.DemiBold)


def title(size: int = 9) -> QFont:
    """Title of a page."""
    return _font(size + 5, QFont.Weight.DemiBold)


def number(size: int = 9) -> QFont:
    """The one big number of a card (days left)."""
    return _font(size + 13, QFont.Weight.DemiBold)


def mono(size: int = 9) -> QFont:
    """Digests, frames of a report: what is compared character by character."""
    font = QFont(list(MONO_FAMILIES))
    font.setStyleHint(QFont.StyleHint.Monospace)
    font.setPointSize(size)
    return font


def _font(points: int, weight: QFont.Weight) -> QFont:
    font = QFont(list(FAMILIES))
    font.setStyleHint(QFont.StyleHint.SansSerif)
    font.setPointSize(points)
    font.setWeight(weight)
    return font
