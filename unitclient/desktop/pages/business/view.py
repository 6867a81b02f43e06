"""The widgets of the business page: businesses on the left, their rows in the middle, one row being typed right."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QMenu, QPushButton, QSplitter, QStackedLayout, QWidget

from unitclient.catalog.model import Form
from unitclient.desktop.pages.business.chooser import WIDTH, FormChooser
from unitclient.desktop.pages.business.entry_form import EntryForm
from unitclient.desktop.pages.business.state import BusinessState
from unitclient.desktop.theme.tokens import State
from unitclient.desktop.widgets.basic import boxed, button, clear_layout, column, label, row
from unitclient.desktop.widgets.card import Card
from unitclient.desktop.widgets.empty_state import EmptyState
from unitclient.desktop.widgets.filter_bar import Chip, FilterBar
from unitclient.desktop.widgets.status_pill import StatusPill
from unitclient.desktop.widgets.table_view import TableView
from unitclient.domain.period import Period
from unitclient.texts import say

_ENTRY_WIDTH = 344
CHIPS = (
    Chip(("state", "pending"), "d-item-pending", "state"),
    Chip(("state", "refused"), "d-item-refused", "state"),
    Chip(("findings", "1"), "d-business-with-findings"),
)


class BusinessView(QSplitter):
    """Passive: shows what it is given, tells what was wanted."""

    form_wanted = pyqtSignal(str)
    save_wanted = pyqtSignal()
    new_wanted = pyqtSignal()
    edit_wanted = pyqtSignal()
    withdraw_wanted = pyqtSignal()
    import_wanted = pyqtSignal()
    typed = pyqtSignal(dict, str)
    left = pyqtSignal(str)
    reveal = pyqtSignal(str)
    file_wanted = pyqtSignal(str)

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.chooser = FormChooser()
        self.forms = self.chooser.list
        self.chooser.chosen.connect(self.form_wanted)
        self.filters = FilterBar(say("d-business-search"), say("d-business-search-hint"), CHIPS)
        self.table = TableView(say("d-business-table"), frozen=2)
        self.table.activated.connect(lambda _row: self.edit_wanted.emit())
        self.empty = EmptyState("", "")
        self.detail = label("", "secondary", wrap=True, selectable=True)
        self.edit = button(say("d-business-edit"), self.edit_wanted.emit, icon="edit")
        self.withdraw = button(say("d-business-withdraw"), self.withdraw_wanted.emit, icon="undo")
        self.entry: EntryForm | None = None
        self.card = Card()
        self._place = column()
        self._mode = StatusPill(State.OFF, say("d-business-new-row"))
        self.save = button(say("d-business-save"), self.save_wanted.emit, "primary", icon="save")
        self.fresh = button(say("d-business-clear"), self.new_wanted.emit)
        self._fill()

    def show_form(self, form: Form, period: Period, insurances: Sequence[tuple[str, str]]) -> None:
        """Make the inputs of another business."""
        if self.entry is not None:
            # Inputs that go away lose the focus once more; that is nobody leaving a field.
            self.entry.blockSignals(True)
        clear_layout(self._place)
        self.entry = EntryForm(form, period, insurances)
        self.entry.typed.connect(self.typed)
        self.entry.left.connect(self.left)
        self.entry.reveal.connect(self.reveal)
        self.entry.file_wanted.connect(self.file_wanted)
        self._place.addWidget(self.entry)

    def put_file(self, name: str, path: str) -> None:
        """Show a chosen file in its input, as if its path was typed."""
        if self.entry is not None:
            editor = self.entry.fields[name].editor
            editor.put(path)
            editor.typed.emit()

    def render_state(self, state: BusinessState) -> None:
        """Show the page."""
        known = self.forms.count()
        self.chooser.show_lines(state.lines, state.form.id if state.form else "")
        if self.forms.count() != known:
            self.setSizes([self.chooser.wanted_width(), 600, _ENTRY_WIDTH])
        entry = state.entry
        if state.form is not None:
            self.card.set_title(str(state.form.title))
        if entry.locked:
            self._mode.show_state(State.OFF, say("d-business-locked"))
        elif entry.editing is not None:
            self._mode.show_state(State.INFO, say("d-business-editing"), "✎")
        else:
            self._mode.show_state(State.OFF, say("d-business-new-row"))
        self.save.setEnabled(not (entry.locked or entry.saving))
        self.fresh.setText(say("d-business-clear" if entry.editing is None else "d-business-back"))
        if self.entry is not None and self.entry.form is state.form:
            self.entry.render_entry(entry)

    def show_rows(self, listed: int, summary: str, empty: tuple[str, str, str] | None) -> None:
        """Show the table, or why it is empty: (title, sentence, act)."""
        self.filters.set_summary(summary)
        if empty is not None:
            title, why, act = empty
            self.empty.tell(title, why, act, self._on_empty)
        self._stack.setCurrentIndex(0 if listed or empty is None else 1)

    def show_selected(self, count: int, pending: bool, reasons: str) -> None:
        """Which acts the selection allows, and what there is to say of the current row."""
        self.edit.setEnabled(count == 1)
        self.edit.setText(say("d-business-edit" if pending or count != 1 else "d-business-look"))
        self.withdraw.setEnabled(count > 0 and pending)
        word = say("d-business-withdraw-count", count=count) if count > 1 else say("d-business-withdraw")
        self.withdraw.setText(word)
        self.detail.setText(reasons)
        self.detail.setAccessibleName(reasons)
        self.detail.setVisible(bool(reasons))

    def _on_empty(self) -> None:
        if self.filters.is_narrow():
            self.filters.clear()
        else:
            self.import_wanted.emit()

    def _fill(self) -> None:
        rows = QWidget()
        self._stack = QStackedLayout(rows)
        self._stack.addWidget(self.table)
        self._stack.addWidget(self.empty)
        middle = column(self.filters, gap=8, margins=(8, 0, 8, 0))
        middle.addWidget(rows, 1)
        middle.addWidget(self.detail)
        middle.addLayout(row(self.edit, self.withdraw, 1))
        self.card.head.addWidget(self._mode)
        self.card.body.addLayout(self._place, 1)
        self.card.body.addLayout(row(1, self.fresh, self.save))
        self.card.setMinimumWidth(284)
        for widget in (self.chooser, boxed(middle), self.card):
            self.addWidget(widget)
        self.setCollapsible(1, False)
        self.setCollapsible(2, False)
        self.setSizes([WIDTH, 600, _ENTRY_WIDTH])
        for place, stretch in enumerate((0, 1, 0)):
            self.setStretchFactor(place, stretch)
        self.setHandleWidth(6)
        self.setChildrenCollapsible(False)


def template_button(on_empty: object, on_roster: object) -> QPushButton:
    """The button whose menu gives templates: empty, or with the roster filled in."""
    made = button(say("d-business-template"), None, icon="export")
    menu = QMenu(made)
    for key, act in (("d-business-template-empty", on_empty), ("d-business-template-roster", on_roster)):
        action = menu.addAction(say(key))
        assert action is not None
        action.triggered.connect(lambda _checked=False, act=act: act())
    made.setMenu(menu)
    return made
