"""Two table panes side by side that act as one: the first columns stay in place while the others scroll.

The usual way, a second view laid over the first, costs the quick scrolling: what is covered must be painted anew. Side
by side both panes move their pixels.
"""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import QAbstractItemModel, QEvent, QItemSelectionModel, QModelIndex, QObject, Qt
from PyQt6.QtGui import QKeyEvent, QWheelEvent
from PyQt6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QScrollBar,
    QTableView,
    QVBoxLayout,
    QWidget,
)

NOTCH = 120
"""One step of a mouse wheel, as Qt counts it."""
Action = QAbstractItemView.CursorAction
Cross = Callable[["Pane", QModelIndex, Action], QModelIndex]


class Pane(QTableView):
    """One of the two panes: a table set up for long lists. `cross` is asked where the cursor leaves it sideways."""

    def __init__(self, cross: Cross, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cross = cross
        self._turned = 0.0
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAlternatingRowColors(True)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setCornerWidget(QWidget())
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setTabKeyNavigation(False)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
            | QAbstractItemView.EditTrigger.AnyKeyPressed
        )
        vertical, horizontal = self.head_of_rows(), self.head()
        vertical.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        vertical.hide()
        horizontal.setHighlightSections(False)
        horizontal.setSectionsClickable(True)
        horizontal.setSortIndicatorShown(True)
        horizontal.setResizeContentsPrecision(0)
        horizontal.setMinimumSectionSize(32)
        horizontal.setTextElideMode(Qt.TextElideMode.ElideRight)

    def head(self) -> QHeaderView:
        """The header with the titles."""
        found = self.horizontalHeader()
        assert found is not None
        return found

    def head_of_rows(self) -> QHeaderView:
        """The (hidden) header of the rows: it holds their height."""
        found = self.verticalHeader()
        assert found is not None
        return found

    def bar(self) -> QScrollBar:
        """The vertical scroll bar."""
        found = self.verticalScrollBar()
        assert found is not None
        return found

    def screen(self) -> QWidget:  # type: ignore[override]  # the viewport; a pane is never asked for its monitor
        """The viewport."""
        found = self.viewport()
        assert found is not None
        return found

    def wheelEvent(self, event: QWheelEvent | None) -> None:  # noqa: N802 - Qt's name
        """A notch moves at most an eighth of what is seen, however low the window: the rest only moves its pixels."""
        turned = event.angleDelta().y() if event is not None else 0
        if event is None or not turned or event.modifiers():
            super().wheelEvent(event)
            return
        seen = self.screen().height() // max(1, self.head_of_rows().defaultSectionSize())
        self._turned += turned * min(QApplication.wheelScrollLines(), max(1, seen // 8)) / NOTCH
        rows = int(self._turned)
        self._turned -= rows
        self.bar().setValue(self.bar().value() - rows)
        event.accept()

    def moveCursor(self, action: Action, modifiers: Qt.KeyboardModifier) -> QModelIndex:  # noqa: N802 - Qt's name
        """Sideways out of the pane goes on in the other one."""
        return self._cross(self, super().moveCursor(action, modifiers), action)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:  # noqa: N802 - Qt's name
        """Keys that the window has a use for (Ctrl with anything, Esc) go on to it; Space selects, it does not type."""
        if event is not None and event.key() == Qt.Key.Key_Space and not event.modifiers():
            event.ignore()
            return
        super().keyPressEvent(event)


class FrozenPanes(QFrame):
    """The pair: `still` with the first columns, `main` with the others. One model, one selection, one row height."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.still = Pane(self._cross, self)
        self.main = Pane(self._cross, self)
        self._frozen = 0
        self._below = QWidget()
        self._line = QFrame()
        self._line.setObjectName("upright")
        self._lay_out()
        self._tie()
        self.setFocusProxy(self.main)

    def panes(self) -> tuple[Pane, Pane]:
        """Both, the left one first."""
        return self.still, self.main

    def pane_of(self, column: int) -> Pane:
        """The pane that shows a column."""
        return self.still if column < self._frozen else self.main

    def set_model(self, model: QAbstractItemModel, frozen: int) -> None:
        """Show a model with its first columns frozen."""
        self._frozen = frozen
        for pane in self.panes():
            before = pane.selectionModel()
            pane.setModel(model)
            if before is not None:
                before.deleteLater()
        spare = self.still.selectionModel()
        self.still.setSelectionModel(self.selection_model())
        if spare is not None and spare is not self.selection_model():
            spare.deleteLater()
        self._spare_heads(model)
        for column in range(model.columnCount()):
            self.still.setColumnHidden(column, column >= frozen)
            self.main.setColumnHidden(column, column < frozen)
        self.selection_model().currentChanged.connect(self._follow)
        self.selection_model().currentRowChanged.connect(self._repaint_rows)
        self.still.setVisible(frozen > 0)
        self._line.setVisible(frozen > 0)
        self.fit()

    def _spare_heads(self, model: QAbstractItemModel) -> None:
        """Headers get an empty selection: of a real one they ask for every row of a column whether it is selected."""
        for pane in self.panes():
            for head in (pane.head(), pane.head_of_rows()):
                head.setSelectionModel(QItemSelectionModel(model, head))

    def selection_model(self) -> QItemSelectionModel:
        """The selection of both panes."""
        found = self.main.selectionModel()
        assert found is not None
        return found

    def set_row_height(self, height: int) -> None:
        """Height of all rows, in logical pixels."""
        for pane in self.panes():
            head = pane.head_of_rows()
            head.setMinimumSectionSize(height)
            head.setDefaultSectionSize(height)

    def set_head_height(self, height: int) -> None:
        """Height of both headers."""
        for pane in self.panes():
            pane.head().setFixedHeight(height)

    def _repaint_rows(self, now: QModelIndex, before: QModelIndex) -> None:
        """The current row stands on a ground of its own: the one left and the one come to, and nothing else."""
        for pane in self.panes():
            for row in {now.row(), before.row()} - {-1}:
                top, height = pane.rowViewportPosition(row), pane.rowHeight(row)
                pane.screen().update(0, top, pane.screen().width(), height)

    def fit(self) -> None:
        """Give the still pane the width of its columns, at most half of the room there is."""
        wanted = sum(self.still.columnWidth(column) for column in range(self._frozen))
        self.still.setFixedWidth(min(wanted, max(120, self.width() // 2)) if self.width() > 0 else wanted)

    def resizeEvent(self, event: object) -> None:  # noqa: N802 - Qt's name
        """The still pane never takes more than half."""
        super().resizeEvent(event)  # type: ignore[arg-type]  # Qt gives a QResizeEvent
        self.fit()

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:  # noqa: N802 - Qt's name
        """The room under the still pane is as high as the other pane's scroll bar, so that rows stay level."""
        if event is not None and event.type() == QEvent.Type.Resize:
            rows = self.main.screen().geometry()
            self._below.setFixedHeight(max(0, self.main.height() - rows.y() - rows.height()))
        return super().eventFilter(watched, event)

    def _lay_out(self) -> None:
        self.still.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.still.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        left = QVBoxLayout()
        left.setSpacing(0)
        left.addWidget(self.still, 1)
        left.addWidget(self._below)
        self._below.setFixedHeight(0)
        box = QHBoxLayout(self)
        box.setContentsMargins(1, 1, 1, 1)
        box.setSpacing(0)
        box.addLayout(left)
        box.addWidget(self._line)
        box.addWidget(self.main, 1)

    def _tie(self) -> None:
        self.still.bar().valueChanged.connect(self.main.bar().setValue)
        self.main.bar().valueChanged.connect(self.still.bar().setValue)
        self.still.head().sectionResized.connect(lambda *_sizes: self.fit())
        self.main.screen().installEventFilter(self)

    def _follow(self, current: QModelIndex, _before: QModelIndex) -> None:
        """The keyboard goes to the pane where the current cell is."""
        if not current.isValid():
            return
        pane = self.pane_of(current.column())
        other = self.main if pane is self.still else self.still
        if other.hasFocus():
            pane.setFocus()

    def _cross(self, pane: Pane, wanted: QModelIndex, action: Action) -> QModelIndex:
        current = pane.currentIndex()
        if not self._frozen or not current.isValid() or pane.isVisible() is False:
            return wanted
        stuck = wanted.column() == current.column()
        left = action in (Action.MoveLeft, Action.MovePrevious, Action.MoveHome)
        right = action in (Action.MoveRight, Action.MoveNext, Action.MoveEnd)
        if pane is self.main and left and (stuck or action is Action.MoveHome):
            return self._place(wanted, 0 if action is Action.MoveHome else self._frozen - 1)
        if pane is self.still and right and (stuck or action is Action.MoveEnd):
            return self._place(wanted, self._edge(last=action is Action.MoveEnd))
        return wanted

    def _edge(self, *, last: bool) -> int:
        """The first or last column that the main pane shows, as it shows them."""
        head = self.main.head()
        shown = [head.logicalIndex(place) for place in range(head.count())]
        shown = [column for column in shown if not self.main.isColumnHidden(column)]
        return (shown[-1] if last else shown[0]) if shown else self._frozen - 1

    def _place(self, like: QModelIndex, column: int) -> QModelIndex:
        model = self.main.model()
        assert model is not None
        return model.index(like.row(), column)
