"""The workbooks that are measured: one sample of staff, as this program, openpyxl and spreadsheet programs write it."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from pathlib import Path

from python_calamine import CalamineWorkbook

from unitclient.domain.period import Period
from unitclient.sheets.sample import make_sample

PERIOD = Period(2026, 11)
WRONG_EVERY = 25
"""In the kind `wrong` every so many rows are wrong, as in the sample of the practice month."""
_SHEET, _SHARED = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
_INLINE = re.compile(rb't="inlineStr"><is><t(?: xml:space="preserve")?>([^<]*)</t></is></c>')
_MAIN = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATION = (
    b'<Relationship Id="rIdS" Target="sharedStrings.xml" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
    b'relationships/sharedStrings"/></Relationships>'
)
_CONTENT_TYPE = (
    b'<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    b'spreadsheetml.sharedStrings+xml"/></Types>'
)


def make(kind: str, out: Path, rows: int) -> None:
    """Write a workbook of `rows` people in 25 columns; nothing is done when it is there already."""
    if not out.exists():
        draft = out.with_suffix(".part.xlsx")
        KINDS[kind](draft, rows)
        draft.rename(out)


def _sample(out: Path, rows: int) -> None:
    make_sample(out, rows, seed=1, period=PERIOD, wrong_every=0)


def _wrong(out: Path, rows: int) -> None:
    make_sample(out, rows, seed=1, period=PERIOD, wrong_every=WRONG_EVERY)


def _openpyxl(out: Path, rows: int) -> None:
    """The same cells written by openpyxl."""
    from openpyxl import Workbook

    _sample(out, rows)
    book = Workbook(write_only=True)
    sheet = book.create_sheet("花名册")
    for row in CalamineWorkbook.from_path(out).get_sheet_by_index(0).iter_rows():
        sheet.append([None if cell == "" else cell for cell in row])
    book.save(out)


def _shared(out: Path, rows: int) -> None:
    """The sample with its texts in a table of their own, as Excel, WPS and LibreOffice save them."""
    _sample(out, rows)
    with zipfile.ZipFile(out) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    index: dict[bytes, int] = {}

    def number(text: re.Match[bytes]) -> bytes:
        return b't="s"><v>%d</v></c>' % index.setdefault(text[1], len(index))

    parts[_SHEET] = _INLINE.sub(number, parts[_SHEET])
    texts = b"".join(b'<si><t xml:space="preserve">%s</t></si>' % text for text in index)
    parts[_SHARED] = b'<?xml version="1.0" encoding="UTF-8"?>\n<sst xmlns="%s">%s</sst>' % (_MAIN, texts)
    _replace_end(parts, "xl/_rels/workbook.xml.rels", b"</Relationships>", _RELATION)
    _replace_end(parts, "[Content_Types].xml", b"</Types>", _CONTENT_TYPE)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


def _replace_end(parts: dict[str, bytes], name: str, end: bytes, more: bytes) -> None:
    parts[name] = parts[name].replace(end, more)


KINDS: dict[str, Callable[[Path, int], None]] = {
    "sample": _sample,
    "openpyxl": _openpyxl,
    "shared": _shared,
    "wrong": _wrong,
}
"""sample: inline texts, as this program writes. openpyxl: the same cells by openpyxl. shared: texts in a shared table.
wrong: the sample with every 25th row wrong, so that an error workbook is written too."""
