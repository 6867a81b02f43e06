"""The signing page's widgets: the list, the sums, the certificate, the work under way, and the result."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QAction, QKeySequence
from PyQt6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from unitclient.desktop.actions.spec import ActionSpec, Scope
from unitclient.desktop.models.list_table import ListTableModel
from unitclient.desktop.pages.base import Page
from unitclient.desktop.pages.sign.cards import CertificateCard, SumCard, WorkCard
from unitclient.desktop.pages.sign.rows import COLUMNS, strip_text, table_row
from unitclient.desktop.pages.sign.state import Outcome, Phase, SignState
from unitclient.desktop.screen import remote_mode
from unitclient.desktop.theme.tokens import SIGNS, State
from unitclient.desktop.widgets.basic import boxed, button, column, label, row
from unitclient.desktop.widgets.empty_state import EmptyState
from unitclient.desktop.widgets.scrolled import scrolled
from unitclient.desktop.widgets.table_view import TableView
from unitclient.desktop.widgets.table_view_layout import TableLayout
from unitclient.texts import error_texts, say, say_outcome

if TYPE_CHECKING:
    from unitclient.desktop.services import Services
    from unitclient.workflows.syncing import SyncResult

ACTS = (
    ActionSpec("sign-sign", "d-act-sign", "", Scope.PAGE, "sign_chosen", "d-act-sign-help", "can_sign"),
    ActionSpec("sign-send", "d-sign-send", "", Scope.PAGE, "send_queued", "d-act-send-help", "can_send"),
    ActionSpec("sign-stop", "d-work-cancel", "", Scope.PAGE, "stop_work", "d-act-stop-help", "can_stop"),
)
RETRY_CODES = ("pin-wrong", "pin-wrong-tries", "pin-wrong-final", "pin-form")


class SignView(Page):
    """Shows a SignState; tells what the person wants by its intents."""

    page_id, title_key, help_id = "sign", "d-sign", "d-sign-help"
    topics = frozenset({"declarations", "outbox", "units", "settings"})

    intent_refresh = pyqtSignal()
    intent_sign = pyqtSignal(bool)
    """True: the PIN entered before was wrong."""
    intent_send = pyqtSignal()
    intent_cancel = pyqtSignal()
    intent_toggle = pyqtSignal(str, bool)
    intent_all = pyqtSignal(bool)
    intent_only = pyqtSignal(object)
    """Set of declaration ids."""
    intent_go = pyqtSignal(str)

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(services, parent)
        self.state = SignState()
        self.send = button(say("d-sign-send"), self.intent_send.emit, icon="send")
        self.act = button("", lambda: self.intent_sign.emit(False), "primary", icon="sign")
        for each in (self.send, self.act):
            self.head.addWidget(each)
        self.model = ListTableModel(COLUMNS)
        self.table = TableView(say("d-sign-table"))
        self.table.set_model(self.model)
        self.table.keep_layout(TableLayout(services.settings, "sign"))
        self.table.activated.connect(self._toggle_row)
        self.table.current_changed.connect(lambda _row, _column: self._show_strip())
        self.table.addAction(self._space())
        self.blocked = label("", "warning", wrap=True)
        self.strip = label("", "secondary", wrap=True, selectable=True)
        self.certificate, self.sums, self.work = CertificateCard(), SumCard(), WorkCard(self.intent_cancel.emit)
        self.empty = EmptyState(say("d-sign-empty"), say("d-sign-empty-why"))
        self.pages = QStackedWidget()
        self.pages.addWidget(self.empty)
        self.pages.addWidget(boxed(self._list()))
        self.body.addWidget(self.pages, 1)
        self.body.addWidget(self.work)

    # -- the shell's calls

    def refresh(self) -> None:
        """Read again."""
        self.intent_refresh.emit()

    def main_action(self) -> None:
        """Sign what is chosen, or send when nothing waits."""
        (self.act if self.state.waiting else self.send).click()

    def receive(self, target: Mapping[str, str]) -> None:
        """Led here with a declaration: it alone (and what it counts on) is chosen."""
        if target.get("declaration"):
            self.intent_only.emit({target["declaration"]})

    def page_actions(self) -> tuple[ActionSpec, ...]:
        """See Page."""
        return ACTS

    def sign_chosen(self) -> None:
        """Ask for the PIN and sign what is chosen."""
        self.intent_sign.emit(False)

    def can_sign(self) -> bool:
        """Whether something that can be signed is chosen."""
        return self.state.ready

    def send_queued(self) -> None:
        """Send what is queued."""
        self.intent_send.emit()

    def can_send(self) -> bool:
        """Whether nothing else is under way."""
        return not self.state.busy

    def stop_work(self) -> None:
        """Stop what key or centre are doing."""
        self.intent_cancel.emit()

    def can_stop(self) -> bool:
        """Whether key or centre are at work."""
        return self.state.busy

    # -- rendering

    def render_state(self, state: SignState) -> None:
        """Show a state; the same state twice changes nothing."""
        self.state = state
        self.model.set_rows(table_row(one, state) for one in state.waiting)
        self.pages.setCurrentIndex(1 if state.waiting else 0)
        if not state.waiting:
            self._render_empty(state)
        self.certificate.render_state(state)
        self.sums.render_state(state)
        self.work.render_state(state)
        self.act.setText(say("d-sign-act", count=state.totals.declarations))
        self.act.setEnabled(state.ready)
        self.act.setToolTip(_why_not(state))
        self.blocked.setText(f"{SIGNS[State.WARN]} {say('d-sign-review-missing', count=state.review_missing)}")
        self.hint.setVisible(bool(state.review_missing))
        self.send.setText(say("d-sign-send-count", count=state.queued) if state.queued else say("d-sign-send"))
        self.send.setEnabled(not state.busy)
        self._show_strip()

    def tell_signed(self, outcome: Outcome) -> None:
        """The result of signing: what is signed, what still waits, why, and the next step."""
        if outcome.refusal is not None:
            self._tell_refused(outcome)
        elif outcome.cancelled:
            self.banner.tell(State.WARN, say("d-sign-cancelled", signed=len(outcome.signed), left=len(outcome.left)))
        else:
            self.banner.tell(State.OK, say("d-sign-done", count=len(outcome.signed)), say("d-sign-send"),
                             self.intent_send.emit)  # fmt: skip

    def tell_synced(self, result: SyncResult) -> None:
        """The result of sending."""
        told = {"sent": result.delivered(), "changes": result.changes}
        if result.trouble:
            key = "d-sent-trouble" if any(told.values()) else "d-sent-nothing"
            self.banner.tell(State.WARN, say(key, reason=say_outcome(result.trouble), **told),
                             say("d-go-queue"), lambda: self.intent_go.emit("queue"))  # fmt: skip
        else:
            key = "d-sent-settled" if result.settled else "d-sent-on-the-way"
            state = State.OK if result.settled else State.INFO
            self.banner.tell(state, say(key, **told), say("d-go-records"), lambda: self.intent_go.emit("records"))

    def _tell_refused(self, outcome: Outcome) -> None:
        refusal = outcome.refusal
        assert refusal is not None
        texts = "\n".join(error_texts(refusal.code, refusal.params))
        if refusal.code == "key-not-found" and remote_mode(str(self.services.settings.get("remote_mode"))):
            texts += "\n" + say("d-sign-remote-key")
        if outcome.signed:
            texts += "\n" + say("d-sign-part", signed="、".join(outcome.signed), left="、".join(outcome.left))
        elif refusal.code.startswith("key-"):
            texts += "\n" + say("d-sign-nothing-lost", count=len(outcome.left))
        if refusal.code in RETRY_CODES:
            self.banner.tell(State.ERR, texts, say("d-sign-retry"), lambda: self.intent_sign.emit(True))
        elif outcome.left and refusal.code.startswith("key-"):
            self.banner.tell(State.ERR, texts, say("d-sign-again"), lambda: self.intent_sign.emit(False))
        else:
            self.banner.tell(State.ERR, texts)

    def _render_empty(self, state: SignState) -> None:
        if state.phase is Phase.READING:
            self.empty.tell(say("d-reading"), "")
        elif state.queued:
            self.empty.tell(say("d-sign-empty-queued", count=state.queued), say("d-sign-empty-queued-why"),
                            say("d-sign-send"), self.intent_send.emit)  # fmt: skip
        else:
            self.empty.tell(say("d-sign-empty"), say("d-sign-empty-why"), say("d-go-review"),
                            lambda: self.intent_go.emit("review"))  # fmt: skip

    # -- small

    def _list(self) -> QHBoxLayout:
        choose = row(
            label(say("d-sign-list"), "sectionTitle"),
            1,
            button(say("d-sign-all"), lambda: self.intent_all.emit(True), "link"),
            button(say("d-sign-none"), lambda: self.intent_all.emit(False), "link"),
        )
        hint = row(self.blocked, button(say("d-go-review"), lambda: self.intent_go.emit("review"), "link"))
        hint.setStretch(0, 1)
        self.hint = boxed(hint)
        left = column(boxed(choose), self.hint, self.table, self.strip, gap=4)
        left.setStretch(2, 1)
        right = column(self.sums, self.certificate, 1, gap=12)
        # Under a refusal in a low window the cards scroll; the table keeps its place.
        side = scrolled(boxed(right), say("d-sums-title"))
        side.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        side.setFixedWidth(264)
        both = row(boxed(left), side, gap=12)
        both.setStretch(0, 1)
        return both

    def _space(self) -> QAction:
        action = QAction(say("d-sign-toggle"), self)
        action.setShortcut(QKeySequence("Space"))
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        action.triggered.connect(lambda _checked=False: self._toggle_row(self.table.current_row()))
        return action

    def _toggle_row(self, place: int) -> None:
        found = self.model.row(place)
        if found is not None and not self.state.busy:
            self.intent_toggle.emit(str(found["id"]), found["id"] not in self.state.chosen)

    def _show_strip(self) -> None:
        found = self.model.row(self.table.current_row())
        one = next((each for each in self.state.waiting if found and each.id == found["id"]), None)
        text = strip_text(one, self.state) if one else say("d-sign-strip-hint")
        self.strip.setText(text)
        self.strip.setAccessibleName(text)


def _why_not(state: SignState) -> str:
    """Why signing is not possible now; nothing when it is."""
    if state.review_missing:
        return say("d-sign-review-missing", count=state.review_missing)
    return "" if state.ready else say("d-sign-nothing-chosen")
