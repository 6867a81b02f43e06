"""Export of everything a unit has here to a folder (a USB stick): workbooks, the centre's signed documents, an index.

The folder is made under another name and gets its own when everything in it is written, so that half an export never
looks like a whole one; nothing that is there already is touched.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from itertools import chain, islice
from pathlib import Path
from typing import Any

from unitclient.clock import CHINA
from unitclient.drafts import scratch
from unitclient.errors import UserError
from unitclient.sheets.xlsx_out import Style, StyledCell, XlsxWriter
from unitclient.store.documents import StoredDocument, document_refs, get_document
from unitclient.store.overview import briefs
from unitclient.store.units import Unit
from unitclient.texts import catalogue, say
from unitclient.workflows.asking import may_see_persons
from unitclient.workflows.desk import Count, Desk, no_count, unhindered
from unitclient.workflows.export_books import Book, Cells, Sheet, Span, books
from unitclient.workflows.rights import needs, operator_name

INDEX = "index.json"
MOST_ROWS = 1_000_000
"""Rows of one sheet; spreadsheet programs end at 1,048,576."""
_EXPORT = "unitclient-export"
"""What the folder is called while it is being written."""
_TOLD_EVERY = 1000
_UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f]')
"""What the file systems of USB sticks take in no name."""


@dataclass(frozen=True, slots=True)
class ExportedFile:
    """One file of an export. `path` is inside the folder, with "/"; `rows` is 0 where there are none to count.

    `what` is roster, declarations, contributions, bills, register:<name>, document:<kind>, signature or index.
    """

    path: str
    what: str
    title: str
    rows: int
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Exported:
    """A finished export: its folder, and every file in it but the JSON index."""

    folder: Path
    files: tuple[ExportedFile, ...]

    def documents(self) -> int:
        """How many signed documents of the centre are in it."""
        return sum(one.what.startswith("document:") for one in self.files)


@needs("export")
def export_data(desk: Desk, unit: Unit, folder: Path, span: Span | None = None, count: Count = no_count) -> Exported:
    """Write an export of the unit into a new folder inside `folder`. The journal says that it was done, and by whom.

    `span` narrows declarations, contributions, bills and the documents about them; roster and registers are as of now.
    UserErrors export-no-right, export-span, export-unwritable; Cancelled out of `count` leaves nothing behind.
    """
    months = span or Span()
    if not may_see_persons(desk, unit):
        raise UserError("export-no-right", operator=operator_name(desk.store, unit))
    if months.since and months.until and months.until < months.since:
        raise UserError("export-span", since=months.since, until=months.until)
    with _new_folder(desk, unit, folder) as made:
        part, final = made
        with unhindered(), desk.store.read():
            files = [*_workbooks(desk, unit, months, part, count), *_documents(desk, unit, months, part, count)]
        files.append(_index_workbook(part, files))
        _index_json(desk, unit, months, part, files)
        detail = {"files": len(files) + 1, "rows": sum(one.rows for one in files), **_told(months)}
        # The journal first: should the power fail between the two, it names data that never left, not the other way.
        with desk.store.write("data.export", subject=unit.unit_number, detail=detail):
            pass
        part.rename(final)
    return Exported(final, tuple(files))


@contextmanager
def _new_folder(desk: Desk, unit: Unit, folder: Path) -> Iterator[tuple[Path, Path]]:
    """(where to write, what it is called in the end); what was written is taken away again when it is not finished."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        stamp = desk.now().astimezone(CHINA)
        with scratch(folder, _EXPORT) as made:
            name = say("export-folder", number=unit.unit_number, at=f"{stamp:%Y%m%d-%H%M%S}")
            yield made, _free_name(folder, name)
    except OSError as failure:
        reason = failure.strerror or type(failure).__name__
        raise UserError("export-unwritable", path=folder, reason=reason) from failure


def _free_name(folder: Path, name: str) -> Path:
    """A folder of that name that nobody has, with a number behind it where one is needed."""
    name = _UNSAFE.sub("_", name)
    found, number = folder / name, 1
    while found.exists():
        number += 1
        found = folder / f"{name}-{number}"
    return found


def _workbooks(desk: Desk, unit: Unit, span: Span, part: Path, count: Count) -> Iterator[ExportedFile]:
    for number, book in enumerate(books(desk, unit, span), 1):
        count(number, 0)
        path = part / book.folder / f"{_UNSAFE.sub('_', book.title)}.xlsx"
        rows = _write_book(path, book, count)
        yield _listed(part, path, book.what, book.title, rows)


