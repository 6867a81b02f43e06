"""The units page's widgets: a matrix of units and the steps of the month, and what is known of one unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QStackedWidget, QWidget

from unitclient.desktop.models.list_table import ListTableModel
from unitclient.desktop.pages.base import Page
from unitclient.desktop.pages.units.state import UnitsState
from unitclient.desktop.pages.units.words import COLUMNS, strip_text, table_row
from unitclient.desktop.theme.tokens import State
from unitclient.desktop.widgets.basic import boxed, button, column, label, row
from unitclient.desktop.widgets.card import Card
from unitclient.desktop.widgets.empty_state import EmptyState
from unitclient.desktop.widgets.table_view import TableView
from unitclient.desktop.widgets.table_view_layout import TableLayout
from unitclient.texts import say

if TYPE_CHECKING:
    from unitclient.desktop.services import Services


class UnitsView(Page):
    """Shows a UnitsState."""

    page_id, title_key, help_id = "units", "d-units", "d-units-help"
    topics = frozenset({"units", "declarations", "items", "outbox", "roster"})

    intent_refresh = pyqtSignal()
    intent_select = pyqtSignal(str)
    intent_switch = pyqtSignal()
    intent_open = pyqtSignal()
    intent_add = pyqtSignal()

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(services, parent)
        self.state = UnitsState()
        self.add = button(say("d-units-add"), self.intent_add.emit, icon="add")
        self.switch = button(say("d-units-switch"), self.intent_switch.emit, "primary", icon="units")
        self.head.addWidget(self.add)
        self.head.addWidget(self.switch)
        self.period = label("", "secondary")
        self.model = ListTableModel(COLUMNS)
        self.table = TableView(say("d-units-table"), frozen=1)
        self.table.set_model(self.model)
        self.table.keep_layout(TableLayout(services.settings, "units"))
        self.table.current_changed.connect(self._on_current)
        self.table.activated.connect(self._on_activated)
        self.strip = label("", "secondary", wrap=True, selectable=True)
        self.open = button(say("d-units-open"), self.intent_open.emit, icon="dashboard")
        card = Card()
        about = row(self.strip, self.open, gap=12)
        about.setStretch(0, 1)
        card.body.addLayout(about)
        self.empty = EmptyState(say("d-units-empty"), say("d-units-empty-why"), say("d-units-add"),
                                self.intent_add.emit)  # fmt: skip
        self.pages = QStackedWidget()
        self.pages.addWidget(self.empty)
        listed = column(self.period, self.table, card, gap=8)
        listed.setStretch(1, 1)
        self.pages.addWidget(boxed(listed))
        self.body.addWidget(self.pages, 1)

    def refresh(self) -> None:
        """Read again."""
        self.intent_refresh.emit()

    def main_action(self) -> None:
        """Put the unit looked at in front."""
        self.switch.click()

    def render_state(self, state: UnitsState) -> None:
        """Show a state."""
        self.state = state
        self.model.set_rows(table_row(line, state.front) for line in state.units)
        self.pages.setCurrentIndex(1 if state.units else 0)
        if state.reading:
            self.empty.tell(say("d-reading"), "")
        elif not state.units:
            self.empty.tell(say("d-units-empty"), say("d-units-empty-why"), say("d-units-add"), self.intent_add.emit)
        self.period.setText(say("d-units-period", period=state.period) if state.period else "")
        line = state.line()
        if line is not None and self.table.current_row() != self.model.row_of(line.number):
            self.table.go(self.model.row_of(line.number))
        self.strip.setText(strip_text(line) if line else say("d-units-hint"))
        self.strip.setAccessibleName(self.strip.text())
        self.open.setEnabled(line is not None)
        self.switch.setEnabled(line is not None and line.number != state.front)

    def tell_switched(self, name: str) -> None:
        """Which unit is in front from now on."""
        self.banner.tell(State.OK, say("d-units-switched", name=name), say("d-units-go-month"),
                         lambda: self.services.shell.go("dashboard"))  # fmt: skip

    def _on_current(self, place: int, _column: int) -> None:
        found = self.model.row(place)
        wanted = str(found["id"]) if found else ""
        if wanted and wanted != self.state.current:
            self.intent_select.emit(wanted)

    def _on_activated(self, *_where: object) -> None:
        self.intent_open.emit()
