"""PagedTableModel: 100,000 rows by an ordered array of ids and pages of 256 rows read when they are looked at.

Sorting and filtering are the source's (SQL); the model holds eight bytes a row and the last few pages.
"""

from __future__ import annotations

from array import array
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from PyQt6.QtCore import QObject, Qt, pyqtSignal

from unitclient.desktop.models.columns import ColumnSpec
from unitclient.desktop.models.rows import Ask, Order, QuerySpec, RowSource
from unitclient.desktop.models.table_model import Shown, TableModel

PAGE = 256
KEPT = 8


class PagedTableModel(TableModel):
    """A table over a RowSource. `ask` has a query answered elsewhere; without it the source answers at once."""

    listed = pyqtSignal(int)
    """A query was answered: the number of rows now listed."""

    def __init__(
        self, columns: Sequence[ColumnSpec], source: RowSource, ask: Ask | None = None, parent: QObject | None = None
    ) -> None:
        super().__init__(columns, parent)
        self.source = source
        self.query = QuerySpec()
        self.misses = 0
        """Pages read so far."""
        self._ask: Ask = ask or (lambda query, done: done(self.source.ids(query)))
        self._ids: array[int] = array("q")
        self._asked = 0
        self._pages: OrderedDict[int, list[Shown]] = OrderedDict()

    def count(self) -> int:
        """How many rows are listed."""
        return len(self._ids)

    def ids(self) -> array[int]:
        """Ids of the rows listed, in order. Not to be changed."""
        return self._ids

    def ids_of(self, spans: Iterable[tuple[int, int]]) -> array[int]:
        """Ids of the rows in spans (first, last)."""
        found: array[int] = array("q")
        for first, last in spans:
            found.extend(self._ids[first : last + 1])
        return found

    def key_at(self, row: int) -> object:
        """The id of a row."""
        return self._ids[row] if 0 <= row < len(self._ids) else None

    def row_of(self, key: object) -> int:
        """The place of an id, or -1."""
        try:
            return self._ids.index(key) if isinstance(key, int) else -1
        except ValueError:
            return -1

    def set_query(self, query: QuerySpec) -> None:
        """List what a query finds. Answers of earlier queries that come late are dropped."""
        self.query = query
        self._asked += 1
        number = self._asked
        self._ask(query, lambda ids: self._take(ids, number))

    def refresh(self) -> None:
        """Ask again: rows may have come, gone or changed."""
        self.set_query(self.query)

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; -1 is the order of the source."""
        wanted = Order(self.columns[column].key, order == Qt.SortOrder.DescendingOrder) if column >= 0 else None
        if wanted is not None and not self.columns[column].sortable:
            return
        if wanted != self.query.order:
            self.set_query(replace(self.query, order=wanted))

    def reread(self) -> None:
        """Read again what is visible; the list and its order stay, so that an edited row does not jump away."""
        self.rewrite()

    def shown(self, row: int) -> Shown | None:
        """The row at a place, read with its whole page."""
        if not 0 <= row < len(self._ids):
            return None
        number = row // PAGE
        page = self._pages.get(number)
        if page is None:
            page = self._read(number)
        return page[row - number * PAGE]

    def _read(self, number: int) -> list[Shown]:
        self.misses += 1
        ids = self._ids[number * PAGE : (number + 1) * PAGE]
        page = [self.write(row, key) for row, key in zip(self.source.rows(ids), ids, strict=True)]
        self._pages[number] = page
        while len(self._pages) > KEPT:
            self._pages.popitem(last=False)
        return page

    def _forget(self) -> None:
        self._pages.clear()

    def _take(self, ids: array[int], number: int) -> None:
        if number != self._asked:
            return
        self.beginResetModel()
        self._ids = ids
        self._pages.clear()
        self.endResetModel()
        self.listed.emit(len(ids))
