"""Hands at the keyboard and the mouse, for tests. (The stubs know QTest's functions as methods; they are none.)"""

from __future__ import annotations

from typing import Any

from PyQt6.QtCore import Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QWidget

_hand: Any = QTest
_NONE = Qt.KeyboardModifier.NoModifier


def keys(widget: QWidget, text: str) -> None:
    """Type a text."""
    _hand.keyClicks(widget, text)


def press(widget: QWidget, key: Qt.Key, modifier: Qt.KeyboardModifier = _NONE) -> None:
    """Press a key."""
    _hand.keyClick(widget, key, modifier)


def click(widget: QWidget, mouse: Qt.MouseButton = Qt.MouseButton.LeftButton) -> None:
    """Click in the middle of a widget."""
    _hand.mouseClick(widget, mouse)
