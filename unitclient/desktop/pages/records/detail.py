"""The panel below the list: one declaration's tracks, facts, acts, history and the centre's reasons."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtWidgets import QMenu, QTabWidget, QWidget

from unitclient.desktop.models.list_table import ListTableModel
from unitclient.desktop.pages.records.rows import REFUSED_COLUMNS, STEP_COLUMNS, refused_rows, step_rows
from unitclient.desktop.pages.records.state import RecordsState
from unitclient.desktop.pages.sign.words import TRACKS, named, track_word
from unitclient.desktop.session import Session
from unitclient.desktop.widgets.basic import boxed, button, column, label, row
from unitclient.desktop.widgets.card import Card
from unitclient.desktop.widgets.status_pill import StatusPill
from unitclient.desktop.widgets.table_view import TableView
from unitclient.texts import say
from unitclient.workflows.following import Detail


class DetailPanel(Card):
    """One declaration. `acts` are called by the buttons: verify, papers, envelope, correct, void, pay, ticket."""

    def __init__(self, session: Session, acts: dict[str, Callable[[], object]], parent: QWidget | None = None) -> None:
        super().__init__(say("d-records-pick"), parent)
        self._session = session
        self.pills = {track: StatusPill() for track in ("transport", "acceptance", "money")}
        for pill in self.pills.values():
            self.head.insertWidget(self.head.count() - 1, pill)
        self.buttons = {
            "verify": button(say("d-records-verify"), acts["verify"], icon="check"),
            "papers": button(say("d-records-papers"), acts["papers"], icon="documents"),
            "envelope": button(say("d-records-envelope"), acts["envelope"], icon="save"),
            "pay": button(say("d-records-pay"), acts["pay"], icon="payments"),
            "correct": button(say("d-records-correct"), acts["correct"], icon="edit"),
            "void": button(say("d-records-void"), acts["void"], "danger"),
            "ticket": button(say("d-records-ticket"), acts["ticket"], icon="help"),
        }
        self.facts = label("", "secondary", wrap=True, selectable=True)
        self.steps_model, self.refused_model = ListTableModel(STEP_COLUMNS), ListTableModel(REFUSED_COLUMNS)
        self.steps = TableView(say("d-steps-table"), stretch_last=True)
        self.refused = TableView(say("d-refused-table"), stretch_last=True)
        self.steps.set_model(self.steps_model)
        self.refused.set_model(self.refused_model)
        self.refused.menu_wanted.connect(self._offer_reveal)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.setAccessibleName(say("d-tabs-detail"))
        self.tabs.addTab(self.steps, "")
        self.tabs.addTab(self.refused, "")
        self.tabs.addTab(boxed(column(self.facts, 1, margins=(4, 8, 4, 8))), say("d-tab-facts"))
        self.body.addLayout(row(*self.buttons.values(), 1))
        self.body.addWidget(self.tabs, 1)
        session.masking_changed.connect(self.refused_model.set_masked)
        self.render_state(RecordsState())

    def render_state(self, state: RecordsState) -> None:
        """Show the declaration in front; without one say what to do."""
        told = state.detail
        for widget in (*self.buttons.values(), *self.pills.values(), self.tabs):
            widget.setVisible(told is not None)
        if told is None:
            self.set_title(say("d-reading") if state.current else say("d-records-pick"))
            return
        self._render(told)

    def offers(self, act: str) -> bool:
        """Whether an act can be done with the declaration in front."""
        return not self.buttons[act].isHidden()

    def _render(self, told: Detail) -> None:
        record = told.record
        self.set_title(named(record.form_title, record.period, record.kind))
        for track, value in (("transport", record.transport), ("acceptance", record.acceptance),
                             ("money", record.money)):  # fmt: skip
            self._show_pill(track, value)
        self.facts.setText(_facts(told))
        self.facts.setAccessibleName(_facts(told))
        self.refused_model.set_masked(self._session.masked())
        self.steps_model.set_rows(step_rows(told.steps))
        self.refused_model.set_rows(refused_rows(told.refused))
        self.tabs.setTabText(0, say("d-tab-steps", count=len(told.steps)))
        self.tabs.setTabText(1, say("d-tab-refused", count=len(told.refused)))
        self.tabs.setTabVisible(1, bool(told.refused))
        wanted = {"verify": told.papers, "papers": told.papers, "envelope": told.papers, "pay": told.payable,
                  "correct": told.correctable, "void": told.voidable, "ticket": told.papers}  # fmt: skip
        for name, shown in wanted.items():
            self.buttons[name].setVisible(shown)

    def _show_pill(self, track: str, value: str | None) -> None:
        pill = self.pills[track]
        pill.setVisible(value is not None)
        if value is not None:
            colour, sign = TRACKS[track][value]
            pill.show_state(colour, track_word(track, value), sign)

    def _offer_reveal(self, menu: QMenu) -> None:
        index = self.refused.current()
        if not index.isValid() or not self._session.masked():
            return
        key = REFUSED_COLUMNS[index.column()].key

        def reveal() -> None:
            if self.refused_model.reveal(index):
                self._session.note_unmask(key)

        if REFUSED_COLUMNS[index.column()].sensitive:
            action = menu.addAction(say("d-unmask-cell"))
            if action is not None:
                action.triggered.connect(lambda _checked=False: reveal())


def _facts(told: Detail) -> str:
    record = told.record
    lines = [say("d-detail-facts", id=record.id, sha256=told.sha256 or "－")]
    if record.acceptance_number:
        lines.append(say("d-detail-number", number=record.acceptance_number))
    if record.supersedes:
        lines.append(say("d-detail-replaces", id=record.supersedes))
    if told.replaced_by:
        lines.append(say("d-detail-replaced", id=told.replaced_by))
    return "\n".join(lines)
