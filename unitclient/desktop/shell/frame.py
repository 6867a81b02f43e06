"""The frame: the top-level window. It shows a picture or outlines at once, and takes the real content when it is made.

Imports almost nothing, because everything imported here delays the moment in which something can be seen.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PyQt6.QtCore import QRect, QRectF, Qt, QTimer, pyqtSignal, pyqtSlot
from PyQt6.QtGui import QCloseEvent, QColor, QGuiApplication, QImage, QPainter, QPaintEvent, QResizeEvent
from PyQt6.QtWidgets import QMainWindow, QWidget

from unitclient.desktop.shell import outlines

_USUAL = (1280, 800)
PLACE = "window"


class Frame(QMainWindow):
    """`first_paint` comes once, when something can be seen.

    A main window, because of any other widget assistive technology is told that it is filling and not a window.
    """

    first_paint = pyqtSignal()

    def __init__(self, dark: bool, left: Any = None, picture: QImage | None = None) -> None:
        super().__init__()
        self._dark = dark
        self.picture = picture
        """The first page as it was left, where that still is true; None from the moment the page itself is there."""
        self._cover: QWidget | None = None
        self._painted = False
        self.content: QWidget | None = None
        self.setWindowTitle(outlines.TITLE)
        self.setMinimumSize(*outlines.SMALLEST)
        # The outlines fill everything: nothing is painted twice.
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        place(self, left)

    def take(self, content: QWidget) -> None:
        """Show the content from now on."""
        self.content = content
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent, False)
        self.setCentralWidget(content)
        if self._fits_picture():
            self._cover = Cover(self)
        else:
            self.picture = None

    def uncover(self) -> None:
        """The page has its figures (or something else is to be seen): the picture is no longer needed."""
        if self._cover is not None:
            self._cover.hide()
            self._cover.deleteLater()
        self._cover = self.picture = None

    def resizeEvent(self, event: QResizeEvent | None) -> None:  # noqa: N802 - Qt's name
        """A picture fits one size."""
        super().resizeEvent(event)
        if self._cover is not None:
            self.uncover()

    def _fits_picture(self) -> bool:
        """Whether the picture is of a window of this size on a screen like this one."""
        picture = self.picture
        return (
            picture is not None
            and picture.deviceIndependentSize().toSize() == self.size()
            and picture.devicePixelRatio() == self.devicePixelRatioF()
        )

    def where(self) -> dict[str, object]:
        """Where the window is, to be remembered."""
        area = self.normalGeometry()
        return {"at": [area.x(), area.y(), area.width(), area.height()], "maximized": self.isMaximized()}

    def paintEvent(self, event: QPaintEvent | None) -> None:  # noqa: N802 - Qt's name
        """The picture or the outlines, until there is content."""
        if self.content is None and self.picture is not None and self._fits_picture():
            painter = QPainter(self)
            painter.drawImage(0, 0, self.picture)
            painter.end()
        elif self.content is None:
            painter = QPainter(self)
            for area, colour, radius in outlines.shapes(self.width(), self.height(), self._dark):
                _fill(painter, area, colour, radius)
            painter.end()
        if not self._painted:
            self._painted = True
            QTimer.singleShot(0, self._tell)

    @pyqtSlot()
    def _tell(self) -> None:
        # A slot of the frame ends with the frame; a bare `emit` would be called on what is gone.
        self.first_paint.emit()

    def closeEvent(self, event: QCloseEvent | None) -> None:  # noqa: N802 - Qt's name
        """The content decides; it may ask first."""
        if self.content is not None:
            self.content.closeEvent(event)


class Cover(QWidget):
    """Holds the frame's picture over the content while that reads; the mouse goes through it."""

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame)
        self._frame = frame
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setGeometry(frame.rect())
        self.show()
        self.raise_()

    def paintEvent(self, event: QPaintEvent | None) -> None:  # noqa: N802 - Qt's name
        """The picture and nothing else."""
        if self._frame.picture is not None:
            painter = QPainter(self)
            painter.drawImage(0, 0, self._frame.picture)
            painter.end()


def place(window: QWidget, left: Any) -> None:
    """Give a window its place: where it was left if that still lies on a screen, else the usual size."""
    screens = [screen.availableGeometry() for screen in QGuiApplication.screens()]
    area = _remembered(left)
    if area is not None and any(_fits(area, screen) for screen in screens):
        window.setGeometry(area)
    else:
        wide, high = _USUAL
        room = screens[0] if screens else QRect(0, 0, *_USUAL)
        window.resize(min(wide, room.width() - 40), min(high, room.height() - 60))
    if isinstance(left, Mapping) and left.get("maximized") is True:
        window.setWindowState(window.windowState() | Qt.WindowState.WindowMaximized)


def _remembered(left: Any) -> QRect | None:
    at = left.get("at") if isinstance(left, Mapping) else None
    whole = isinstance(at, list) and len(at) == 4 and all(isinstance(one, int) for one in at)
    return QRect(*at) if whole and isinstance(at, list) else None


def _fits(area: QRect, screen: QRect) -> bool:
    """Whether the title bar can be reached and most of the window seen."""
    seen = area.intersected(screen)
    return seen.width() >= area.width() * 0.6 and seen.height() >= area.height() * 0.5 and area.top() >= screen.top()


def _fill(painter: QPainter, area: tuple[int, int, int, int], colour: str, radius: int) -> None:
    if not radius:
        painter.fillRect(QRect(*area), QColor(colour))
        return
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colour))
    painter.drawRoundedRect(QRectF(*area), radius, radius)
