"""Printing: a PDF page by page, or a table, through the system's print dialog. QtPrintSupport is imported at need."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, QRectF, QTimer, pyqtSignal
from PyQt6.QtGui import QPageLayout, QPainter, QPdfWriter, QTextDocument

from unitclient.desktop.pages.documents.preview import PdfPages
from unitclient.texts import say

if TYPE_CHECKING:
    from PyQt6.QtPrintSupport import QPrinter
    from PyQt6.QtWidgets import QWidget

_FINEST = 300
"""Dots per inch at which pages are rendered: more only makes the print job larger."""
_BANDS = 16
"""So many parts of a page are painted one after the other."""


def ask_printer(parent: QWidget | None, title: str, paint: Callable[[QPrinter], None], *, wide: bool = False) -> None:
    """Open the print dialog, and paint when a printer was chosen."""
    from PyQt6.QtPrintSupport import QPrintDialog, QPrinter

    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setDocName(title)
    if wide:
        printer.setPageOrientation(QPageLayout.Orientation.Landscape)
    dialog = QPrintDialog(printer, parent)
    dialog.setWindowTitle(say("d-print-title", what=title))
    dialog.accepted.connect(lambda: paint(printer))
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()


class PdfPrint(QObject):
    """Paints a PDF on a printer, one band of a page per turn of the event loop: the window answers meanwhile."""

    finished = pyqtSignal()

    def __init__(self, data: bytes, printer: QPrinter, parent: QObject | None = None) -> None:
        super().__init__(parent)
        # Pages of its own: the preview may show another paper before these are all painted.
        self._pages, self._printer = PdfPages(data), printer
        first = printer.fromPage() or 1
        last = min(printer.toPage() or self._pages.count(), self._pages.count())
        self._painter = QPainter(printer)
        self._paper = QRectF(self._painter.viewport())
        self._bands = [(page, band) for page in range(first - 1, last) for band in range(_BANDS)]
        self._turn = QTimer(self)
        self._turn.setInterval(0)
        self._turn.timeout.connect(self._paint_next)

    def start(self) -> None:
        """Begin."""
        self._turn.start()

    def _paint_next(self) -> None:
        if self._bands:
            self._paint(*self._bands.pop(0))
            return
        self._turn.stop()
        self._painter.end()
        self._pages.close()
        self.finished.emit()
        self.deleteLater()

    def _paint(self, page: int, band: int) -> None:
        dots = min(_FINEST, self._printer.resolution())
        size = self._pages.size(page, round(self._pages.document.pagePointSize(page).width() / 72 * dots))
        top, bottom = (size.height() * part // _BANDS for part in (band, band + 1))
        image = self._pages.part(page, size, top, bottom)
        scale = min(self._paper.width() / size.width(), self._paper.height() / size.height())
        where = QRectF(0, top * scale, size.width() * scale, (bottom - top) * scale)
        self._painter.drawImage(where, image)
        if band == _BANDS - 1 and self._bands:
            self._printer.newPage()


def paint_text(document: QTextDocument, device: QPrinter | QPdfWriter) -> None:
    """Paint a document of text and tables."""
    document.print(device)
