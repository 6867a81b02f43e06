"""The keys page's widgets: the list, what is known of one certificate, its chain, and the revocation lists."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QGridLayout, QScrollArea, QSplitter, QStackedWidget, QWidget

from unitclient.desktop.models.list_table import ListTableModel
from unitclient.desktop.pages.base import Page
from unitclient.desktop.pages.keys.state import KeyLine, KeysState
from unitclient.desktop.pages.keys.words import (
    COLUMNS,
    chain_lines,
    days_advice,
    days_state,
    days_word,
    details,
    list_line,
    table_row,
)
from unitclient.desktop.theme.tokens import State
from unitclient.desktop.widgets.basic import boxed, button, clear_layout, column, label, line, row
from unitclient.desktop.widgets.card import Card
from unitclient.desktop.widgets.empty_state import EmptyState
from unitclient.desktop.widgets.status_pill import StatusPill
from unitclient.desktop.widgets.table_view import TableView
from unitclient.desktop.widgets.table_view_layout import TableLayout
from unitclient.texts import error_texts, say

if TYPE_CHECKING:
    from unitclient.desktop.services import Services

ACTS = ("renew", "upgrade", "change")
_FINGERPRINT = 64


class KeysView(Page):
    """Shows a KeysState."""

    page_id, title_key, help_id = "keys", "d-keys", "d-keys-help"
    topics = frozenset({"units"})

    intent_refresh = pyqtSignal()
    intent_search = pyqtSignal()
    intent_select = pyqtSignal(str)
    intent_library = pyqtSignal()
    intent_file = pyqtSignal()
    intent_act = pyqtSignal(str)
    """renew, upgrade or change."""

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(services, parent)
        self.state = KeysState()
        self.file = button(say("d-keys-file"), self.intent_file.emit, icon="folder")
        self.library = button(say("d-keys-library"), self.intent_library.emit, icon="usb")
        self.search = button(say("d-keys-search"), self.intent_search.emit, "primary", icon="refresh")
        for one in (self.file, self.library, self.search):
            self.head.addWidget(one)
        self.model = ListTableModel(COLUMNS)
        self.table = TableView(say("d-keys-table"))
        self.table.set_model(self.model)
        self.table.keep_layout(TableLayout(services.settings, "keys"))
        self.table.current_changed.connect(self._on_current)
        self.empty = EmptyState(say("d-reading"), "")
        self.pages = QStackedWidget()
        self.pages.addWidget(self.empty)
        split = QSplitter(Qt.Orientation.Vertical)
        split.setChildrenCollapsible(False)
        split.addWidget(self.table)
        split.addWidget(self._details())
        split.setSizes([220, 320])
        self.pages.addWidget(split)
        self.body.addWidget(self.pages, 1)

    def _details(self) -> QWidget:
        self.about = Card(say("d-keys-about"))
        self.pill = StatusPill()
        self.advice = label("", "secondary", wrap=True)
        self.grid = QGridLayout()
        self.grid.setHorizontalSpacing(16)
        self.grid.setVerticalSpacing(4)
        self.grid.setColumnStretch(1, 1)
        head = row(self.pill, self.advice, gap=12)
        head.setStretch(1, 1)
        self.about.body.addLayout(head)
        self.acts = {act: button(say(f"d-keys-{act}"), partial(self.intent_act.emit, act)) for act in ACTS}
        self.about.body.addLayout(row(*self.acts.values(), 1))
        self.about.body.addLayout(self.grid)
        self.about.body.addStretch(1)
        self.trust = Card(say("d-keys-chain"))
        self.chain = label("", wrap=True, selectable=True)
        self.lists = label("", "secondary", wrap=True, selectable=True)
        for member in (self.chain, line(), label(say("d-keys-lists"), "strong"), self.lists):
            self.trust.body.addWidget(member)
        self.trust.body.addStretch(1)
        both = row(self.about, self.trust, gap=12)
        both.setStretch(0, 3)
        both.setStretch(1, 2)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setAccessibleName(say("d-keys-about"))
        scroll.setWidget(boxed(both))
        return boxed(column(scroll))

    def refresh(self) -> None:
        """Read again."""
        self.intent_refresh.emit()

    def main_action(self) -> None:
        """Look at the tokens."""
        self.search.click()

    def render_state(self, state: KeysState) -> None:
        """Show a state."""
        before, self.state = self.state, state
        self.model.set_rows(table_row(key) for key in state.keys)
        self.pages.setCurrentIndex(1 if state.keys else 0)
        if state.reading or (state.searching and not state.keys):
            self.empty.tell(say("d-keys-searching"), say("d-keys-searching-why"))
        elif not state.keys:
            self.empty.tell(say("d-keys-empty"), say("d-keys-empty-why"), say("d-keys-library"),
                            self.intent_library.emit)  # fmt: skip
        self.search.setEnabled(not state.searching)
        self.search.setText(say("d-keys-searching-now" if state.searching else "d-keys-search"))
        if state.problems and state.problems != before.problems:
            told = (error_texts(one.code, one.params) for one in state.problems)
            self.banner.tell(State.WARN, "\n".join("".join(texts) for texts in told))
        if state.done and state.done != before.done:
            self.banner.tell(State.OK, state.done)
        key = state.key()
        for one in self.acts.values():
            one.setEnabled(bool(key and key.numbers) and not state.acting)
        if key is not None:
            place = self.model.row_of(key.id)
            if place != self.table.current_row():
                self.table.go(place)
            self._render_key(key)
        self.lists.setText("\n".join(map(list_line, state.lists)) or say("d-keys-lists-none"))
        self.lists.setAccessibleName(self.lists.text())

    def _render_key(self, key: KeyLine) -> None:
        self.about.set_title(key.subject)
        self.pill.show_state(days_state(key.days), days_word(key.days))
        self.advice.setText(days_advice(key.days))
        clear_layout(self.grid)
        for place, (title, value) in enumerate(details(key)):
            # A fingerprint has no place to break: groups of four make one, and are read more easily.
            words = " ".join(value[i : i + 4] for i in range(0, len(value), 4)) if len(value) == _FINGERPRINT else value
            self.grid.addWidget(label(title, "secondary"), place, 0, Qt.AlignmentFlag.AlignTop)
            self.grid.addWidget(label(words, wrap=True, selectable=True), place, 1)
        text = "\n".join(chain_lines(key))
        self.chain.setText(text)
        self.chain.setAccessibleName(text)

    def _on_current(self, place: int, _column: int) -> None:
        found = self.model.row(place)
        wanted = str(found["id"]) if found else ""
        if wanted and wanted != self.state.current:
            self.intent_select.emit(wanted)
