"""Reading single rows of a file a second time, exactly as they were read before."""

from __future__ import annotations

from collections.abc import Collection
from itertools import islice
from pathlib import Path

from unitclient.errors import UserError
from unitclient.sheets.model import SheetRead, SourceRow
from unitclient.sheets.people import People
from unitclient.sheets.source import open_source


def rows_by_number(path: Path, read: SheetRead, numbers: Collection[int]) -> dict[int, SourceRow]:
    """The rows with these numbers. UserError sheet-changed when the file is no longer the one that was read."""
    source = open_source(path)
    if source.digest != read.digest:
        raise UserError("sheet-changed", path=path)
    loaded = next(load for name, load in source.sheets if name == read.sheet)()
    depth = len(read.layout.head)
    people = People(read.layout, loaded.marks, read.sheet, [])
    wanted = set(numbers)
    return {row.number: row for row in people.walk(islice(loaded.rows, depth, None), depth + 1) if row.number in wanted}
