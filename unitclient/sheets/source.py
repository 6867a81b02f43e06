"""Opening a file: what it really is, whether it may be read, and its sheets. The extension is only a hint."""

from __future__ import annotations

import hashlib
import stat
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import cast

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from unitclient.domain.findings import Finding, Severity
from unitclient.errors import UserError
from unitclient.sheets import compound, limits, scan_ods, scan_xls, scan_xlsx
from unitclient.sheets.archive import Archive
from unitclient.sheets.marks import Marks
from unitclient.sheets.model import Cell, Merge
from unitclient.sheets.safe_xml import broken
from unitclient.sheets.text_file import looks_like_text, read_records

Rows = Iterator[Sequence[Cell]]
_EXTENSIONS = {
    "xlsx": (".xlsx", ".xlsm", ".xltx", ".xltm"),
    "xls": (".xls", ".xlt", ".et"),
    "ods": (".ods", ".ots"),
    "csv": (".csv", ".txt", ".tsv", ".prn"),
}
_KNOWN_OTHERS = {
    b"%PDF": "PDF",
    b"{\\rt": "RTF",
    b"Rar!": "RAR",
    b"7z\xbc\xaf": "7z",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
}
_MARKUP = (b"<html", b"<!doctype html", b"<table", b"<?xml", b"<meta")


@dataclass(slots=True)
class Loaded:
    """One sheet's rows (walked once), its merged ranges (None: the format does not tell) and its marks."""

    rows: Rows
    merges: tuple[Merge, ...] | None
    marks: Marks


@dataclass(slots=True)
class Source:
    """A file that may be read. `sheets` are the visible ones, in order, each with the function that loads it."""

    kind: str
    digest: str
    sheets: list[tuple[str, Callable[[], Loaded]]]
    findings: list[Finding] = field(default_factory=list)


def open_source(path: Path) -> Source:
    """Open a spreadsheet or text table.

    Raises UserError sheet-not-found, sheet-empty, sheet-too-big, sheet-unknown-type, sheet-encrypted, sheet-broken,
    sheet-bomb, sheet-xml-entities, sheet-too-large.
    """
    data = _read_bytes(path)
    kind = _kind(data, path)
    source = _OPENERS[kind](data, hashlib.sha256(data).hexdigest())
    if path.suffix.lower() not in _EXTENSIONS[source.kind]:
        source.findings.append(
            Finding("SHEET_EXTENSION", Severity.NOTICE, value=path.suffix, params={"kind": source.kind})
        )
    return source


