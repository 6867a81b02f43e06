"""How large a dialog may be: no larger than the window it opens over, whatever it would like."""

from __future__ import annotations

from PyQt6.QtCore import QSize
from PyQt6.QtWidgets import QWidget

_TITLE_BAR = 32
"""Height of the bar that the desktop draws above a dialog."""
_ANY = QSize(1366, 768)


def room_over(dialog: QWidget) -> QSize:
    """The room for a dialog inside the window it belongs to; a usual screen's where it belongs to none."""
    parent = dialog.parentWidget()
    window = parent.window() if parent is not None else None
    room = window.size() if window is not None else _ANY
    return QSize(room.width(), max(320, room.height() - _TITLE_BAR))


def resize_within(dialog: QWidget, wide: int, high: int) -> None:
    """Make a dialog so large, or as large as its window allows."""
    room = room_over(dialog)
    dialog.resize(min(wide, room.width()), min(high, room.height()))
