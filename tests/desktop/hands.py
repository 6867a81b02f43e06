"""Mouse and keyboard of a test, with types: the stubs of QTest take its static functions for methods."""

from __future__ import annotations

from typing import Any, cast

from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QWidget

_hand = cast("Any", QTest)


def click(widget: QWidget) -> None:
    """The left button, in the middle of a widget."""
    _hand.mouseClick(widget, Qt.MouseButton.LeftButton)


def key(widget: QWidget, which: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """A key."""
    _hand.keyClick(widget, which, modifiers)


def type_in(widget: QWidget, text: str) -> None:
    """Several characters."""
    _hand.keyClicks(widget, text)


def click_at(widget: QWidget, where: QPoint, *, twice: bool = False) -> None:
    """The left button at a place of a widget, twice for a double click."""
    act = _hand.mouseDClick if twice else _hand.mouseClick
    if twice:
        _hand.mouseClick(widget, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, where)
    act(widget, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, where)
