"""The operators page's widgets: the table, what can be done with one, the ways back in, the journal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QPushButton, QStackedWidget, QWidget

from unitclient.desktop.models.list_table import ListTableModel
from unitclient.desktop.pages.base import Page
from unitclient.desktop.pages.operators.state import Act, OperatorsState
from unitclient.desktop.pages.operators.words import COLUMNS, acts_text, table_row, ways_text
from unitclient.desktop.widgets.basic import boxed, button, column, label, row
from unitclient.desktop.widgets.card import Card
from unitclient.desktop.widgets.empty_state import EmptyState
from unitclient.desktop.widgets.table_view import TableView
from unitclient.desktop.widgets.table_view_layout import TableLayout
from unitclient.texts import say

if TYPE_CHECKING:
    from unitclient.desktop.services import Services


class OperatorsView(Page):
    """Shows an OperatorsState."""

    page_id, title_key, help_id = "operators", "d-operators", "d-operators-help"
    topics = frozenset({"settings", "units"})

    intent_refresh = pyqtSignal()
    intent_select = pyqtSignal(str)
    intent_act = pyqtSignal(object)
    """An Act."""
    intent_code = pyqtSignal()
    intent_certificate = pyqtSignal()
    intent_check = pyqtSignal()
    intent_check_file = pyqtSignal()
    intent_export = pyqtSignal()

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(services, parent)
        self.state = OperatorsState()
        self.add = button(say("d-operators-add"), lambda: self.intent_act.emit(Act.ADD), "primary", icon="add")
        self.head.addWidget(self.add)
        self.model = ListTableModel(COLUMNS)
        self.table = TableView(say("d-operators-table"))
        self.table.set_model(self.model)
        self.table.keep_layout(TableLayout(services.settings, "operators"))
        self.table.current_changed.connect(self._on_current)
        self.empty = EmptyState(say("d-reading"), "")
        self.pages = QStackedWidget()
        self.pages.addWidget(self.empty)
        listed = column(self.table, self._one(), gap=8)
        listed.setStretch(0, 1)
        self.pages.addWidget(boxed(listed))
        self.body.addWidget(self.pages, 1)
        below = row(self._ways(), self._journal(), gap=12)
        below.setStretch(0, 1)
        below.setStretch(1, 1)
        self.body.addLayout(below)

    def _act_button(self, act: Act) -> QPushButton:
        return button(say(f"d-operators-{act}"), lambda: self.intent_act.emit(act))

    def _one(self) -> QWidget:
        self.role, self.deputy = self._act_button(Act.ROLE), self._act_button(Act.DEPUTY)
        self.end, self.reset = self._act_button(Act.END), self._act_button(Act.RESET)
        self.block, self.unblock = self._act_button(Act.BLOCK), self._act_button(Act.UNBLOCK)
        self.about = label("", "secondary", wrap=True)
        card = Card()
        card.body.addWidget(self.about)
        card.body.addLayout(row(self.role, self.deputy, self.end, self.reset, self.block, self.unblock, 1))
        return card

    def _ways(self) -> Card:
        card = Card(say("d-operators-back"))
        self.ways = label("", "secondary", wrap=True)
        self.code = button(say("d-operators-code"), self.intent_code.emit, icon="print")
        self.certificate = button(say("d-operators-certificate"), self.intent_certificate.emit, icon="keys")
        card.body.addWidget(self.ways)
        card.body.addStretch(1)
        card.body.addLayout(row(self.code, self.certificate, 1))
        return card

    def _journal(self) -> Card:
        card = Card(say("d-journal"))
        self.check = button(say("d-journal-check"), self.intent_check.emit, icon="check")
        self.check_file = button(say("d-journal-check-file"), self.intent_check_file.emit, icon="folder")
        self.export = button(say("d-journal-export"), self.intent_export.emit, icon="export")
        card.body.addWidget(label(say("d-journal-why"), "secondary", wrap=True))
        card.body.addStretch(1)
        card.body.addLayout(row(self.check, self.check_file, self.export, 1))
        return card

    def refresh(self) -> None:
        """Read again."""
        self.intent_refresh.emit()

    def main_action(self) -> None:
        """Add an operator."""
        self.add.click()

    def render_state(self, state: OperatorsState) -> None:
        """Show a state."""
        self.state = state
        self.model.set_rows(table_row(one) for one in state.operators)
        self.pages.setCurrentIndex(1 if state.operators else 0)
        if state.reading:
            self.empty.tell(say("d-reading"), "")
        elif not state.operators:
            self.empty.tell(say("d-operators-empty"), say("d-operators-empty-why"))
        self._show_acts(state)
        self.ways.setText(ways_text(state))
        for one in (self.code, self.certificate):
            one.setEnabled(not state.opens_alone)
        if not state.has_unit:
            self.certificate.setEnabled(False)

    def _show_acts(self, state: OperatorsState) -> None:
        possible, line = state.possible(), state.line()
        buttons = {Act.ADD: self.add, Act.ROLE: self.role, Act.DEPUTY: self.deputy, Act.RESET: self.reset}
        for act, one in buttons.items():
            one.setEnabled(act in possible)
        for act, one in {Act.END: self.end, Act.BLOCK: self.block, Act.UNBLOCK: self.unblock}.items():
            one.setVisible(act in possible)
        if line is None:
            return
        self.about.setText(say("d-operators-may", name=line.name, role=say(f"role-{line.role}"),
                               acts=acts_text(line.role)))  # fmt: skip
        place = self.model.row_of(line.name)
        if place != self.table.current_row():
            self.table.go(place)

    def _on_current(self, place: int, _column: int) -> None:
        found = self.model.row(place)
        wanted = str(found["id"]) if found else ""
        if wanted and wanted != self.state.current:
            self.intent_select.emit(wanted)
