"""Plain tables out: a workbook, or a CSV file that spreadsheet programs open safely."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from io import StringIO
from pathlib import Path

from unitclient.domain.cell_text import safe_text
from unitclient.sheets.model import Cell
from unitclient.sheets.xlsx_out import Style, StyledCell, XlsxWriter


def write_table(
    out: Path,
    title: str,
    headers: Sequence[str],
    rows: Iterable[Sequence[Cell | StyledCell]],
    widths: Sequence[float] = (),
) -> None:
    """Write a title, a header and rows as .xlsx. Texts stay texts; IDs must be given as texts."""
    head: list[Sequence[Cell | StyledCell]] = [
        [StyledCell(title, Style.TITLE)],
        [StyledCell(header, Style.HEADER) for header in headers],
    ]

    def lines() -> Iterable[Sequence[Cell | StyledCell]]:
        yield from head
        yield from rows

    with XlsxWriter(out) as book:
        book.sheet(
            title,
            lines(),
            widths=widths or [max(12.0, 2.2 * len(header)) for header in headers],
            merges=[((0, 0), (0, len(headers) - 1))] if len(headers) > 1 else [],
            frozen_rows=2,
            heights={0: 28.0},
        )


def csv_bytes(headers: Sequence[str], rows: Iterable[Sequence[Cell]], encoding: str = "utf-8-sig") -> bytes:
    """A CSV table. Texts that would run as formulas get an apostrophe, which `read_sheet` takes off again.

    `encoding` is "utf-8-sig" (what spreadsheet programs recognise) or "gb18030" (what old bureau systems want).
    """
    from unitclient.domain.gb18030 import encode

    buffer = StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow([safe_text(header) for header in headers])
    for row in rows:
        writer.writerow([safe_text(cell) if isinstance(cell, str) else cell for cell in row])
    text = buffer.getvalue()
    return encode(text) if encoding == "gb18030" else text.encode(encoding)
