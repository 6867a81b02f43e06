"""ListTableModel: a small table whose rows are all in memory (a queue, a list of declarations)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from PyQt6.QtCore import QObject, Qt, pyqtSignal

from unitclient.desktop.models.columns import ColumnSpec
from unitclient.desktop.models.rows import Order, RowData
from unitclient.desktop.models.table_model import Shown, TableModel


class ListTableModel(TableModel):
    """Rows by a key, sorted and filtered in memory. `key` names the member that identifies a row."""

    listed = pyqtSignal(int)
    """The number of rows now listed."""

    def __init__(self, columns: Sequence[ColumnSpec], key: str = "id", parent: QObject | None = None) -> None:
        super().__init__(columns, parent)
        self._key = key
        self._all: list[RowData] = []
        self._rows: list[Shown] = []
        self._text = ""
        self._order: Order | None = None

    def set_rows(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Show these rows; order and filter stay. Rows that are the same as before change nothing on the screen."""
        wanted = list(rows)
        if wanted == self._all:
            return
        self._all = wanted
        self._list()

    def set_text(self, text: str) -> None:
        """List only rows that show this text somewhere (case does not count)."""
        self._text = text.strip().casefold()
        self._list()

    def row(self, place: int) -> RowData | None:
        """The row at a place."""
        return self._rows[place].row if 0 <= place < len(self._rows) else None

    def rows(self) -> list[RowData]:
        """The rows listed, in order."""
        return [shown.row for shown in self._rows]

    def count(self) -> int:
        """How many rows are listed."""
        return len(self._rows)

    def shown(self, row: int) -> Shown | None:
        """The row at a place, written out."""
        return self._rows[row] if 0 <= row < len(self._rows) else None

    def key_at(self, row: int) -> object:
        """The key of a row."""
        return self._rows[row].row.get(self._key) if 0 <= row < len(self._rows) else None

    def row_of(self, key: object) -> int:
        """The place of a key, or -1."""
        return next((place for place, shown in enumerate(self._rows) if shown.row.get(self._key) == key), -1)

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by the values of a column (rows without one last); -1 is the order in which they were given."""
        wanted = Order(self.columns[column].key, order == Qt.SortOrder.DescendingOrder) if column >= 0 else None
        if wanted != self._order:
            self._order = wanted
            self._list()

    def _list(self) -> None:
        self.beginResetModel()
        self._write_all()
        self.endResetModel()
        self.listed.emit(len(self._rows))

    def _write_all(self) -> None:
        rows = [row for row in self._all if not self._text or self._text in self._words(row)]
        self._rows = [self.write(row, row.get(self._key)) for row in self._sorted(rows)]

    def _words(self, row: RowData) -> str:
        """What a row says, hidden or not: masking changes how a row looks and not which rows are listed."""
        return "\n".join(column.text(row.get(column.key)) for column in self.columns).casefold()

    def _forget(self) -> None:
        self._write_all()

    def _sorted(self, rows: list[RowData]) -> list[RowData]:
        if self._order is None:
            return rows
        column = self.columns[self.places[self._order.column]]
        filled = [row for row in rows if row.get(column.key) is not None]
        empty = [row for row in rows if row.get(column.key) is None]
        filled.sort(key=lambda row: _sortable(row[column.key], column), reverse=self._order.descending)
        return filled + empty


def _sortable(value: Any, column: ColumnSpec) -> tuple[int, Any]:
    return (0, value) if isinstance(value, int) else (1, column.text(value))
