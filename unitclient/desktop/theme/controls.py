"""How fields, check boxes, headers, progress bars and tabs are drawn."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PyQt6.QtCore import QPointF, QRect, QRectF, Qt
from PyQt6.QtGui import QBrush, QColor, QPainter, QPen
from PyQt6.QtWidgets import (
    QStyle,
    QStyleOption,
    QStyleOptionFrame,
    QStyleOptionHeader,
    QStyleOptionProgressBar,
)

from unitclient.desktop.theme.look import colour
from unitclient.desktop.theme.options import as_kind
from unitclient.desktop.theme.tokens import BUTTON_HEIGHT, RADIUS

FIELD_PADDING = 4
_CHEVRON = 4.0
_State = QStyle.StateFlag


def field_height(option: QStyleOption) -> int:
    """A field is as high as a button, more where the font asks for it."""
    return max(BUTTON_HEIGHT, option.fontMetrics.height() + 12)


def field_outline(painter: QPainter, option: QStyleOption) -> None:
    """The outline of a field: hairline when disabled, outline, or two pixels of accent with the focus."""
    _field(painter, option, QRectF(option.rect), None)


def field_panel(painter: QPainter, option: QStyleOption) -> None:
    """A field's surface and outline; an editor inside another control has no outline."""
    framed = as_kind(option, QStyleOptionFrame).lineWidth > 0
    base = option.palette.brush(option.palette.ColorRole.Base)
    if framed:
        _field(painter, option, QRectF(option.rect), base)
    else:
        painter.fillRect(option.rect, base)


def combo_box(painter: QPainter, option: QStyleOption, arrow: QRect) -> None:
    """A field with a chevron."""
    _field(painter, option, QRectF(option.rect), option.palette.brush(option.palette.ColorRole.Base))
    _chevron(painter, QRectF(arrow).center(), option, 1)


def spin_box(painter: QPainter, option: QStyleOption, up: QRect, down: QRect) -> None:
    """A field with two chevrons."""
    _field(painter, option, QRectF(option.rect), option.palette.brush(option.palette.ColorRole.Base))
    _chevron(painter, QRectF(up).center(), option, -1)
    _chevron(painter, QRectF(down).center(), option, 1)


def view_frame(painter: QPainter, option: QStyleOption) -> None:
    """The frame of a table or list: a hairline, accent while it has the focus."""
    line = colour("accent" if option.state & _State.State_HasFocus else "hairline")
    area = option.rect
    # Filled, not drawn: at 150 % a pen on the last pixel falls outside.
    for edge in (
        QRect(area.left(), area.top(), area.width(), 1),
        QRect(area.left(), area.bottom(), area.width(), 1),
        QRect(area.left(), area.top(), 1, area.height()),
        QRect(area.right(), area.top(), 1, area.height()),
    ):
        painter.fillRect(edge, line)


def focus_rect(painter: QPainter, option: QStyleOption) -> None:
    """The mark of the focus on cells, check boxes and links: it must be seen on a selection too."""
    with _smooth(painter):
        painter.setPen(QPen(colour("accent"), 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(option.rect).adjusted(1, 1, -1, -1), 2, 2)


def check_box(painter: QPainter, option: QStyleOption) -> None:
    """A box with a tick, or a bar when it is partly ticked."""
    marked = bool(option.state & (_State.State_On | _State.State_NoChange))
    box = _square(option.rect)
    with _smooth(painter):
        _indicator_pen(painter, option, marked)
        painter.drawRoundedRect(box, 3, 3)
        if not marked:
            return
        painter.setPen(QPen(colour("accent_on"), 1.8, cap=Qt.PenCapStyle.RoundCap, join=Qt.PenJoinStyle.RoundJoin))
        left, top, side = box.left(), box.top(), box.width()
        points = ((0.22, 0.52), (0.42, 0.72), (0.78, 0.30))
        if option.state & _State.State_NoChange:
            points = ((0.25, 0.5), (0.5, 0.5), (0.75, 0.5))
        painter.drawPolyline(*(QPointF(left + x * side, top + y * side) for x, y in points))


def radio_button(painter: QPainter, option: QStyleOption) -> None:
    """A ring with a dot."""
    marked = bool(option.state & _State.State_On)
    ring = _square(option.rect)
    with _smooth(painter):
        _indicator_pen(painter, option, marked)
        painter.drawEllipse(ring)
        if marked:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour("accent_on"))
            painter.drawEllipse(ring.center(), 3.0, 3.0)


