"""TableModel: what all tables share. Cells are written once per row; roles give text, state, reasons and help."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, cast

from PyQt6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt

from unitclient.desktop.models.columns import ColumnSpec
from unitclient.desktop.models.rows import Mark, RowData, marks_of
from unitclient.desktop.theme.delegates import ReasonRole, SignRole, StatusRole
from unitclient.texts import say

_Role = Qt.ItemDataRole
NOWHERE = QModelIndex()
Edit = Callable[[int, ColumnSpec, str], bool]
"""Takes a typed text: (row, column, text); whether it was taken."""


class Shown:
    """A row with its cells written out."""

    __slots__ = ("marks", "row", "texts")

    def __init__(self, row: RowData, texts: list[str]) -> None:
        self.row = row
        self.texts = texts
        self.marks = marks_of(row)

    def mark(self, key: str) -> Mark | None:
        """The mark of a cell."""
        return self.marks.get(key)


class TableModel(QAbstractTableModel):
    """Base of table models. A subclass gives rows by `shown` and knows a key for each."""

    def __init__(self, columns: Sequence[ColumnSpec], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self.places = {column.key: place for place, column in enumerate(self.columns)}
        self.edit: Edit | None = None
        self._masked = False
        self._revealed: set[tuple[object, str]] = set()
        self._alignments = [column.alignment() for column in self.columns]
        self._readers: dict[int, Callable[[Shown, int], Any]] = {
            _Role.DisplayRole.value: lambda shown, place: shown.texts[place],
            _Role.EditRole.value: self._typed,
            StatusRole: lambda shown, place: self._of_mark(shown, place, "state"),
            SignRole: lambda shown, place: self._of_mark(shown, place, "sign"),
            ReasonRole: lambda shown, place: list(self.reasons(shown, place)),
            _Role.ToolTipRole.value: lambda shown, place: "\n".join(self.reasons(shown, place)) or None,
            _Role.AccessibleTextRole.value: self.spoken,
        }

    def shown(self, row: int) -> Shown | None:
        """The row at a place, written out; None for a place that is not there."""
        raise NotImplementedError

    def key_at(self, row: int) -> object:
        """What identifies the row at a place, over sorting and filtering; None for no place."""
        raise NotImplementedError

    def row_of(self, key: object) -> int:
        """The place of a row by its key, or -1."""
        raise NotImplementedError

    def count(self) -> int:
        """How many rows are listed."""
        raise NotImplementedError

    def rowCount(self, parent: QModelIndex = NOWHERE) -> int:  # noqa: N802 - Qt's name
        """How many rows are listed."""
        return 0 if parent.isValid() else self.count()

    def columnCount(self, parent: QModelIndex = NOWHERE) -> int:  # noqa: N802 - Qt's name
        """How many columns there are, shown or not."""
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: QModelIndex, role: int = 0) -> Any:
        """A cell by role; None where it has nothing to say."""
        if role == _Role.TextAlignmentRole:
            return self._alignments[index.column()] if index.isValid() else None
        reader = self._readers.get(role)
        if reader is None or not index.isValid():
            return None
        shown = self.shown(index.row())
        return None if shown is None else reader(shown, index.column())

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:  # noqa: N802 - Qt's name
        """Titles of columns, numbers of rows."""
        if orientation == Qt.Orientation.Vertical:
            return section + 1 if role == _Role.DisplayRole else None
        if not 0 <= section < len(self.columns):
            return None
        if role == _Role.TextAlignmentRole:
            return self._alignments[section]
        if role in (_Role.DisplayRole, _Role.AccessibleTextRole):
            return self.columns[section].title()
        return None

    def flags(self, index: QModelIndex) -> Qt.ItemFlag:
        """Every cell can be selected; those of editable columns can be typed into when somebody takes the text."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        plain = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
        takes = self.edit is not None and self.columns[index.column()].editable
        return plain | Qt.ItemFlag.ItemIsEditable if takes else plain

    def setData(self, index: QModelIndex, value: Any, role: int = _Role.EditRole) -> bool:  # noqa: N802 - Qt's name
        """Hand a typed text on; the same text as before is no change."""
        if self.edit is None or not index.isValid() or role != _Role.EditRole:
            return False
        if str(value).strip() == str(index.data(_Role.EditRole) or ""):
            return False
        return self.edit(index.row(), self.columns[index.column()], str(value).strip())

    def set_masked(self, masked: bool) -> None:
        """Hide sensitive values, or show them; single cells revealed before are hidden again."""
        self._masked = masked
        self._revealed.clear()
        self.rewrite()

    def reveal(self, index: QModelIndex) -> bool:
        """Show one hidden cell; False when it is not hidden. Whoever calls this writes the journal."""
        column = self.columns[index.column()]
        if not (self._masked and column.sensitive):
            return False
        self._revealed.add((self.key_at(index.row()), column.key))
        self.rewrite()
        return True

    def rewrite(self) -> None:
        """Write all cells anew (masking, language, marks): what is visible is painted again."""
        self._forget()
        if self.count():
            self.dataChanged.emit(self.index(0, 0), self.index(self.count() - 1, len(self.columns) - 1))

    def _forget(self) -> None:
        """Drop rows that were written out."""

    def write(self, row: RowData, key: object) -> Shown:
        """A row with its cells written out."""
        if not self._masked:
            return Shown(row, [column.text(row.get(column.key)) for column in self.columns])
        texts = [
            column.text(row.get(column.key))
            if (key, column.key) in self._revealed
            else column.masked_text(row.get(column.key))
            for column in self.columns
        ]
        return Shown(row, texts)

    def clip(self, row: int, place: int) -> str:
        """A cell for the clipboard, on one line; a hidden value stays hidden."""
        shown = self.shown(row)
        if shown is None:
            return ""
        text = shown.texts[place] if self._hides(shown, place) else self._typed(shown, place)
        return self.columns[place].clip_text(text)

    def _typed(self, shown: Shown, place: int) -> str:
        """What an editor starts with; a hidden value is not put into it."""
        column = self.columns[place]
        return "" if self._hides(shown, place) else column.plain_text(shown.row.get(column.key))

    def _hides(self, shown: Shown, place: int) -> bool:
        column = self.columns[place]
        return self._masked and column.sensitive and shown.texts[place] != column.text(shown.row.get(column.key))

    def _of_mark(self, shown: Shown, place: int, what: str) -> Any:
        mark = shown.marks.get(self.columns[place].key)
        return None if mark is None else getattr(mark, what) or None

    def reasons(self, shown: Shown, place: int) -> tuple[str, ...]:
        """Why a cell is marked."""
        mark = shown.marks.get(self.columns[place].key)
        return () if mark is None else mark.reasons

    def spoken(self, shown: Shown, place: int) -> str:
        """What a screen reader says of a cell: column, value, state with its reasons."""
        column = self.columns[place]
        text = f"{column.title()} {shown.texts[place]}".strip()
        mark = shown.marks.get(column.key)
        if mark is None or not mark.reasons:
            return text
        return say("d-cell-spoken", cell=text, state=say(f"d-state-{mark.state.value}"), why=" ".join(mark.reasons))


def table_model(model: Any) -> TableModel:
    """A view's model as what it is."""
    return cast("TableModel", model)
