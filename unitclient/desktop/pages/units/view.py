"""The units page's widgets: a matrix of units and the steps of the month, and what is known of one unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QStackedWidget, QWidget

from unitclient.desktop.actions.spec import ActionSpec, Scope
from unitclient.desktop.models.list_table import ListTableModel
from unitclient.desktop.pages.base import Page
from unitclient.desktop.pages.units.state import UnitsState
from unitclient.desktop.pages.units.words import (
    COLUMNS,
    ended_state,
    ended_text,
    strip_text,
    table_row,
    taken_text,
)
from unitclient.desktop.theme.tokens import State
from unitclient.desktop.widgets.basic import boxed, button, column, label, row
from unitclient.desktop.widgets.card import Card
from unitclient.desktop.widgets.empty_state import EmptyState
from unitclient.desktop.widgets.table_view import TableView
from unitclient.desktop.widgets.table_view_layout import TableLayout
from unitclient.texts import say

if TYPE_CHECKING:
    from unitclient.desktop.services import Services


_HELP = "d-units-many-help"
ACTS = (
    ActionSpec("units-prepare", "d-units-many-prepare", "", Scope.PAGE, "prepare_many", _HELP, "can_act"),
    ActionSpec("units-sign", "d-units-many-sign", "", Scope.PAGE, "sign_many", _HELP, "can_act"),
    ActionSpec("units-send", "d-units-many-send", "", Scope.PAGE, "send_many", _HELP, "can_act"),
    ActionSpec("units-all", "d-units-take-all", "", Scope.PAGE, "take_all", "d-units-take-all-help"),
)


class UnitsView(Page):
    """Shows a UnitsState."""

    page_id, title_key, help_id = "units", "d-units", "d-units-help"
    topics = frozenset({"units", "declarations", "items", "outbox", "roster"})

    intent_refresh = pyqtSignal()
    intent_select = pyqtSignal(str)
    intent_switch = pyqtSignal()
    intent_open = pyqtSignal()
    intent_add = pyqtSignal()
    intent_choose = pyqtSignal(tuple)
    """Numbers of the units chosen for an act; empty means all."""
    intent_prepare = pyqtSignal()
    intent_sign = pyqtSignal()
    intent_send = pyqtSignal()

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(services, parent)
        self.state = UnitsState()
        self.add = button(say("d-units-add"), self.intent_add.emit, icon="add")
        self.switch = button(say("d-units-switch"), self.intent_switch.emit, "primary", icon="units")
        self.head.addWidget(self.add)
        self.head.addWidget(self.switch)
        self.period, self.taken = label("", "secondary"), label("", "secondary")
        self.prepare = button(say("d-units-many-prepare"), self.intent_prepare.emit, icon="check")
        self.sign = button(say("d-units-many-sign"), self.intent_sign.emit, icon="sign")
        self.send = button(say("d-units-many-send"), self.intent_send.emit, icon="send")
        self._showing = False
        self.model = ListTableModel(COLUMNS)
        self.table = TableView(say("d-units-table"), frozen=1)
        self.table.set_model(self.model)
        self.table.keep_layout(TableLayout(services.settings, "units"))
        self.table.current_changed.connect(self._on_current)
        self.table.activated.connect(self._on_activated)
        self.table.selection_changed.connect(self._on_selection)
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
        acts = boxed(row(self.period, 1, self.taken, self.prepare, self.sign, self.send))
        listed = column(acts, self.table, card, gap=8)
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
        led, self.state = state.current != self.state.current, state
        self._showing = True
        self._show_units(state, led)
        self._showing = False
        self._show_acts(state)

    def _show_units(self, state: UnitsState, led: bool) -> None:
        """`led`: another unit is looked at than before."""
        self.model.set_rows(table_row(line, state) for line in state.units)
        self.pages.setCurrentIndex(1 if state.units else 0)
        if state.reading:
            self.empty.tell(say("d-reading"), "")
        elif not state.units:
            self.empty.tell(say("d-units-empty"), say("d-units-empty-why"), say("d-units-add"), self.intent_add.emit)
        self.period.setText(say("d-units-period", period=state.period) if state.period else "")
        line = state.line()
        if led and line is not None and self.table.current_row() != self.model.row_of(line.number):
            self.table.go(self.model.row_of(line.number))
        self._select(state.chosen)
        self.strip.setText(strip_text(line, state) if line else say("d-units-hint"))
        self.strip.setAccessibleName(self.strip.text())
        self.open.setEnabled(line is not None)
        self.switch.setEnabled(line is not None and line.number != state.front)

    def tell_switched(self, name: str) -> None:
        """Which unit is in front from now on."""
        self.banner.tell(State.OK, say("d-units-switched", name=name), say("d-units-go-month"),
                         lambda: self.services.shell.go("dashboard"))  # fmt: skip

    def tell_ended(self, state: UnitsState) -> None:
        """What came of an act for many units."""
        self.banner.tell(ended_state(state), ended_text(state))

    def page_actions(self) -> tuple[ActionSpec, ...]:
        """See Page."""
        return ACTS

    def prepare_many(self) -> None:
        """Prepare the month of the units taken."""
        self.prepare.click()

    def sign_many(self) -> None:
        """Sign what waits of the units taken."""
        self.sign.click()

    def send_many(self) -> None:
        """Send what the units taken have queued."""
        self.send.click()

    def take_all(self) -> None:
        """Choose no unit, so that an act is for all."""
        self.table.select_rows(())

    def can_act(self) -> bool:
        """Whether an act for many units can begin."""
        return bool(self.state.units) and self.state.acting is None

    def _show_acts(self, state: UnitsState) -> None:
        self.taken.setText(taken_text(state) if state.units else "")
        for act in (self.prepare, self.sign, self.send):
            act.setEnabled(self.can_act())

    def _select(self, numbers: tuple[str, ...]) -> None:
        """Show exactly these as chosen; what is looked at stays so."""
        places = [place for number in numbers if (place := self.model.row_of(number)) >= 0]
        spans = [(place, place) for place in sorted(places)]
        if self._chosen() != {str(self.model.key_at(place)) for place in places}:
            self.table.select_rows(spans)

    def _chosen(self) -> set[str]:
        spans = self.table.spans()
        return {str(self.model.key_at(place)) for first, last in spans for place in range(first, last + 1)}

    def _on_selection(self) -> None:
        if not self._showing:
            self.intent_choose.emit(tuple(sorted(self._chosen())))

    def _on_current(self, place: int, _column: int) -> None:
        found = self.model.row(place)
        wanted = str(found["id"]) if found else ""
        if wanted and wanted != self.state.current:
            self.intent_select.emit(wanted)

    def _on_activated(self, *_where: object) -> None:
        self.intent_open.emit()