def header_section(painter: QPainter, option: QStyleOption) -> None:
    """A flat section with hairlines below and to the right."""
    header_surface(painter, option)
    area = option.rect
    if as_kind(option, QStyleOptionHeader).orientation == Qt.Orientation.Horizontal:
        painter.fillRect(QRect(area.right(), area.top() + 5, 1, area.height() - 10), colour("hairline"))


def header_surface(painter: QPainter, option: QStyleOption) -> None:
    """The rest of a header, without a section."""
    area = option.rect
    painter.fillRect(area, colour("off_tint"))
    painter.fillRect(QRect(area.left(), area.bottom(), area.width(), 1), colour("hairline"))


def progress_groove(painter: QPainter, option: QStyleOption) -> None:
    """The way ahead."""
    _bar(painter, QRectF(option.rect), colour("hairline"))


def progress_contents(painter: QPainter, option: QStyleOption) -> None:
    """The way behind. Where the end is not known half of the bar is shown: nothing moves."""
    bar = as_kind(option, QStyleOptionProgressBar)
    whole = bar.maximum - bar.minimum
    part = (bar.progress - bar.minimum) / whole if whole > 0 else 0.5
    area = QRectF(option.rect)
    area.setWidth(area.width() * max(0.0, min(1.0, part)))
    if area.width() >= 1:
        _bar(painter, area, colour("accent"))


def tab(painter: QPainter, option: QStyleOption) -> None:
    """A word; the one in front has a bar of accent below it."""
    chosen = bool(option.state & _State.State_Selected)
    area = option.rect
    if option.state & _State.State_MouseOver and not chosen:
        painter.fillRect(area.adjusted(0, 2, 0, -2), colour("off_tint"))
    if chosen:
        painter.fillRect(QRect(area.left() + 6, area.bottom() - 2, area.width() - 12, 3), colour("accent"))


def tab_base(painter: QPainter, option: QStyleOption) -> None:
    """The line the tabs stand on."""
    painter.fillRect(QRect(option.rect.left(), option.rect.bottom(), option.rect.width(), 1), colour("hairline"))


def tab_pane(painter: QPainter, option: QStyleOption) -> None:
    """A pane has no box, only the line above it."""
    painter.fillRect(QRect(option.rect.left(), option.rect.top(), option.rect.width(), 1), colour("hairline"))


@contextmanager
def _smooth(painter: QPainter) -> Iterator[None]:
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    try:
        yield
    finally:
        painter.restore()


def _field(painter: QPainter, option: QStyleOption, area: QRectF, fill: QBrush | None) -> None:
    focused = bool(option.state & _State.State_HasFocus)
    enabled = bool(option.state & _State.State_Enabled)
    pen = QPen(colour("accent" if focused else "outline" if enabled else "hairline"), 2 if focused else 1)
    inset = pen.widthF() / 2
    with _smooth(painter):
        painter.setPen(pen)
        painter.setBrush(fill if fill is not None else QBrush(Qt.BrushStyle.NoBrush))
        painter.drawRoundedRect(area.adjusted(inset, inset, -inset, -inset), RADIUS, RADIUS)


def _chevron(painter: QPainter, middle: QPointF, option: QStyleOption, way: int) -> None:
    enabled = bool(option.state & _State.State_Enabled)
    reach = _CHEVRON if option.rect.height() >= 20 else 3.0
    with _smooth(painter):
        painter.setPen(QPen(colour("text2" if enabled else "disabled"), 1.5, cap=Qt.PenCapStyle.RoundCap,
                            join=Qt.PenJoinStyle.RoundJoin))  # fmt: skip
        x, y = middle.x(), middle.y() - way * reach / 4
        tip = QPointF(x, y + way * reach / 2 + way * 0.5)
        painter.drawPolyline(QPointF(x - reach, y - way * reach / 2), tip, QPointF(x + reach, y - way * reach / 2))


def _square(area: QRect) -> QRectF:
    side = min(area.width(), area.height()) - 2
    box = QRectF(0, 0, side, side)
    box.moveCenter(QRectF(area).center())
    return box


def _indicator_pen(painter: QPainter, option: QStyleOption, marked: bool) -> None:
    enabled = bool(option.state & _State.State_Enabled)
    focused = bool(option.state & _State.State_HasFocus)
    line = colour("disabled" if not enabled else "accent" if marked or focused else "outline")
    painter.setPen(QPen(line, 1.5 if focused else 1.2))
    painter.setBrush((colour("accent") if enabled else colour("disabled")) if marked else colour("surface"))


def _bar(painter: QPainter, area: QRectF, fill: QColor) -> None:
    with _smooth(painter):
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(fill)
        radius = min(4.0, area.height() / 2)
        painter.drawRoundedRect(area, radius, radius)
