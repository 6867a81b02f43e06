"""How a sheet is laid out, for somebody who matches its columns to fields by eye: `outline`."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from unitclient.catalog.cells import cell_text
from unitclient.catalog.headers import normal_header
from unitclient.catalog.model import Form
from unitclient.errors import UserError
from unitclient.sheets.cells import column_letter
from unitclient.sheets.header import Header, Matcher, find_header, header_at, likely_header, note_labels
from unitclient.sheets.model import Cell
from unitclient.sheets.reader import TOP_ROWS, lacking_titles, own_sheets
from unitclient.sheets.source import Loaded, Source, open_source

_SAMPLES = 3
_LONGEST = 40


@dataclass(frozen=True, slots=True)
class Title:
    """One column: its letters, its title as the sheet has it ("" when it has none), and its first values."""

    letters: str
    label: str
    samples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outline:
    """One sheet of a file.

    `sheets` are the names of all sheets that can be read, `header_rows` the 1-based first and last header row,
    `columns` what the titles say (letters by field name), `recognised` whether the header was found by its titles,
    `rows` the number of rows below the header, `layout` the digest of the titles: equal for files of one kind.
    """

    sheets: tuple[str, ...]
    sheet: str
    header_rows: tuple[int, int]
    recognised: bool
    titles: tuple[Title, ...]
    columns: dict[str, str]
    rows: int
    layout: str


def outline(path: Path, form: Form, *, sheet: str | None = None, header_rows: tuple[int, int] | None = None) -> Outline:
    """Look at a file: at `sheet`, or the first one with a header for `form`, or else the first with anything in it.

    UserError as `open_source` does, sheet-no-rows for a file without anything, sheet-other-layout for a sheet or
    header rows that are not there.
    """
    source = open_source(path)
    matcher = Matcher(form)
    seen: tuple[str, list[Sequence[Cell]], Loaded, Header | None] | None = None
    for name, load in source.sheets:
        if sheet is not None and name != sheet:
            continue
        loaded = load()
        top = list(islice(loaded.rows, TOP_ROWS))
        found = find_header(top, matcher, loaded.merges)
        if (seen is None or found is not None) and _holds(top) and name not in own_sheets():
            seen = (name, top, loaded, found)
        if found is not None:
            break
    if seen is None:
        raise UserError("sheet-other-layout", missing=sheet) if sheet is not None else UserError("sheet-no-rows")
    return _outline(source, *seen, matcher, header_rows)


def best_form(path: Path, forms: Sequence[Form]) -> Form | None:
    """The form that a file's titles fit best: fewest required columns lacking, then most columns named.

    None when no sheet has a header of any of them. UserError as `open_source` does.
    """
    best: tuple[tuple[int, int], Form] | None = None
    matchers = [(form, Matcher(form)) for form in forms]
    for name, load in open_source(path).sheets:
        if name in own_sheets():
            continue
        loaded = load()
        top = list(islice(loaded.rows, TOP_ROWS))
        for form, matcher in matchers:
            found = find_header(top, matcher, loaded.merges)
            if found is not None:
                score = (len(lacking_titles(form, found.mapping)), -len(found.mapping))
                best = (score, form) if best is None or score < best[0] else best
    return None if best is None else best[1]


def _holds(top: Sequence[Sequence[Cell]]) -> bool:
    return any(cell not in ("", None) for row in top for cell in row)


def _outline(
    source: Source,
    name: str,
    top: list[Sequence[Cell]],
    loaded: Loaded,
    found: Header | None,
    matcher: Matcher,
    header_rows: tuple[int, int] | None,
) -> Outline:
    if header_rows is not None:
        first, last = header_rows
        if not 1 <= first <= last <= len(top):
            raise UserError("sheet-other-layout", missing=f"{first}-{last}")
        header = header_at(top, first - 1, last - 1, matcher, loaded.merges)
    else:
        row = likely_header(top)
        header = found or header_at(top, row, row, matcher, loaded.merges)
    below = top[header.last + 1 :]
    return Outline(
        sheets=tuple(each for each, _load in source.sheets if each not in own_sheets()),
        sheet=name,
        header_rows=(header.first + 1, header.last + 1),
        recognised=found is not None,
        titles=_titles(header, below, max(map(len, top))),
        columns={field: column_letter(index) for field, index in header.mapping.items()},
        rows=len(below) + sum(1 for _row in loaded.rows),
        layout=layout_digest(header.labels),
    )


def _titles(header: Header, below: Sequence[Sequence[Cell]], width: int) -> tuple[Title, ...]:
    labels, notes = (*header.labels, *[""] * (width - len(header.labels))), note_labels()
    made = [
        Title(column_letter(index), labels[index], _samples(below, index))
        for index in range(width)
        if normal_header(labels[index]) not in notes
    ]
    return tuple(title for title in made if title.label or title.samples)


def _samples(rows: Sequence[Sequence[Cell]], index: int) -> tuple[str, ...]:
    cells = (row[index] for row in rows if index < len(row))
    return tuple(islice((cell_text(cell)[:_LONGEST] for cell in cells if cell not in ("", None)), _SAMPLES))


def layout_digest(labels: Sequence[str]) -> str:
    """What tells one kind of file from another: its titles in their order, made comparable. 32 hex digits.

    The notes of an error workbook do not count: the file that comes back mended is of the same kind.
    """
    titles, notes = [normal_header(label) for label in labels], note_labels()
    text = "\n".join(title for title in titles if title not in notes).rstrip("\n")
    return hashlib.sha256(text.encode()).hexdigest()[:32]
