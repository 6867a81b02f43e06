"""Printing: a PDF page by page, or a table, through the system's print dialog. QtPrintSupport is imported at need."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PyQt6.QtCore import QRectF
from PyQt6.QtGui import QPageLayout, QPainter, QPdfWriter, QTextDocument

from unitclient.desktop.pages.documents.preview import PdfPages
from unitclient.texts import say

if TYPE_CHECKING:
    from PyQt6.QtPrintSupport import QPrinter
    from PyQt6.QtWidgets import QWidget

_FINEST = 300
"""Dots per inch at which pages are rendered: more only makes the print job larger."""


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


def paint_pdf(pages: PdfPages, printer: QPrinter) -> None:
    """Paint the pages that the dialog asks for, as large as the paper allows."""
    first = printer.fromPage() or 1
    last = min(printer.toPage() or pages.count(), pages.count())
    painter = QPainter(printer)
    paper = QRectF(painter.viewport())
    dots = min(_FINEST, printer.resolution())
    for page in range(first - 1, last):
        if page >= first:
            printer.newPage()
        points = pages.document.pagePointSize(page)
        image = pages.image(page, round(points.width() / 72 * dots))
        scale = min(paper.width() / image.width(), paper.height() / image.height())
        painter.drawImage(QRectF(0, 0, image.width() * scale, image.height() * scale), image)
    painter.end()


def paint_text(document: QTextDocument, device: QPrinter | QPdfWriter) -> None:
    """Paint a document of text and tables."""
    document.print(device)
