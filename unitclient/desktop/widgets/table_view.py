"""TableView: the table of the desktop. Frozen first columns, kept layout, copying and pasting as spreadsheets do.

Sorting is the model's. Selections are read as ranges, never as lists of cells: all of 100,000 rows are one range.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PyQt6.QtCore import QItemSelection, QItemSelectionModel, QItemSelectionRange, QModelIndex, Qt, QTimer, pyqtSignal
from PyQt6.QtGui import QAction, QContextMenuEvent, QFontMetrics, QGuiApplication, QHideEvent, QKeySequence
from PyQt6.QtWidgets import QMenu, QVBoxLayout, QWidget

from unitclient.desktop.models.columns import Kind
from unitclient.desktop.models.table_model import TableModel
from unitclient.desktop.theme.delegates import StateDelegate, StatusDelegate
from unitclient.desktop.theme.look import look
from unitclient.desktop.widgets.frozen import FrozenPanes, Pane
from unitclient.desktop.widgets.table_view_layout import TableLayout
from unitclient.texts import say

Span = tuple[int, int]
"""First and last row, both in it."""
_FLAG = QItemSelectionModel.SelectionFlag
COPY_AT_ONCE = 2000
"""Rows that may be copied on the window's thread; more are asked for by `copy_many`."""


class TableView(QWidget):
    """A TableModel in two panes. `name` is what assistive technology calls it, `frozen` how many columns stay.

    With `stretch_last` the last column takes the room that the others leave.
    """

    current_changed = pyqtSignal(int, int)
    """(row, column) of the current cell; -1 without one."""
    selection_changed = pyqtSignal()
    activated = pyqtSignal(int)
    """Enter, or a double click where nothing is edited: the row."""
    pasted = pyqtSignal(str, int, int)
    """(text of the clipboard, row, column) where it is to go; row -1 without a current cell."""
    cleared = pyqtSignal()
    """Delete was pressed on the selection."""
    copy_many = pyqtSignal(list, list, bool)
    """(spans, columns, with titles): more than COPY_AT_ONCE rows are to be copied."""
    menu_wanted = pyqtSignal(object)
    """A QMenu of the cells is about to be shown: the page may add to it."""

    def __init__(
        self, name: str, *, frozen: int = 0, stretch_last: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.panes = FrozenPanes(self)
        self.panes.main.head().setStretchLastSection(stretch_last)
        self.layout_store: TableLayout | None = None
        self._model: TableModel | None = None
        self._frozen = frozen
        self._kept: tuple[object, int] = (None, -1)
        # Each pane has its own: a view hears of every editor of its delegate, and complains of those of the other pane.
        self._delegates = [(StatusDelegate(pane), StateDelegate(pane)) for pane in self.panes.panes()]
        self._taken = -1
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(0)
        self._settle.timeout.connect(self._go_to_selected)
        self.setFocusProxy(self.panes.main)
        self.panes.main.setAccessibleName(name)
        self.panes.still.setAccessibleName(say("d-table-frozen", name=name))
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.panes)
        self._actions()
        look().changed.connect(self._dress)
        for pane in self.panes.panes():
            pane.activated.connect(lambda index: self.activated.emit(index.row()))
            pane.head().sortIndicatorChanged.connect(self._on_sort)

    def set_model(self, model: TableModel) -> None:
        """Show a model. Its column widths are those of its columns until a layout says otherwise."""
        self._model = model
        self.panes.set_model(model, self._frozen)
        for place, column in enumerate(model.columns):
            for pane, delegates in zip(self.panes.panes(), self._delegates, strict=True):
                pane.setItemDelegateForColumn(place, delegates[column.kind is Kind.STATE])
        self._dress()
        self.size_columns()
        selection = self.panes.selection_model()
        selection.currentChanged.connect(lambda index, _old: self.current_changed.emit(index.row(), index.column()))
        selection.selectionChanged.connect(self._on_selection)
        model.modelAboutToBeReset.connect(self._keep)
        model.modelReset.connect(self._restore)
        self._show_order(-1, Qt.SortOrder.AscendingOrder)

    def model(self) -> TableModel:
        """The model shown."""
        assert self._model is not None
        return self._model

    def keep_layout(self, store: TableLayout) -> None:
        """Bring the columns as they were left, and remember from now on how they are left."""
        if self.layout_store is not None:
            self.layout_store.stop()
        self.layout_store = store
        store.start(self)

    def size_columns(self) -> None:
        """Give every column the width its characters need."""
        metrics = QFontMetrics(self.font())
        digit = metrics.horizontalAdvance("0")
        for place, column in enumerate(self.model().columns):
            title = metrics.horizontalAdvance(column.title()) + 32
            width = max(column.width * digit + 20, title)
            self.panes.pane_of(place).setColumnWidth(place, width)
        self.panes.fit()

    # Selection

    def current(self) -> QModelIndex:
        """The current cell."""
        return self.panes.main.currentIndex()

    def current_row(self) -> int:
        """Row of the current cell, or -1."""
        return self.current().row()

    def go(self, row: int, column: int = 0) -> None:
        """Make a cell the current one, select it alone, and bring it into view."""
        model = self.model()
        if not 0 <= row < model.count():
            return
        index = model.index(row, column)
        self.panes.selection_model().setCurrentIndex(index, _FLAG.ClearAndSelect)
        self.panes.pane_of(column).scrollTo(index)

    def select_rows(self, spans: Iterable[Span]) -> None:
        """Select whole rows."""
        model, chosen = self.model(), QItemSelection()
        for first, last in spans:
            chosen.select(model.index(first, 0), model.index(last, len(model.columns) - 1))
        self.panes.selection_model().select(chosen, _FLAG.ClearAndSelect)

    def select_all(self) -> None:
        """Select everything that is listed, as one range."""
        count = self.model().count()
        self.select_rows([(0, count - 1)] if count else [])

    def spans(self) -> list[Span]:
        """Rows in which something is selected, as spans in order that do not overlap."""
        ranges = sorted((one.top(), one.bottom()) for one in self._ranges())
        merged: list[Span] = []
        for first, last in ranges:
            if merged and first <= merged[-1][1] + 1:
                merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
            else:
                merged.append((first, last))
        return merged

    def selected_count(self) -> int:
        """In how many rows something is selected."""
        return sum(last - first + 1 for first, last in self.spans())

    def shown_columns(self) -> list[int]:
        """Columns as they stand on the screen, from the left; hidden ones are left out."""
        found = [place for place in range(self._frozen) if not self.panes.still.isColumnHidden(place)]
        head = self.panes.main.head()
        order = (head.logicalIndex(place) for place in range(head.count()))
        return found + [column for column in order if not self.panes.main.isColumnHidden(column)]

    def selected_columns(self) -> list[int]:
        """Shown columns in which something is selected, from the left."""
        ranges = self._ranges()
        return [place for place in self.shown_columns() if any(one.left() <= place <= one.right() for one in ranges)]

    def _on_selection(self, new: QItemSelection, _old: QItemSelection) -> None:
        rows = {(new[place].top(), new[place].bottom()) for place in range(len(new))}
        first, last = rows.pop() if len(rows) == 1 else (-1, -2)
        if first == last:
            self._taken = first
            self._settle.start()
        self.selection_changed.emit()

    def _go_to_selected(self) -> None:
        """Assistive technology selects a row and leaves the current cell where it was; by keys both have moved now."""
        row, column = self._taken, max(0, self.current().column())
        if row != self.current_row() and any(first <= row <= last for first, last in self.spans()):
            self.panes.selection_model().setCurrentIndex(self.model().index(row, column), _FLAG.NoUpdate)

    def _ranges(self) -> list[QItemSelectionRange]:
        chosen = self.panes.selection_model().selection()
        return [chosen[place] for place in range(len(chosen))]

    # Clipboard

    def copy(self, *, titles: bool = False) -> None:
        """Put the selected cells on the clipboard, tab-separated; as they are shown, so masked values stay masked."""
        spans, columns = self.spans(), self.selected_columns()
        if not spans or not columns:
            return
        if self.selected_count() > COPY_AT_ONCE:
            self.copy_many.emit(spans, columns, titles)
            return
        clipboard = QGuiApplication.clipboard()
        if clipboard is not None:
            clipboard.setText(self.text_of(spans, columns, titles=titles))

    def text_of(self, spans: Iterable[Span], columns: Sequence[int], *, titles: bool = False) -> str:
        """Cells as tab-separated lines."""
        model = self.model()
        lines = ["\t".join(model.columns[column].title() for column in columns)] if titles else []
        lines += [
            "\t".join(model.clip(row, column) for column in columns)
            for first, last in spans
            for row in range(first, last + 1)
        ]
        return "\r\n".join(lines)

    def paste(self) -> None:
        """Offer the clipboard's text to the page, at the top left of the selection."""
        clipboard = QGuiApplication.clipboard()
        text = clipboard.text() if clipboard is not None else ""
        if not text.strip():
            return
        spans, columns = self.spans(), self.selected_columns()
        row, column = (spans[0][0], columns[0]) if spans and columns else (-1, -1)
        self.pasted.emit(text, row, column)

    # Looks and memory

    def _dress(self) -> None:
        height = look().row_height()
        self.panes.set_row_height(height)
        self.panes.set_head_height(height + 4)

    def _keep(self) -> None:
        current = self.current()
        key = self.model().key_at(current.row()) if current.isValid() else None
        self._kept = (key, current.column())

    def _restore(self) -> None:
        key, column = self._kept
        row = self.model().row_of(key) if key is not None else -1
        if row >= 0:
            self.go(row, column)
        else:
            self.current_changed.emit(-1, -1)
            self.selection_changed.emit()

    def _on_sort(self, column: int, order: Qt.SortOrder) -> None:
        if self._model is None or column < 0:
            return
        self._show_order(column, order)
        self._model.sort(column, order)

    def sort(self, column: int, order: Qt.SortOrder) -> None:
        """Sort by a column, as a click on its title does."""
        self._on_sort(column, order)

    def _show_order(self, column: int, order: Qt.SortOrder) -> None:
        shows = self.panes.pane_of(column) if column >= 0 else None
        for pane in self.panes.panes():
            head = pane.head()
            head.blockSignals(True)
            head.setSortIndicator(column if pane is shows else -1, order)
            head.blockSignals(False)

    def _actions(self) -> None:
        keys = QKeySequence.StandardKey
        self._act("d-table-copy", QKeySequence(keys.Copy), self.copy)
        self._act("d-table-copy-titles", QKeySequence("Ctrl+Shift+C"), lambda: self.copy(titles=True))
        self._act("d-table-paste", QKeySequence(keys.Paste), self.paste)
        self._act("d-table-all", QKeySequence(keys.SelectAll), self.select_all)
        self._act("d-table-rows", QKeySequence("Shift+Space"), lambda: self.select_rows(self.spans()))
        self._act("d-table-clear", QKeySequence("Del"), self.cleared.emit)

    def _act(self, key: str, sequence: QKeySequence, run: object) -> None:
        action = QAction(say(key), self)
        action.setShortcut(sequence)
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        action.triggered.connect(lambda _checked=False: run())  # type: ignore[operator]  # a function without arguments
        self.addAction(action)

    def hideEvent(self, event: QHideEvent | None) -> None:  # noqa: N802 - Qt's name
        """A table that goes out of sight may not come back: its layout is saved."""
        if self.layout_store is not None:
            self.layout_store.settle()
        super().hideEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent | None) -> None:  # noqa: N802 - Qt's name
        """The menu of the cells: copying, pasting, and what the page adds."""
        if event is None:
            return
        menu = QMenu(self)
        menu.addActions(self.actions())
        self.menu_wanted.emit(menu)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(event.globalPos())


def main_pane(view: TableView) -> Pane:
    """The pane that scrolls both ways."""
    return view.panes.main
