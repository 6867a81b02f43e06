"""TableLayout: order, widths, hidden columns and sorting of a table, kept per unit and brought back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PyQt6.QtCore import QObject, QPoint, Qt, QTimer
from PyQt6.QtWidgets import QMenu

from unitclient.texts import say

if TYPE_CHECKING:
    from unitclient.desktop.settings import Settings
    from unitclient.desktop.widgets.table_view import TableView

_SAVE_AFTER_MS = 400


class TableLayout(QObject):
    """Keeps the layout of one table under `key` of the settings. A right click on a title shows and hides columns."""

    def __init__(self, settings: Settings, key: str) -> None:
        super().__init__()
        self._settings = settings
        self._key = f"table.{key}"
        self._view: TableView | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_SAVE_AFTER_MS)
        self._timer.timeout.connect(self.save)

    def start(self, view: TableView) -> None:
        """Bring the columns as they were left, and watch them."""
        self._view = view
        self.setParent(view)
        self._arrange(view)
        self._apply(self._settings.layout(self._key, {}))
        for pane in view.panes.panes():
            head = pane.head()
            head.setSectionsMovable(pane is view.panes.main)
            head.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
            head.sectionResized.connect(self._touched)
            head.sectionMoved.connect(self._touched)
            head.sortIndicatorChanged.connect(self._touched)
            head.customContextMenuRequested.connect(self._menu)

    def stop(self) -> None:
        """Save and let go of the table."""
        view = self._view
        if view is None:
            return
        self.settle()
        for pane in view.panes.panes():
            head = pane.head()
            head.sectionResized.disconnect(self._touched)
            head.sectionMoved.disconnect(self._touched)
            head.sortIndicatorChanged.disconnect(self._touched)
            head.customContextMenuRequested.disconnect(self._menu)
        self._view = None

    def settle(self) -> None:
        """Save now what was going to be saved."""
        if self._timer.isActive():
            self.save()

    def save(self) -> None:
        """Remember how the columns are now."""
        self._timer.stop()
        if self._view is not None:
            self._settings.set_layout(self._key, self._layout(self._view))

    def reset(self) -> None:
        """All columns, in their own order and width."""
        self._arrange(self._need_view())
        self._touched()

    def _arrange(self, view: TableView) -> None:
        head = view.panes.main.head()
        for column in range(head.count()):
            head.moveSection(head.visualIndex(column), column)
            view.panes.pane_of(column).setColumnHidden(column, False)
        view.size_columns()

    def show_column(self, column: int, shown: bool) -> None:
        """Show a column or hide it."""
        view = self._need_view()
        view.panes.pane_of(column).setColumnHidden(column, not shown)
        self._touched()

    def _need_view(self) -> TableView:
        assert self._view is not None
        return self._view

    def _touched(self, *_what: object) -> None:
        self._timer.start()

    def _layout(self, view: TableView) -> dict[str, Any]:
        model, head = view.model(), view.panes.main.head()
        shown = set(view.shown_columns())
        return {
            "order": [model.columns[head.logicalIndex(place)].key for place in range(head.count())],
            "hidden": [column.key for place, column in enumerate(model.columns) if place not in shown],
            "widths": {
                column.key: view.panes.pane_of(place).columnWidth(place)
                for place, column in enumerate(model.columns)
                if place in shown
            },
        }

    def _apply(self, told: Any) -> None:
        """What was kept, as far as it still fits: unknown columns are left out, new ones stay where they are."""
        view = self._need_view()
        if not isinstance(told, dict):
            return
        places = view.model().places
        head = view.panes.main.head()
        order = [places[key] for key in told.get("order", ()) if key in places]
        for place, column in enumerate(order):
            head.moveSection(head.visualIndex(column), place)
        for key in told.get("hidden", ()):
            if key in places:
                view.panes.pane_of(places[key]).setColumnHidden(places[key], True)
        for key, width in told.get("widths", {}).items():
            if key in places and isinstance(width, int) and 16 <= width <= 2000:
                view.panes.pane_of(places[key]).setColumnWidth(places[key], width)
        view.panes.fit()

    def _menu(self, place: QPoint) -> None:
        view = self._need_view()
        menu = self.menu()
        head = self.sender()
        at = head.mapToGlobal(place) if head is not None and hasattr(head, "mapToGlobal") else view.mapToGlobal(place)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(at)

    def menu(self) -> QMenu:
        """The menu of the columns: each can be shown or hidden, but the frozen ones and the last one shown stay."""
        view = self._need_view()
        shown = view.shown_columns()
        menu = QMenu(view)
        for place, column in enumerate(view.model().columns):
            act = menu.addAction(column.title())
            assert act is not None
            act.setCheckable(True)
            act.setChecked(place in shown)
            act.setEnabled(view.panes.pane_of(place) is view.panes.main and (place not in shown or len(shown) > 1))
            act.toggled.connect(lambda on, place=place: self.show_column(place, on))
        menu.addSeparator()
        act = menu.addAction(say("d-table-reset"))
        assert act is not None
        act.triggered.connect(lambda _checked=False: self.reset())
        return menu
