"""Icons by name: own simple SVGs, drawn in the colour of a token at the size and pixel ratio that is asked for."""

from __future__ import annotations

from functools import cache

from PyQt6.QtCore import QByteArray, QRect, QRectF, QSize, Qt
from PyQt6.QtGui import QIcon, QIconEngine, QPainter, QPixmap
from PyQt6.QtSvg import QSvgRenderer

from unitclient.desktop.theme.look import look
from unitclient.paths import resources_root


@cache
def _source(name: str) -> str:
    return (resources_root() / "icons" / f"{name}.svg").read_text("utf-8")


@cache
def _renderer(name: str, colour: str) -> QSvgRenderer:
    return QSvgRenderer(QByteArray(_source(name).replace("currentColor", colour).encode()))


class _Engine(QIconEngine):
    """Draws the SVG anew for each size, in the colour that the token has then: a change of scheme needs no new icon."""

    def __init__(self, name: str, token: str) -> None:
        super().__init__()
        self._name, self._token = name, token

    def paint(self, painter: QPainter | None, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        """Draw it."""
        token = "disabled" if mode is QIcon.Mode.Disabled else self._token
        _renderer(self._name, look().tokens.by_name(token)).render(painter, QRectF(rect))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        """A picture of it."""
        picture = QPixmap(size)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        self.paint(painter, QRect(0, 0, size.width(), size.height()), mode, state)
        painter.end()
        return picture

    def clone(self) -> QIconEngine:
        """Another one."""
        return _Engine(self._name, self._token)


def icon(name: str, token: str = "text2") -> QIcon:  # noqa: S107 - the name of a colour
    """The icon resources/icons/<name>.svg in a token's colour; FileNotFoundError for a name that is none."""
    _source(name)
    return QIcon(_Engine(name, token))


def pixmap(name: str, size: int, token: str = "text2", ratio: float = 1.0) -> QPixmap:  # noqa: S107 - see icon
    """A picture of an icon, `size` logical pixels wide."""
    picture = QPixmap(QSize(round(size * ratio), round(size * ratio)))
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    _renderer(name, look().tokens.by_name(token)).render(painter)
    painter.end()
    picture.setDevicePixelRatio(ratio)
    return picture
