"""The widgets of the roster page: filter bar, table, strip, lines not taken, life line."""

from __future__ import annotations

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QSplitter, QStackedWidget, QWidget

from unitclient.desktop.models.columns import ColumnSpec, Kind
from unitclient.desktop.models.list_table import ListTableModel
from unitclient.desktop.models.rows import MARKS, Mark
from unitclient.desktop.pages.roster import columns as col
from unitclient.desktop.pages.roster.state import SHOW_CHANGING, SHOW_WITH_FINDINGS, Emptiness, LifeRow, RosterState
from unitclient.desktop.pages.roster.strip import DetailStrip, RefusedPanel
from unitclient.desktop.widgets.basic import button, column, label
from unitclient.desktop.widgets.card import Card
from unitclient.desktop.widgets.empty_state import EmptyState
from unitclient.desktop.widgets.filter_bar import Chip, FilterBar
from unitclient.desktop.widgets.table_view import TableView
from unitclient.texts import say

CHIPS = (
    Chip(("state", "active"), "d-roster-state-active", "state"),
    Chip(("state", "pending"), "d-roster-state-pending", "state"),
    Chip(("state", "suspended"), "d-roster-state-suspended", "state"),
    Chip(("state", "terminated"), "d-roster-state-terminated", "state"),
    Chip(("show", SHOW_CHANGING), "d-roster-changing"),
    Chip(("show", SHOW_WITH_FINDINGS), "d-roster-with-findings"),
)
LIFE_WIDTH = 340


class LifePanel(Card):
    """One person's life line, the newest first."""

    closed = pyqtSignal()
    _COLUMNS = (
        ColumnSpec("month", "d-roster-life-month", Kind.MONTH, width=8, sortable=False),
        ColumnSpec("state", "d-roster-life-state", Kind.STATE, width=9, sortable=False),
        ColumnSpec("what", "d-roster-life-what", width=14, sortable=False),
    )

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.model = ListTableModel(self._COLUMNS, parent=self)
        self.table = TableView(say("d-roster-life"), stretch_last=True)
        self.table.set_model(self.model)
        self.empty = EmptyState(say("d-roster-life-empty"), say("d-roster-life-empty-why"))
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self.empty)
        self.head.addWidget(button(say("d-roster-life-close"), self.closed.emit, "link"))
        self.whole = label("", "secondary", wrap=True, selectable=True)
        self.whole.setMinimumHeight(4 * self.fontMetrics().lineSpacing())
        self.whole.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.table.current_changed.connect(lambda row, _column: self._show_whole(row))
        self.body.addWidget(self._stack, 1)
        self.body.addWidget(self.whole)
        self.setMinimumWidth(280)

    def show_life(self, name: str, rows: tuple[LifeRow, ...]) -> None:
        """Show somebody's events."""
        self.set_title(say("d-roster-life-of", name=name) if name else say("d-roster-life"))
        self.model.set_rows(
            {"id": place, "month": one.month or None, "what": one.what, "state": one.state, MARKS: _marks(one)}
            for place, one in enumerate(rows)
        )
        self._stack.setCurrentIndex(0 if rows else 1)
        self._show_whole(self.table.current_row())

    def _show_whole(self, row: int) -> None:
        """The whole text of an event, which its line cuts off: the current one's, else the newest's."""
        found = self.model.row(max(0, row))
        self.whole.setText(str(found["what"]) if found is not None else "")
        self.whole.setAccessibleName(self.whole.text())


def _marks(one: LifeRow) -> dict[str, Mark]:
    return {"state": Mark(one.look)} if one.state else {}


class RosterView(QWidget):
    """Passive: shows what it is given, tells what was wanted."""

    import_wanted = pyqtSignal()
    clear_wanted = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.filters = FilterBar(say("d-roster-search"), say("d-roster-search-hint"), CHIPS)
        self.table = TableView(say("d-roster-table"), frozen=col.FROZEN)
        self.empty = EmptyState("", "")
        self.strip = DetailStrip()
        self.refused = RefusedPanel()
        self.life = LifePanel()
        self.life.hide()
        self._stack = QStackedWidget()
        self._lay_out()
        self.filters.onward.connect(self._onward)

    def render_state(self, state: RosterState, *, masked: bool) -> None:
        """Show the page."""
        self.filters.set_counts(state.counts)
        self.filters.set_choice("department", say("d-roster-all-departments"), state.departments)
        self.filters.set_summary(self._summary(state))
        self._show_emptiness(state)
        self.strip.show_detail(state.detail)
        self.strip.setVisible(state.emptiness is Emptiness.NO and not state.refused)
        self.refused.show_rows(state.refused, masked=masked)
        self.life.setVisible(state.life_open)
        if state.life_open:
            self.life.show_life(state.life_name, state.life)

    def _summary(self, state: RosterState) -> str:
        if state.emptiness is Emptiness.LOADING:
            return ""
        key = "d-roster-summary-some" if state.listed != state.total else "d-roster-summary"
        text = say(key, listed=f"{state.listed:,}", total=f"{state.total:,}")
        chosen = say("d-roster-summary-selected", count=f"{state.selected:,}") if state.selected > 1 else ""
        return f"{text}{chosen}"

    def _show_emptiness(self, state: RosterState) -> None:
        self._stack.setCurrentIndex(0 if state.emptiness is Emptiness.NO else 1)
        if state.emptiness is Emptiness.NOBODY:
            why, act = say("d-roster-empty-why"), say("d-roster-empty-act")
            self.empty.tell(say("d-roster-empty"), why, act, self.import_wanted.emit)
        elif state.emptiness is Emptiness.NO_MATCH:
            why, act = say("d-roster-no-match-why"), say("d-roster-no-match-act")
            self.empty.tell(say("d-roster-no-match"), why, act, self.clear_wanted.emit)
        elif state.emptiness is Emptiness.LOADING:
            self.empty.tell(say("d-roster-loading"), say("d-roster-loading-why"))

    def _onward(self) -> None:
        """From the search field into the table, to the first row unless one is current."""
        if self.table.current_row() < 0:
            self.table.go(0, 0)
        self.table.panes.pane_of(max(0, self.table.current().column())).setFocus()

    def _lay_out(self) -> None:
        # From the page inwards: what is put into its place is dressed once, not once more for every box around it.
        self.split, left = QSplitter(Qt.Orientation.Horizontal), QWidget()
        box = column(self.filters, gap=8)
        self.setLayout(box)
        box.addWidget(self.split, 1)
        self.split.addWidget(left)
        self.split.addWidget(self.life)
        inner = column(gap=8)
        left.setLayout(inner)
        inner.addWidget(self._stack, 1)
        inner.addWidget(self.refused)
        inner.addWidget(self.strip)
        for part in (self.table, self.empty):
            self._stack.addWidget(part)
        self.split.setStretchFactor(0, 1)
        self.split.setStretchFactor(1, 0)
        self.split.setSizes([900, LIFE_WIDTH])
        self.split.setChildrenCollapsible(False)
