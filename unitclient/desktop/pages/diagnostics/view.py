"""The diagnostics page: checks to the left, the report to the right."""

from __future__ import annotations

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QGridLayout, QHBoxLayout, QPlainTextEdit, QWidget

from unitclient.desktop.pages.base import Page
from unitclient.desktop.pages.diagnostics.presenter import DiagnosticsPresenter
from unitclient.desktop.pages.diagnostics.state import DiagnosticsState, Line
from unitclient.desktop.services import Services
from unitclient.desktop.theme import fonts
from unitclient.desktop.theme.look import look
from unitclient.desktop.widgets.basic import boxed, button, clear_layout, column, label, row
from unitclient.desktop.widgets.card import Card
from unitclient.desktop.widgets.scrolled import scrolled
from unitclient.desktop.widgets.status_pill import StatusPill
from unitclient.texts import say


class DiagnosticsPage(Page):
    """See DiagnosticsPresenter."""

    page_id = "diagnostics"
    title_key = "d-diag-title"
    help_id = "d-diag-help"

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(services, parent)
        self.presenter = DiagnosticsPresenter(services)
        self.again = button(say("d-diag-again"), self.presenter.check, "primary")
        self.head.addWidget(button(say("d-diag-folder"), self.presenter.open_folder, icon="folder"))
        self.head.addWidget(self.again)
        self._checks = QGridLayout()
        self._checks.setHorizontalSpacing(12)
        self._checks.setVerticalSpacing(10)
        self._checks.setColumnStretch(1, 1)
        self._facts = QGridLayout()
        self._facts.setHorizontalSpacing(16)
        self._facts.setColumnStretch(1, 1)
        columns = QHBoxLayout()
        columns.setSpacing(12)
        columns.addWidget(self._left(), 3)
        columns.addWidget(self._right(), 2)
        self.body.addLayout(columns, 1)
        self.presenter.changed.connect(self.show_state)

    def refresh(self) -> None:
        """Check again."""
        self.presenter.check()

    def main_action(self) -> None:
        """Check again."""
        self.presenter.check()

    def show_state(self, state: DiagnosticsState) -> None:
        """Show the checks and the report."""
        self.again.setEnabled(not state.busy)
        clear_layout(self._checks)
        if state.busy and not state.lines:
            self._checks.addWidget(label(say("d-diag-busy"), "secondary"), 0, 0)
        for place, line in enumerate(state.lines):
            self._show_check(place, line)
        self._show_facts(state.facts)
        self.report.setPlainText(state.report)
        self.copy.setEnabled(bool(state.report))
        self.save.setEnabled(bool(state.report))
        self.said.setText(state.said)
        self.said.setVisible(bool(state.said))

    def _left(self) -> QWidget:
        checks, facts = Card(say("d-diag-checks")), Card(say("d-diag-facts"))
        checks.body.addLayout(self._checks)
        facts.body.addLayout(self._facts)
        return scrolled(boxed(column(checks, facts, 1, gap=12)), say("d-diag-checks"))

    def _right(self) -> Card:
        card = Card(say("d-diag-report"))
        self.report = QPlainTextEdit()
        self.report.setReadOnly(True)
        self.report.setTabChangesFocus(True)
        self.report.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        self.report.setFont(fonts.mono(look().font_size))
        self.report.setAccessibleName(say("d-diag-report"))
        self.copy = button(say("d-copy"), self.presenter.copy, icon="copy")
        self.save = button(say("d-diag-save-act"), self.presenter.save, icon="lock")
        self.said = label("", "secondary", wrap=True)
        card.body.addWidget(label(say("d-diag-report-why"), "hint", wrap=True))
        card.body.addWidget(self.report, 1)
        card.body.addLayout(row(self.copy, self.save, 1))
        card.body.addWidget(self.said)
        return card

    def _show_facts(self, facts: tuple[tuple[str, str], ...]) -> None:
        clear_layout(self._facts)
        for place, (name, value) in enumerate(facts):
            self._facts.addWidget(label(name, "secondary"), place, 0)
            self._facts.addWidget(label(value, selectable=True, wrap=True), place, 1)

    def _show_check(self, place: int, line: Line) -> None:
        pill = StatusPill(line.state, say(f"d-diag-state-{line.state.value}"))
        words = column(label(line.title, "strong"), label(line.text, "secondary", wrap=True, selectable=True), gap=2)
        self._checks.addWidget(pill, place, 0, Qt.AlignmentFlag.AlignTop)
        self._checks.addLayout(words, place, 1)
