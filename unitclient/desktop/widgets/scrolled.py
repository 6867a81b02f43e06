"""A scroll area that looks like what it stands on, scrolls up and down only, and has a name."""

from __future__ import annotations

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QFrame, QScrollArea, QWidget


def scrolled(inner: QWidget, name: str) -> QScrollArea:
    """`inner` in a scroll area called `name`."""
    return dress(QScrollArea(), inner, name)


def dress(area: QScrollArea, inner: QWidget, name: str) -> QScrollArea:
    """Make an area be such a one."""
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setAccessibleName(name)
    area.setWidget(inner)
    viewport = area.viewport()
    if viewport is not None:
        viewport.setAutoFillBackground(False)
    inner.setAutoFillBackground(False)
    return area
