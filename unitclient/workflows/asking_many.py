"""One query asked for every row of a workbook: the columns are the query's inputs, by their titles or names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from unitclient.catalog.cells import cell_text
from unitclient.catalog.loader import Catalog
from unitclient.catalog.said import answer_in_words
from unitclient.catalog.services import Service
from unitclient.errors import UserError
from unitclient.sheets.source import open_source
from unitclient.sheets.table import write_table
from unitclient.store.units import Unit
from unitclient.texts import error_texts, say
from unitclient.workflows.asking import ask, services
from unitclient.workflows.desk import Count, Desk, no_count

_LOOKED_AT = 10
"""So many first rows may stand above the titles."""


@dataclass(frozen=True, slots=True)
class AskedRow:
    """One row of the workbook: what was asked, the answer's rows, and why there is none ("" when there is)."""

    number: int
    inputs: Mapping[str, str]
    rows: tuple[Mapping[str, Any], ...]
    refusal: str


def ask_many(desk: Desk, unit: Unit, query: str, path: Path, count: Count = no_count) -> list[AskedRow]:
    """Ask for every row; a row that cannot be asked does not stop the others.

    UserError query-unknown, query-sheet-titles where no row has the titles of the required inputs; those of reading.
    """
    service = services().get(query)
    if service is None:
        raise UserError("query-unknown", query=query, known=", ".join(services()))
    questions = list(_questions(service, path))
    found = []
    for place, (number, inputs) in enumerate(questions):
        count(place, len(questions))
        found.append(_ask_one(desk, unit, query, number, inputs))
    count(len(questions), len(questions))
    return found


def write_answers(catalog: Catalog, query: str, asked: Sequence[AskedRow], out: Path) -> None:
    """The answers as a workbook, in words: the row asked for, the query's columns, and why a row has no answer."""
    service = services()[query]
    titles = (str(service.titles[name]) for name in service.columns)
    headers = [say("query-row"), *titles, say("query-why")]
    lines = [
        [one.number, *(_cell(name, row.get(name)) for name in service.columns), one.refusal]
        for one in asked
        for row in (tuple(answer_in_words(service, row, catalog) for row in one.rows) or ({},))
    ]
    write_table(out, str(service.title), headers, lines)


def _cell(name: str, value: Any) -> str | int | float | None:
    if isinstance(value, int) and name.endswith("_fen"):
        return f"{value // 100}.{value % 100:02d}"
    return value if isinstance(value, str | int) else None


def _ask_one(desk: Desk, unit: Unit, query: str, number: int, inputs: Mapping[str, str]) -> AskedRow:
    try:
        answer = ask(desk, unit, query, inputs).answer
    except UserError as refusal:
        return AskedRow(number, inputs, (), error_texts(refusal.code, refusal.params).why)
    return AskedRow(number, inputs, answer.rows, "")


def _questions(service: Service, path: Path) -> Iterable[tuple[int, dict[str, str]]]:
    """(row number, inputs) of every row below the titles that holds something."""
    lines = _lines(path)
    titles = {word: one.name for one in service.inputs for word in (one.name, one.title.zh, one.title.en)}
    required = {one.name for one in service.inputs if one.required}
    for place, line in enumerate(lines[:_LOOKED_AT]):
        columns = {index: titles[cell] for index, cell in enumerate(line) if cell in titles}
        if columns and required <= set(columns.values()):
            below = enumerate(lines[place + 1 :], place + 2)
            return [(number, {columns[index]: row[index] for index in columns if index < len(row) and row[index]})
                    for number, row in below if any(row)]  # fmt: skip
    wanted = "、".join(str(one.title) for one in service.inputs if one.required)
    raise UserError("query-sheet-titles", path=path.name, wanted=wanted)


def _lines(path: Path) -> list[list[str]]:
    """The first sheet's cells as texts."""
    _name, load = open_source(path).sheets[0]
    return [[cell_text(cell) for cell in row] for row in load().rows]
