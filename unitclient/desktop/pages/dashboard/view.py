"""The dashboard's widgets. What can be seen at once is built at once; charts and their library come after it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import timedelta

from PyQt6.QtCore import QTimer
from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from unitclient.desktop.actions.spec import ActionSpec, Scope
from unitclient.desktop.kept import Truth
from unitclient.desktop.pages.base import Page
from unitclient.desktop.pages.dashboard.presenter import DashboardPresenter
from unitclient.desktop.pages.dashboard.state import DashboardState, Fact, Trends
from unitclient.desktop.services import Services
from unitclient.desktop.theme.tokens import State
from unitclient.desktop.widgets.basic import button, label, row
from unitclient.desktop.widgets.card import Card
from unitclient.desktop.widgets.countdown import Countdown
from unitclient.desktop.widgets.scrolled import scrolled
from unitclient.desktop.widgets.status_pill import StatusPill
from unitclient.desktop.widgets.stepper import Stepper
from unitclient.desktop.widgets.todo import NoteList
from unitclient.errors import UserError
from unitclient.texts import say

_LONGEST = timedelta(days=40)
"""No picture of this page is true for longer."""
ACTS = (
    ActionSpec("dash-next", "d-act-dash-next", "", Scope.PAGE, "main_action", "d-act-dash-next-help", "has_next"),
    ActionSpec("dash-backup", "d-act-dash-backup", "", Scope.PAGE, "back_up", "d-act-dash-backup-help", icon="backup"),
)


class FactLine(QWidget):
    """Pill, sentence and detail of one fact, and at most one button. A narrow card has the sentence below the pill."""

    def __init__(self, act: QWidget | None = None) -> None:
        super().__init__()
        self.pill = StatusPill()
        self.text = label("", wrap=True)
        self.detail = label("", "hint", wrap=True)
        self._act = act
        self._head = row(self.pill)
        self._head.addWidget(self.text, 1)
        self._head.addStretch(0)
        if act is not None:
            self._head.addWidget(act)
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(4)
        self._box.addLayout(self._head)
        self._box.addWidget(self.detail)

    def resizeEvent(self, event: QResizeEvent | None) -> None:  # noqa: N802 - Qt's name
        """Put the sentence where it has room."""
        super().resizeEvent(event)
        self._place_text()

    def _place_text(self) -> None:
        beside = self.pill.sizeHint().width() + (self._act.sizeHint().width() if self._act else 0) + 24
        needed = self.text.fontMetrics().horizontalAdvance(self.text.text())
        below = beside + needed > self.width() and needed > 0
        if below == (self._head.indexOf(self.text) < 0):
            return
        if below:
            self._head.removeWidget(self.text)
            self._head.setStretch(1, 1)
            self._box.insertWidget(1, self.text)
        else:
            self._box.removeWidget(self.text)
            self._head.insertWidget(1, self.text, 1)
            self._head.setStretch(2, 0)

    def show_fact(self, fact: Fact) -> None:
        """Show it."""
        self.pill.show_state(fact.state, fact.word)
        self.text.setText(fact.text)
        self.detail.setText(fact.detail)
        self.detail.setVisible(bool(fact.detail))
        self._place_text()


class DashboardPage(Page):
    """本月申报."""

    page_id = "dashboard"
    title_key = "d-page-dashboard"
    help_id = "d-help-dashboard"
    topics = frozenset({"items", "roster", "declarations", "outbox", "documents", "units", "settings"})

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(services, parent)
        self.presenter = DashboardPresenter(services, self.render_state, self.render_trends, self._tell, self._refuse)
        self.countdown = Countdown(services.clock.now)
        self.next = button("", self.presenter.do_next, "primary")
        self.stepper = Stepper(say("d-steps-name"))
        self.to_dos = NoteList(say("d-todos-name"), say("d-todos-none"))
        self.queue = FactLine(button(say("d-dash-queue-open"), lambda: services.shell.go("queue"), "link"))
        self.certificate = FactLine(button(say("d-dash-cert-open"), lambda: services.shell.go("keys"), "link"))
        self.backup = FactLine(button(say("d-dash-backup-now"), self.presenter.back_up, "link"))
        self.trends = Card(say("d-trends"))
        self.trends_body: QWidget | None = None
        self._known_trends = Trends()
        self.stepper.chosen.connect(self.presenter.go_to_step)
        self.to_dos.acted.connect(self.presenter.do)
        self._lay_out()
        self._show_skeleton()

    def refresh(self) -> None:
        """See Page."""
        self.presenter.refresh()

    def read_now(self) -> Truth:
        """See Page: the time that is left moves, and with the deadline another month comes to the front."""
        self.presenter.read_now()
        self._show_trends()
        self.banner.dismiss()
        state = self.presenter.state
        until = state.deadline.until if state is not None else None
        left = until - self.services.clock.now() if until is not None else _LONGEST
        return self.countdown.moving(self.window() or self), time.time() + min(left, _LONGEST).total_seconds()

    def main_action(self) -> None:
        """The next step."""
        self.presenter.do_next()

    def has_next(self) -> bool:
        """Whether there is a next step."""
        return not self.next.isHidden()

    def back_up(self) -> None:
        """Back up now."""
        self.presenter.back_up()

    def page_actions(self) -> tuple[ActionSpec, ...]:
        """See Page."""
        return ACTS

    def receive(self, target: Mapping[str, str]) -> None:
        """See Page: the dashboard shows what is in front, whoever led here."""

    def render_state(self, state: DashboardState) -> None:
        """Show a state; rendering the same again changes nothing."""
        self.set_title(state.title)
        deadline = state.deadline
        self.countdown.show_deadline(
            deadline.until, (deadline.line, deadline.source), deadline.pills, calm=deadline.met
        )
        self.next.setText(state.next.word)
        self.next.setVisible(bool(state.next.key))
        self.stepper.show_steps(state.steps)
        self.to_dos.show_notes(state.to_dos)
        self.queue.show_fact(state.queue)
        self.certificate.show_fact(state.certificate)
        self.backup.show_fact(state.backup)

    def render_trends(self, trends: Trends) -> None:
        """Keep the figures; the charts are made when the window has time for them."""
        self._known_trends = trends
        QTimer.singleShot(0, self._show_trends)

    def _show_trends(self) -> None:
        if self.trends_body is None:
            from unitclient.desktop.pages.dashboard.trends import TrendsView

            self._wait.hide()
            self.trends_body = TrendsView(self.services, self.trends.head)
            self.trends.body.addWidget(self.trends_body, 1)
        from unitclient.desktop.pages.dashboard.trends import TrendsView

        assert isinstance(self.trends_body, TrendsView)
        self.trends_body.show_trends(self._known_trends)

    def _show_skeleton(self) -> None:
        """What stands there until the month is read: names and places, no figures."""
        reading = Fact(State.OFF, say("d-dash-wait-word"), "")
        for line in (self.queue, self.certificate, self.backup):
            line.show_fact(reading)
        self.countdown.number.setText("…")
        self.next.hide()

    def _lay_out(self) -> None:
        first, month, to_dos = Card(say("d-deadline")), Card(say("d-steps")), Card(say("d-todos"))
        queue, safe = Card(say("d-dash-queue")), Card(say("d-dash-safe"))
        self._wait = label(say("d-dash-wait"), "hint")
        self.head.addWidget(self.next)
        first.body.addWidget(self.countdown)
        first.body.addStretch(1)
        queue.body.addWidget(self.queue)
        queue.body.addStretch(1)
        safe.body.addWidget(self.certificate)
        safe.body.addWidget(self.backup)
        safe.body.addStretch(1)
        month.body.addWidget(self.stepper)
        to_dos.body.addWidget(self.to_dos)
        self.trends.body.addWidget(self._wait)
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(12)
        for place, card in enumerate((first, queue, safe)):
            grid.addWidget(card, 0, place * 2, 1, 2)
        grid.addWidget(month, 1, 0, 1, 6)
        grid.addWidget(to_dos, 2, 0, 1, 3)
        grid.addWidget(self.trends, 2, 3, 1, 3)
        for column in range(6):
            grid.setColumnStretch(column, 1)
        grid.setRowStretch(2, 1)
        inner = QWidget()
        inner.setLayout(grid)
        self.body.addWidget(scrolled(inner, say("d-dash-scroll")))

    def _tell(self, text: str) -> None:
        self.banner.tell(State.OK, text)

    def _refuse(self, refusal: UserError) -> None:
        self.banner.refuse(refusal)