def _read_bytes(path: Path) -> bytes:
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise UserError("sheet-not-readable", path=path, reason="not a file")
        if status.st_size > limits.MAX_FILE_BYTES:
            raise UserError("sheet-too-big", size=status.st_size // 1_000_000)
        data = path.read_bytes()
    except FileNotFoundError:
        raise UserError("sheet-not-found", path=path) from None
    except OSError as error:
        raise UserError("sheet-not-readable", path=path, reason=error.strerror) from None
    if not data.strip(b"\0\r\n\t "):
        raise UserError("sheet-empty")
    return data


def _kind(data: bytes, path: Path) -> str:
    if data.startswith(b"PK"):
        return "zip"
    if data.startswith(compound.SIGNATURE):
        return "ole"
    if data[:2] == b"\x09\x08" or data[:2] in (b"\x09\x00", b"\x09\x02", b"\x09\x04"):
        raise UserError("sheet-unknown-type", found="Excel 5 / 4 / 3")
    for start, name in _KNOWN_OTHERS.items():
        if data.startswith(start):
            raise UserError("sheet-unknown-type", found=name)
    if data[:512].lstrip(b"\xef\xbb\xbf\r\n\t ").lower().startswith(_MARKUP):
        raise UserError("sheet-unknown-type", found="HTML / XML")
    if not looks_like_text(data):
        is_sheet = any(path.suffix.lower() in known for known in _EXTENSIONS.values())
        raise broken("signature") if is_sheet else UserError("sheet-unknown-type", found=path.suffix or "?")
    return "text"


def _open_zip(data: bytes, digest: str) -> Source:
    archive = Archive(data)
    if "mimetype" in archive.entries and archive.read("mimetype").startswith(
        b"application/vnd.oasis.opendocument.spreadsheet"
    ):
        return _open_ods(archive, data, digest)
    if "xl/workbook.xml" in archive.entries:
        return _open_xlsx(archive, data, digest)
    if "xl/workbook.bin" in archive.entries:
        raise UserError("sheet-unknown-type", found="xlsb")
    raise UserError("sheet-unknown-type", found="zip")


def _open_xlsx(archive: Archive, data: bytes, digest: str) -> Source:
    parts = _sheet_parts(archive)
    archive.check_xml(leave=frozenset(parts.values()))
    workbook = _calamine(data)

    def load(name: str) -> Loaded:
        if name not in parts:
            raise broken(f"sheet {name}: no part")
        return _load(workbook, name, scan_xlsx.scan_sheet(archive, parts[name]))

    return Source("xlsx", digest, [(name, _later(load, name)) for name in _visible(workbook)])


def _sheet_parts(archive: Archive) -> dict[str, str]:
    """Part names of the worksheets by sheet name."""
    targets = {
        attributes.get("Id", ""): attributes.get("Target", "")
        for name, attributes in archive.elements("xl/_rels/workbook.xml.rels")
        if name == "Relationship"
    }
    parts = {}
    for name, attributes in archive.elements("xl/workbook.xml"):
        target = targets.get(attributes.get("id", ""), "")
        if name == "sheet" and target:
            parts[attributes.get("name", "")] = target[1:] if target.startswith("/") else f"xl/{target}"
    return parts


def _open_ods(archive: Archive, data: bytes, digest: str) -> Source:
    manifest = "META-INF/manifest.xml"
    if manifest in archive.entries and any(name == "encryption-data" for name, _ in archive.elements(manifest)):
        raise UserError("sheet-encrypted")
    archive.check_xml(leave=frozenset({"content.xml"}))
    tables = scan_ods.scan_content(archive)
    workbook = _calamine(data)
    marks = dict(zip(workbook.sheet_names, tables, strict=False))

    def load(name: str) -> Loaded:
        return _load(workbook, name, marks.get(name, Marks()))

    return Source("ods", digest, [(name, _later(load, name)) for name in _visible(workbook)])


def _open_ole(data: bytes, digest: str) -> Source:
    container = compound.Compound(data)
    if "EncryptedPackage" in container.streams or "EncryptionInfo" in container.streams:
        raise UserError("sheet-encrypted")
    name = next((name for name in ("Workbook", "Book") if name in container.streams), "")
    if not name:
        raise UserError("sheet-unknown-type", found="Word / OLE")
    stream = container.stream(name)
    # The library unrolls all sheets of an .xls at once, so all are looked at before.
    scanned = [scan_xls.scan_records(stream, offset) for offset in scan_xls.sheet_offsets(stream)]
    workbook = _calamine(data)
    marks = dict(zip(workbook.sheet_names, scanned, strict=False))

    def load(name: str) -> Loaded:
        return _load(workbook, name, marks.get(name, Marks()))

    return Source("xls", digest, [(name, _later(load, name)) for name in _visible(workbook)])


def _open_text(data: bytes, digest: str) -> Source:
    records = cast("list[Sequence[Cell]]", read_records(data))
    width = max(map(len, records), default=0)
    rows = (record if len(record) == width else [*record, *[""] * (width - len(record))] for record in records)
    return Source("csv", digest, [("", lambda: Loaded(rows, None, Marks()))])


_OPENERS: dict[str, Callable[[bytes, str], Source]] = {"zip": _open_zip, "ole": _open_ole, "text": _open_text}


def _later(load: Callable[[str], Loaded], name: str) -> Callable[[], Loaded]:
    return lambda: load(name)


@contextmanager
def _library() -> Iterator[None]:
    """What the reading library raises becomes the refusal, its panics too: those are no ordinary exceptions."""
    try:
        yield
    except PasswordError:
        raise UserError("sheet-encrypted") from None
    except CalamineError as error:
        raise broken(str(error)) from None
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise broken(str(error)) from None


def _calamine(data: bytes) -> CalamineWorkbook:
    with _library():
        return CalamineWorkbook.from_filelike(BytesIO(data))


def _visible(workbook: CalamineWorkbook) -> list[str]:
    return [
        sheet.name
        for sheet in workbook.sheets_metadata
        if sheet.visible == SheetVisibleEnum.Visible and sheet.typ == SheetTypeEnum.WorkSheet
    ]


def _load(workbook: CalamineWorkbook, name: str, marks: Marks) -> Loaded:
    with _library():
        sheet = workbook.get_sheet_by_name(name)
        merges = sheet.merged_cell_ranges
        # iter_rows begins with the empty rows above the data, but leaves out the empty columns before it.
        rows = cast("Rows", sheet.iter_rows())
        left = sheet.start[1] if sheet.start else 0
    if left:
        rows = _pushed(rows, left)
    return Loaded(rows, None if merges is None else tuple(merges), marks)


def _pushed(rows: Rows, left: int) -> Rows:
    margin: list[Cell] = [""] * left
    return ([*margin, *row] for row in rows)
