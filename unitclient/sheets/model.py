"""What a read sheet is made of: rows with their cells as typed, and what the reader noticed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import NamedTuple

from unitclient.domain.findings import Finding

Cell = str | int | float | bool | date | datetime | time | timedelta | None
"""A raw cell: the typed value, a formula's cached value; "" or None is an empty cell."""


class ErrorCell(str):
    """The text of an error value such as #DIV/0!, kept apart from a text that merely looks like one."""

    __slots__ = ()


Merge = tuple[tuple[int, int], tuple[int, int]]
"""A merged range: (first row, first column), (last row, last column), all counted from 0."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """How somebody said a sheet is to be read, where the program would read it otherwise, or not at all.

    `columns` are the column letters by field name and the whole matching: a field that is not in it has no column.
    `header_rows` are the 1-based first and last header row; None has them found. `sheet` None takes the first sheet
    with a header.
    """

    columns: Mapping[str, str]
    sheet: str | None = None
    header_rows: tuple[int, int] | None = None


class SourceRow(NamedTuple):
    """One row with a person's data.

    `number` is the row as spreadsheet programs show it (from 1), `values` the mapped cells by field name, `findings`
    what is wrong with single cells already (NUMBER_ID, CELL_ERROR, FORMULA_NO_VALUE), `cells` the whole row as typed.
    """

    number: int
    values: dict[str, Cell]
    findings: tuple[Finding, ...]
    cells: Sequence[Cell]


class RefusedRow(NamedTuple):
    """A row that goes back to the clerk, with what is wrong. Without `row` the source file is read again for it."""

    number: int
    findings: Sequence[Finding]
    row: SourceRow | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """One mapped column: its 0-based index, the field's name, the title as the sheet has it, whether it holds IDs."""

    index: int
    field: str
    label: str
    is_id: bool


@dataclass(frozen=True, slots=True)
class Layout:
    """How the sheet is laid out: everything above the data, which columns are mapped, which hold our own notes."""

    head: tuple[tuple[Cell, ...], ...]
    first_header: int
    """0-based row of the first header row; the head ends with the last one."""
    columns: tuple[Column, ...]
    key: Column
    """The column that tells a person's row: without it and without other content a row is nobody's."""
    note_columns: frozenset[int]
    merges: tuple[Merge, ...]
    width: int


@dataclass(slots=True)
class SheetRead:
    """A sheet being read. `rows` can be walked once; `findings` is complete when it is at its end.

    `header_rows` are the 1-based first and last header row, `columns` the column letters by field name,
    `unknown_columns` the titles that no field claims, `digest` the SHA-256 of the file in hex.
    """

    path: Path
    sheet: str
    header_rows: tuple[int, int]
    columns: dict[str, str]
    unknown_columns: tuple[str, ...]
    rows: Iterator[SourceRow]
    digest: str
    layout: Layout
    findings: list[Finding] = field(default_factory=list)
