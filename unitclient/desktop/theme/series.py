"""Colours of the series of a chart: told apart by lightness too, each at least 3:1 on its surface (a test holds it)."""

from __future__ import annotations

from PyQt6.QtGui import QColor

from unitclient.desktop.theme.look import look
from unitclient.desktop.theme.tokens import Scheme

LIGHT_SERIES = ("#1257C9", "#B4540A", "#0B6B3A", "#7A3DB8", "#B42363", "#4A5568", "#8A7000", "#0F7C8A", "#5B2333")
DARK_SERIES = ("#7FB0FF", "#F5B856", "#6FD79B", "#C9A2F5", "#FF9CC4", "#B6C0CE", "#E3D36B", "#6FD3E0", "#E8A08A")
SERIES = {Scheme.LIGHT: LIGHT_SERIES, Scheme.DARK: DARK_SERIES}


def series_colour(place: int) -> QColor:
    """The colour of the n-th series in the scheme in use."""
    colours = SERIES[look().scheme]
    return QColor(colours[place % len(colours)])