def _write_book(path: Path, book: Book, count: Count = no_count) -> int:
    """Write a workbook; how many rows it has. `count` hears of them, and may stop it."""
    tally = [0]

    def lines(sheet: Sheet) -> Iterator[Cells]:
        yield [StyledCell(head, Style.HEADER) for head in sheet.heads]
        for row in sheet.rows:
            tally[0] += 1
            if tally[0] % _TOLD_EVERY == 0:
                count(tally[0], 0)
            yield row

    with XlsxWriter(path) as writer:
        for sheet in chain.from_iterable(map(_parts, book.sheets)):
            widths = [max(14.0, 2.2 * len(head)) for head in sheet.heads]
            writer.sheet(sheet.title, lines(sheet), widths=widths, frozen_rows=1)
    return tally[0]


def _parts(sheet: Sheet) -> Iterator[Sheet]:
    """A sheet as often as its rows need it: each part is to be written before the next is asked for."""
    rows = iter(sheet.rows)
    more = True
    while more:
        yield Sheet(sheet.title, sheet.heads, islice(rows, MOST_ROWS))
        following = list(islice(rows, 1))
        rows, more = chain(following, rows), bool(following)


def _documents(desk: Desk, unit: Unit, span: Span, part: Path, count: Count) -> Iterator[ExportedFile]:
    """The signed documents byte for byte, each with its signature beside: `verify` takes them, and so does openssl."""
    months = {one.id: one.period for one in briefs(desk.store, unit.unit_number)}
    refs = document_refs(desk.store, unit.unit_number)
    for number, ref in enumerate(refs, 1):
        count(number, len(refs))
        document = get_document(desk.store, unit.unit_number, ref)
        if document is None or not span.holds(_month(document, months)):
            continue
        kind = re.sub(r"[^a-z0-9-]", "_", document.kind)
        # The centre's own name for it stays out of the file's: it may hold what is no file name.
        path = part / say("export-documents") / kind / f"{number:06d}-{kind}-{document.sha256[:12]}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(document.document)
        signature = path.with_name(f"{path.name}.p7s")
        signature.write_bytes(document.cms)
        yield _listed(part, path, f"document:{document.kind}", _kind_title(document.kind))
        yield _listed(part, signature, "signature", say("export-signature"))


def _month(document: StoredDocument, months: Mapping[str, str]) -> str:
    """The month of the declaration that a document is about, else the month in which it came."""
    of_declaration = months.get(document.submission_id or "")
    if of_declaration:
        return of_declaration
    return f"{document.received_at.astimezone(CHINA):%Y-%m}" if document.received_at else ""


def _kind_title(kind: str) -> str:
    key = f"export-document-{kind}"
    return say(key) if key in catalogue()["text"] else kind


def _listed(part: Path, path: Path, what: str, title: str, rows: int = 0) -> ExportedFile:
    """A file as it stands in the index: read again from where it was written to."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return ExportedFile(path.relative_to(part).as_posix(), what, title, rows, path.stat().st_size, digest)


def _index_workbook(part: Path, files: list[ExportedFile]) -> ExportedFile:
    heads = tuple(map(say, ("export-file", "export-title", "export-rows", "export-bytes", "export-sha256")))
    rows: list[Cells] = [[one.path, one.title, one.rows or None, one.bytes, one.sha256] for one in files]
    path = part / f"{say('export-index')}.xlsx"
    _write_book(path, Book("index", say("export-index"), (Sheet(say("export-index"), heads, rows),)))
    return _listed(part, path, "index", say("export-index"), len(rows))


def _index_json(desk: Desk, unit: Unit, span: Span, part: Path, files: list[ExportedFile]) -> None:
    told: dict[str, Any] = {
        "unit_number": unit.unit_number,
        "uscc": unit.uscc,
        "name": unit.name,
        "practice": unit.practice,
        "operator": operator_name(desk.store, unit),
        "made_at": desk.now().astimezone(CHINA).isoformat(timespec="seconds"),
        **_told(span),
        "files": [asdict(one) for one in files],
    }
    (part / INDEX).write_text(json.dumps(told, ensure_ascii=False, indent=1), "utf-8")


def _told(span: Span) -> dict[str, str | None]:
    return {side: str(month) if month else None for side, month in (("since", span.since), ("until", span.until))}
