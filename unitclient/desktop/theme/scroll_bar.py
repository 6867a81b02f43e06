"""Scroll bars: a rounded handle on a plain track, without arrows."""

from __future__ import annotations

from PyQt6.QtCore import QRect, QRectF, Qt
from PyQt6.QtGui import QPainter
from PyQt6.QtWidgets import QStyle, QStyleOptionSlider

from unitclient.desktop.theme.look import colour

EXTENT = 12
_SHORTEST = 28
_Part = QStyle.SubControl


def part(option: QStyleOptionSlider, which: QStyle.SubControl) -> QRect:
    """Where a part of the bar lies."""
    area = option.rect
    start, length = _handle(option)
    if which is _Part.SC_ScrollBarGroove:
        return QRect(area)
    if which is _Part.SC_ScrollBarSlider:
        return _along(option, start, length)
    if which is _Part.SC_ScrollBarSubPage:
        return _along(option, 0, start)
    if which is _Part.SC_ScrollBarAddPage:
        return _along(option, start + length, _room(option) - start - length)
    return QRect()


def draw(painter: QPainter, option: QStyleOptionSlider) -> None:
    """Track and handle."""
    painter.fillRect(option.rect, colour("window"))
    if option.maximum <= option.minimum:
        return
    held = bool(option.state & QStyle.StateFlag.State_Sunken) and option.activeSubControls == _Part.SC_ScrollBarSlider
    handle = QRectF(part(option, _Part.SC_ScrollBarSlider)).adjusted(3, 2, -3, -2)
    if option.orientation == Qt.Orientation.Horizontal:
        handle = QRectF(part(option, _Part.SC_ScrollBarSlider)).adjusted(2, 3, -2, -3)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour("text2" if held else "outline"))
    painter.drawRoundedRect(handle, 3, 3)
    painter.restore()


def _room(option: QStyleOptionSlider) -> int:
    across = option.orientation == Qt.Orientation.Horizontal
    return option.rect.width() if across else option.rect.height()


def _handle(option: QStyleOptionSlider) -> tuple[int, int]:
    """(start, length) of the handle along the bar."""
    room, reach = _room(option), option.maximum - option.minimum
    if reach <= 0:
        return 0, room
    length = min(room, max(_SHORTEST, room * option.pageStep // (reach + option.pageStep)))
    start = QStyle.sliderPositionFromValue(
        option.minimum, option.maximum, option.sliderPosition, room - length, option.upsideDown
    )
    return start, length


def _along(option: QStyleOptionSlider, start: int, length: int) -> QRect:
    area = option.rect
    if option.orientation == Qt.Orientation.Horizontal:
        return QRect(area.left() + start, area.top(), length, area.height())
    return QRect(area.left(), area.top() + start, area.width(), length)
