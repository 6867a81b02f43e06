"""Columns and rows of made-up people for tests of models and tables."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import Any

from pytestqt.qtbot import QtBot

from unitclient.desktop.models.columns import ColumnSpec, Kind
from unitclient.desktop.models.rows import MARKS, Mark, QuerySpec, RowData
from unitclient.desktop.theme.tokens import State

COLUMNS = (
    ColumnSpec("name", "d-roster-name", width=10),
    ColumnSpec("id_number", "d-roster-id", Kind.ID, width=20, sensitive=True),
    ColumnSpec("state", "d-roster-state", Kind.STATE, width=8),
    ColumnSpec("wage", "d-roster-wage", Kind.MONEY, sensitive=True, editable=True),
    ColumnSpec("remark", "d-roster-department", sortable=False),
)
WRONG = 7
"""The number of the row that is marked."""


def row(number: int) -> dict[str, Any]:
    """A person by number."""
    marks = {"wage": Mark(State.ERR, ("低于下限。", "请核对。"))} if number == WRONG else {}
    return {
        "id": number,
        "name": f"张测{number}",
        "id_number": f"1100001990010{number:05d}",
        "state": "在保",
        "wage": 500_000 + (number * 7919) % 10_000,
        "remark": None,
        MARKS: {"state": Mark(State.OK), **marks},
    }


def hand(qtbot: QtBot) -> Any:
    """The bot's keys and mouse, which have no types."""
    return qtbot


class MemorySource:
    """A RowSource over a list, which counts what it is asked."""

    def __init__(self, count: int) -> None:
        self.all = [row(number) for number in range(count)]
        self.asked: list[QuerySpec] = []
        self.reads = 0

    def ids(self, query: QuerySpec) -> array[int]:
        """See RowSource."""
        self.asked.append(query)
        found = [one for one in self.all if query.text in one["name"]]
        if query.order is not None:
            column = query.order.column
            found.sort(key=lambda one: one[column], reverse=query.order.descending)
        return array("q", [one["id"] for one in found])

    def rows(self, ids: Sequence[int]) -> list[RowData]:
        """See RowSource."""
        self.reads += 1
        return [self.all[number] for number in ids]

    def counts(self, query: QuerySpec) -> dict[str, int]:
        """See RowSource."""
        return {"state:all": len(self.ids(query))}
