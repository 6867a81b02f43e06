"""Small drawings that several widgets share: rounded boxes and corner marks."""

from __future__ import annotations

from PyQt6.QtCore import QPointF, QRect, QRectF
from PyQt6.QtGui import QColor, QPainter, QPen, QPolygonF

from unitclient.desktop.theme.tokens import RADIUS

CORNER = 7


def rounded(painter: QPainter, rect: QRectF, fill: QColor, line: QColor | None = None, radius: float = RADIUS) -> None:
    """A filled rounded rectangle with an optional hairline."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(fill)
    painter.setPen(QPen(line, 1) if line is not None else QPen(QColor(0, 0, 0, 0), 0))
    painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
    painter.restore()


def corner_mark(painter: QPainter, rect: QRect, fill: QColor) -> None:
    """The triangle in a cell's upper right corner that says: there is a reason to read."""
    right, top = float(rect.right() + 1), float(rect.top())
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(0, 0, 0, 0), 0))
    painter.setBrush(fill)
    triangle = QPolygonF([QPointF(right - CORNER, top), QPointF(right, top), QPointF(right, top + CORNER)])
    painter.drawPolygon(triangle)
    painter.restore()
