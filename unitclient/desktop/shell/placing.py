"""Where the window opens: where it was left, if that still lies on a screen."""

from __future__ import annotations

from typing import Any

from PyQt6.QtCore import QRect
from PyQt6.QtGui import QGuiApplication
from PyQt6.QtWidgets import QWidget

_USUAL = (1280, 800)


def place_window(window: QWidget, left: Any) -> None:
    """Give the window its place. `left` is what was remembered; anything that does not fit is forgotten."""
    screens = [screen.availableGeometry() for screen in QGuiApplication.screens()]
    area = _remembered(left)
    if area is not None and any(_fits(area, screen) for screen in screens):
        window.setGeometry(area)
    else:
        wide, high = _USUAL
        room = screens[0] if screens else QRect(0, 0, *_USUAL)
        window.resize(min(wide, room.width() - 40), min(high, room.height() - 60))
    if isinstance(left, dict) and left.get("maximized") is True:
        window.setWindowState(window.windowState() | window.windowState().WindowMaximized)


def _remembered(left: Any) -> QRect | None:
    at = left.get("at") if isinstance(left, dict) else None
    whole = isinstance(at, list) and len(at) == 4 and all(isinstance(one, int) for one in at)
    return QRect(*at) if whole and isinstance(at, list) else None


def _fits(area: QRect, screen: QRect) -> bool:
    """Whether the title bar can be reached and most of the window seen."""
    seen = area.intersected(screen)
    return seen.width() >= area.width() * 0.6 and seen.height() >= area.height() * 0.5 and area.top() >= screen.top()
