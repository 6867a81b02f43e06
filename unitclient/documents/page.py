"""An A4 page as all documents use it: head with title and marks, information grid, tables, QR code, page numbers."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import segno
from fpdf import FPDF
from fpdf.enums import TextMode, WrapMode

from unitclient.clock import CHINA
from unitclient.documents.fonts import FontSet, find_fonts, needed_fallbacks, show_unprintable
from unitclient.documents.model import Marks, UnitHead
from unitclient.texts import language, say

MARGIN = 16.0
WIDTH = 210.0 - 2 * MARGIN
BOTTOM = 297.0 - 20.0
LINE = 5.0
"""Millimetres: side margins, usable width, lower edge of the text area, height of one line of text."""

_POINTS = 72 / 25.4
"""Points of one millimetre."""
_QUIET = 4
"""Modules of white around a QR code, ISO/IEC 18004."""
_INK, _FRAME, _SHADE, _PALE, _WARNING = 30, 120, 240, 240, (168, 28, 28)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: heading, width in millimetres, alignment L, C or R."""

    title: str
    width: float
    align: str = "L"


class Page(FPDF):
    """A document being drawn, from the top down."""

    def __init__(self, title: str, unit: UnitHead, marks: Marks, number: str) -> None:
        super().__init__(orientation="portrait", unit="mm", format="A4")
        logging.getLogger("fontTools.subset").setLevel(logging.ERROR)  # it reports tables a subset never has
        self._title, self._unit, self._marks, self._number = title, unit, marks, number
        self._fonts: FontSet = find_fonts()
        self._opened: dict[Path, str] = {}
        self._describe()
        self.add_font("main", fname=self._fonts.main)
        self.set_margins(MARGIN, MARGIN, MARGIN)
        self.set_auto_page_break(auto=False)
        self.set_draw_color(_FRAME)
        self.set_line_width(0.2)
        self.set_text_color(_INK)
        self.add_page()

    def _describe(self) -> None:
        self.set_title(f"{self._title} {self._number}".strip())
        self.set_author(self._marks.centre)
        self.set_creator("unitclient")
        self.set_lang("zh-CN" if language() == "zh" else "en")
        self.set_creation_date(self._marks.printed_at)

    def _printable(self, text: str) -> str:
        """`text` as it can be printed; fallback fonts are opened when the first character that needs one comes."""
        for font in needed_fallbacks(self._fonts, text):
            if font not in self._opened:
                self._opened[font] = f"fallback{len(self._opened)}"
                self.add_font(self._opened[font], fname=font)
                self.set_fallback_fonts(list(self._opened.values()))
        return show_unprintable(self._fonts, text)

    # Called by fpdf2 at the start and the end of every page.

    def header(self) -> None:
        """Issuing centre, title, number; the practice mark lies under everything."""
        if self._marks.practice:
            self._watermark(say("document-practice-mark"))
        self.set_y(MARGIN)
        self.line_of(self._marks.centre, 10, "C")
        self.ln(1)
        self.line_of(self._title, 18, "C", heavy=True, height=10)
        self.ln(1)
        self._mark_row()
        self.set_y(self.get_y() + 1)

    def _mark_row(self) -> None:
        """Warnings on the left in red, the document's number on the right."""
        marks = self._marks
        warnings = [say("document-practice-note")] if marks.practice else []
        warnings += [say("document-reference-mark")] if marks.reference_data else []
        top = self.get_y()
        if warnings:
            self.set_text_color(*_WARNING)
            self.line_of(" · ".join(warnings), 8, "L")
            self.set_text_color(_INK)
        self.set_y(top)
        self.line_of(say("document-number", number=self._number) if self._number else "", 9, "R")

    def footer(self) -> None:
        """Unit, printing time, page x of y."""
        self.set_y(297 - 14)
        self.set_text_color(_FRAME)
        printed = self._marks.printed_at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")
        left = say("document-printed", unit=self._unit.name, unit_number=self._unit.unit_number, time=printed)
        top = self.get_y()
        self.line_of(left, 7.5, "L")
        self.set_y(top)
        # fpdf2 replaces {nb} by the number of pages at the end; the width is set for two figures, not for the mark.
        self.set_x(MARGIN + WIDTH - 34)
        self.set_font("main", size=7.5)
        self.cell(34, LINE, say("document-page", page=self.page_no(), pages="{nb}"), align="R")
        self.set_text_color(_INK)

    def _watermark(self, text: str) -> None:
        self.set_text_color(_PALE)
        self.set_font("main", size=96)
        with self.rotation(35, 105, 160):
            self.text(105 - self.get_string_width(text) / 2, 175, text)
        self.set_text_color(_INK)

    # What documents are put together from.

    def line_of(self, text: str, size: float, align: str, *, heavy: bool = False, height: float = LINE) -> None:
        """One line over the whole width; shrunk to fit when it is too long. Size in points."""
        self.set_x(MARGIN)
        self._fitted(WIDTH, height, text, size, align, heavy=heavy)
        self.set_y(self.get_y() + height)

    def _fitted(self, width: float, height: float, text: str, size: float, align: str, *, heavy: bool = False) -> None:
        text = self._printable(text)
        self.set_font("main", size=size)
        natural = self.get_string_width(text) + 2 * self.c_margin
        if natural > width:
            self.set_font("main", size=size * width / natural)
        with self.local_context():
            if heavy:  # these fonts have no bold face: the outline is drawn as well
                self.text_mode = TextMode.FILL_STROKE
                self.set_line_width(0.12)
                self.set_draw_color(_INK)
            self.cell(width, height, text, align=align)

    def section(self, title: str) -> None:
        """A heading of a part of the document."""
        self.room_for(LINE * 4)
        self.ln(3)
        self.line_of(title, 10.5, "L", heavy=True, height=6)
        self.ln(0.5)

    def room_for(self, height: float) -> bool:
        """Begin a new page unless `height` millimetres are left; whether it did."""
        if self.get_y() + height <= BOTTOM:
            return False
        self.add_page()
        return True

    def grid(self, pairs: Sequence[tuple[str, str]], across: int = 2) -> None:
        """Framed label and value pairs, `across` of them on a line."""
        label = 28.0
        value = WIDTH / across - label
        columns = [Column("", width, "L") for width in (label, value) * across]
        for start in range(0, len(pairs), across):
            part = list(pairs[start : start + across])
            part += [("", "")] * (across - len(part))
            self._row(columns, [text for pair in part for text in pair], shaded=tuple(range(0, 2 * across, 2)))

    def rows(
        self,
        columns: Sequence[Column],
        rows: Sequence[Sequence[str]],
        totals: Sequence[Sequence[str]] = (),
    ) -> None:
        """A table whose headings come again on every page; `totals` are shaded rows at its end."""
        everything = tuple(range(len(columns)))
        self.room_for(LINE * 4)
        self._headings(columns)
        for row in rows:
            if self.room_for(self._height(columns, row)):
                self._headings(columns)
            self._row(columns, row)
        for row in totals:
            if self.room_for(self._height(columns, row)):
                self._headings(columns)
            self._row(columns, row, shaded=everything, heavy=True)

    def _headings(self, columns: Sequence[Column]) -> None:
        centred = [Column("", column.width, "C") for column in columns]
        self._row(centred, [column.title for column in columns], shaded=tuple(range(len(columns))))

    def _lines(self, column: Column, text: str) -> list[str]:
        self.set_font("main", size=9)
        if self.get_string_width(text) + 2 * self.c_margin <= column.width:
            return [text]
        broken = self.multi_cell(column.width, LINE, text, dry_run=True, output="LINES", wrapmode=_wrapping())
        assert isinstance(broken, list)
        return broken

    def _height(self, columns: Sequence[Column], row: Sequence[str]) -> float:
        texts = map(self._printable, row)
        return max(len(self._lines(column, text)) for column, text in zip(columns, texts, strict=True)) * LINE + 2

    def _row(
        self,
        columns: Sequence[Column],
        row: Sequence[str],
        shaded: tuple[int, ...] = (),
        heavy: bool = False,
    ) -> None:
        texts = [self._printable(text) for text in row]
        top, left = self.get_y(), MARGIN
        height = self._height(columns, texts)
        for index, (column, text) in enumerate(zip(columns, texts, strict=True)):
            self.set_fill_color(_SHADE)
            self.rect(left, top, column.width, height, style="DF" if index in shaded else "D")
            lines = self._lines(column, text)
            for number, line in enumerate(lines):
                self.set_xy(left, top + (height - len(lines) * LINE) / 2 + number * LINE)
                self._fitted(column.width, LINE, line, 9, column.align, heavy=heavy)
            left += column.width
        self.set_y(top + height)

    def proof_block(self, code: str, lines: Sequence[str], size: float = 34.0) -> None:
        """A QR code holding `code` on the left and lines of text beside it."""
        self.room_for(size + 4)
        self.ln(2)
        top = self.get_y()
        self._qr(code, MARGIN, top, size)
        for number, text in enumerate(lines):
            self.set_xy(MARGIN + size + 4, top + number * LINE)
            self._fitted(WIDTH - size - 4, LINE, text, 8.5, "L")
        self.set_y(top + max(size, len(lines) * LINE) + 2)

    def _qr(self, text: str, left: float, top: float, size: float) -> None:
        """Drawn as black runs of squares, so that it stays sharp at any size; the quiet zone of 4 modules is inside."""
        matrix = segno.make(text, error="m", micro=False).matrix
        module = size / (len(matrix) + 2 * _QUIET)
        self.set_fill_color(0)
        for y, row in enumerate(matrix):
            for x, length in _runs(row):
                self.rect(left + (x + _QUIET) * module, top + (y + _QUIET) * module, length * module, module, style="F")

    def signatures(self, labels: Sequence[str]) -> None:
        """Places to sign or stamp by hand, side by side."""
        self.room_for(3 * LINE)
        self.ln(3)
        width, top = WIDTH / len(labels), self.get_y()
        for index, text in enumerate(labels):
            self.set_xy(MARGIN + index * width, top)
            self._fitted(width, LINE, text, 9, "L")
        self.set_y(top + 2 * LINE)

    def seal_box(self, lines: Sequence[str]) -> tuple[int, tuple[float, float, float, float]]:
        """The place of an electronic signature, on the right; page from 0 and rectangle in points from below left."""
        width, height = 92.0, (len(lines) + 0.8) * LINE
        self.room_for(height + 3)
        self.ln(2)
        left, top = MARGIN + WIDTH - width, self.get_y()
        with self.local_context():
            self.set_draw_color(*_WARNING)
            self.set_text_color(*_WARNING)
            for inset, thick in ((0.0, 0.6), (1.0, 0.2)):
                self.set_line_width(thick)
                self.rect(left + inset, top + inset, width - 2 * inset, height - 2 * inset, style="D")
            for number, text in enumerate(lines):
                self.set_xy(left + 2, top + 0.4 * LINE + number * LINE)
                self._fitted(width - 4, LINE, text, 9, "C" if number == 0 else "L")
        self.set_text_color(_INK)
        self.set_y(top + height + 1)
        sides = (left, 297.0 - top - height, left + width, 297.0 - top)
        return self.page_no() - 1, (sides[0] * _POINTS, sides[1] * _POINTS, sides[2] * _POINTS, sides[3] * _POINTS)

    def note(self, text: str) -> None:
        """A paragraph of small print."""
        self.ln(1)
        self.room_for(3 * LINE)
        self.set_font("main", size=8)
        self.set_x(MARGIN)
        self.multi_cell(
            WIDTH, 4.2, self._printable(text), align="L", new_x="LMARGIN", new_y="NEXT", wrapmode=_wrapping()
        )

    def finished(self) -> bytes:
        """The PDF."""
        return bytes(self.output())


def _wrapping() -> WrapMode:
    """Chinese lines break after any character, English ones between words."""
    return WrapMode.CHAR if language() == "zh" else WrapMode.WORD


def _runs(row: bytes | bytearray) -> list[tuple[int, int]]:
    """(start, length) of every run of dark modules."""
    runs: list[tuple[int, int]] = []
    for x, dark in enumerate(row):
        if not dark:
            continue
        if runs and sum(runs[-1]) == x:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        else:
            runs.append((x, 1))
    return runs
