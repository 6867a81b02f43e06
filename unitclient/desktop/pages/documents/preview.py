"""PaperPreview: the pages of a PDF below one another, rendered by QtPdf and read out by a screen reader."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from PyQt6.QtCore import QBuffer, QByteArray, QIODevice, QRect, QSize, Qt, QTimer
from PyQt6.QtGui import QImage, QPainter, QPixmap, QResizeEvent
from PyQt6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from unitclient.desktop.widgets.basic import clear_layout, label
from unitclient.texts import say

if TYPE_CHECKING:
    from PyQt6.QtPdf import QPdfDocument

ZOOMS = (0.5, 0.75, 1.0, 1.25, 1.5, 2.0)
_EDGE = 16
_LINE = 1
_WIDEST = 760
"""Logical pixels of a page at 100 %, where there is room for it."""


def see_through(area: QScrollArea) -> None:
    """Let the card behind a scroll area be seen."""
    for part in (area.viewport(), area.widget()):
        if part is not None:
            part.setAutoFillBackground(False)


class PdfPages:
    """An open PDF. QtPdf is imported with the first one."""

    def __init__(self, data: bytes) -> None:
        from PyQt6.QtPdf import QPdfDocument

        self.document: QPdfDocument = QPdfDocument(None)
        # The document's child: it reads from the buffer until its own end.
        self._buffer = QBuffer(self.document)
        self._buffer.setData(QByteArray(data))
        self._buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        self.document.load(self._buffer)

    def count(self) -> int:
        """How many pages."""
        return self.document.pageCount()

    def size(self, page: int, width: int) -> QSize:
        """How large a page is that is so many pixels wide."""
        points = self.document.pagePointSize(page)
        return QSize(width, round(width * points.height() / points.width()))

    def image(self, page: int, width: int) -> QImage:
        """A page as an image so many pixels wide."""
        size = self.size(page, width)
        return self.part(page, size, 0, size.height())

    def part(self, page: int, size: QSize, top: int, bottom: int) -> QImage:
        """The rows from `top` up to `bottom` of a page that is `size` large."""
        from PyQt6.QtPdf import QPdfDocumentRenderOptions

        band = QSize(size.width(), bottom - top)
        options = QPdfDocumentRenderOptions()
        options.setScaledSize(size)
        options.setScaledClipRect(QRect(0, top, band.width(), band.height()))
        # What nothing is printed on is left clear by the renderer: paper is white, in the dark scheme too.
        paper = QImage(band, QImage.Format.Format_RGB32)
        paper.fill(Qt.GlobalColor.white)
        painter = QPainter(paper)
        painter.drawImage(0, 0, self.document.render(page, band, options))
        painter.end()
        return paper

    def text(self, page: int) -> str:
        """The words on a page. PDF writers put radicals for some characters: they are folded back."""
        return unicodedata.normalize("NFKC", self.document.getAllText(page).text())

    def close(self) -> None:
        """Let it go."""
        self.document.close()
        self._buffer.close()


class PaperPreview(QScrollArea):
    """Shows a PDF. One page is rendered per turn of the event loop, so that the window never waits for all."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName(say("d-documents-preview"))
        # Always there: a bar that comes and goes would change the width of the pages it came for.
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self._inside = QWidget()
        self._box = QVBoxLayout(self._inside)
        self._box.setContentsMargins(_EDGE, _EDGE, _EDGE, _EDGE)
        self._box.setSpacing(_EDGE)
        self.setWidget(self._inside)
        self.pages: PdfPages | None = None
        self._data = b""
        self._zoom = ZOOMS.index(1.0)
        self._labels: list[QLabel] = []
        self._next = 0
        self._turn = QTimer(self)
        self._turn.setInterval(0)
        self._turn.timeout.connect(self._render_next)

    def show_pdf(self, data: bytes) -> None:
        """Show a PDF; nothing for empty bytes. The same bytes again change nothing."""
        if data == self._data:
            return
        self._clear()
        self._data = data
        if not data:
            return
        self.pages = PdfPages(data)
        for number in range(self.pages.count()):
            page = label()
            page.setFrameShape(QFrame.Shape.Box)
            page.setAccessibleName(say("d-documents-page", page=number + 1, pages=self.pages.count()))
            page.setAccessibleDescription(self.pages.text(number))
            self._labels.append(page)
            self._box.addWidget(page, 0, Qt.AlignmentFlag.AlignHCenter)
        self._box.addStretch(1)
        self._render_all()

    def zoom(self, steps: int) -> None:
        """Larger or smaller; 0 back to the usual size."""
        wanted = self._zoom + steps if steps else ZOOMS.index(1.0)
        wanted = max(0, min(len(ZOOMS) - 1, wanted))
        if wanted != self._zoom:
            self._zoom = wanted
            self._render_all()

    def percent(self) -> int:
        """The zoom in percent."""
        return round(ZOOMS[self._zoom] * 100)

    def resizeEvent(self, event: QResizeEvent | None) -> None:  # noqa: N802 - Qt's name
        """Pages follow the width."""
        super().resizeEvent(event)
        self._render_all()

    def _page_width(self) -> int:
        view = self.viewport()
        room = (view.width() if view is not None else self.width()) - 2 * _EDGE - 2 * _LINE
        return max(120, round(min(room, _WIDEST) * ZOOMS[self._zoom]))

    def _render_all(self) -> None:
        self._next = 0
        if self._labels:
            self._turn.start()

    def _render_next(self) -> None:
        if self.pages is None or self._next >= len(self._labels):
            self._turn.stop()
            return
        ratio = self.devicePixelRatioF()
        shown = QPixmap.fromImage(self.pages.image(self._next, round(self._page_width() * ratio)))
        shown.setDevicePixelRatio(ratio)
        self._labels[self._next].setPixmap(shown)
        self._next += 1

    def _clear(self) -> None:
        self._turn.stop()
        self._labels.clear()
        clear_layout(self._box)
        if self.pages is not None:
            self.pages.close()
        self.pages = None
        self._data = b""
