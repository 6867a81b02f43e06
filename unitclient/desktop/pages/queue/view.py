"""The queue page's widgets."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QCheckBox, QStackedWidget, QWidget

from unitclient.desktop.actions.spec import ActionSpec, Scope
from unitclient.desktop.models.list_table import ListTableModel
from unitclient.desktop.pages.base import Page
from unitclient.desktop.pages.queue.rows import COLUMNS, moved_word, need_words, strip_text, table_row
from unitclient.desktop.pages.queue.state import RETRYABLE, WITHDRAWABLE, QueueState
from unitclient.desktop.theme.tokens import State
from unitclient.desktop.widgets.basic import boxed, button, column, label, row
from unitclient.desktop.widgets.card import Card
from unitclient.desktop.widgets.empty_state import EmptyState
from unitclient.desktop.widgets.status_pill import StatusPill
from unitclient.desktop.widgets.table_view import TableView
from unitclient.desktop.widgets.table_view_layout import TableLayout
from unitclient.texts import say, say_outcome

if TYPE_CHECKING:
    from collections.abc import Mapping

    from unitclient.desktop.services import Services
    from unitclient.workflows.syncing import SyncResult

ACTS = (
    ActionSpec("queue-sync", "d-queue-send", "", Scope.PAGE, "main_action", "d-act-sync-help", ""),
    ActionSpec("queue-one", "d-queue-send-one", "", Scope.PAGE, "send_one", "d-act-send-one-help", "can_send_one"),
    ActionSpec(
        "queue-withdraw", "d-queue-withdraw", "", Scope.PAGE, "withdraw_one", "d-act-withdraw-help", "can_withdraw"
    ),
    ActionSpec("queue-export", "d-queue-export", "", Scope.PAGE, "export_one", "d-act-export-help", "has_current"),
    ActionSpec("queue-record", "d-queue-record", "", Scope.PAGE, "make_record", "d-act-record-help", ""),
    ActionSpec("queue-reply", "d-queue-reply", "", Scope.PAGE, "import_reply", "d-act-reply-help", ""),
)


class QueueView(Page):
    """Shows a QueueState."""

    page_id, title_key, help_id = "queue", "d-queue", "d-queue-help"
    topics = frozenset({"outbox", "declarations", "units"})

    intent_refresh = pyqtSignal()
    intent_send_all = pyqtSignal()
    intent_send_one = pyqtSignal()
    intent_withdraw = pyqtSignal()
    intent_export = pyqtSignal()
    intent_reply = pyqtSignal()
    intent_record = pyqtSignal()
    intent_take_reply = pyqtSignal(object)
    """Path of a reply file that was dropped."""
    intent_select = pyqtSignal(str)
    intent_ended = pyqtSignal(bool)
    intent_go = pyqtSignal(str)

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(services, parent)
        self.state = QueueState()
        self._wanted = ""
        self._buttons()
        self.need = Card()
        self.need_pill, self.need_why = StatusPill(), label("", "secondary", wrap=True)
        needs = row(self.need_pill, self.need_why, gap=12)
        needs.setStretch(1, 1)
        self.need.body.addLayout(needs)
        self.ended = QCheckBox(say("d-queue-ended"))
        self.ended.toggled.connect(self.intent_ended.emit)
        self.model = ListTableModel(COLUMNS)
        self.table = TableView(say("d-queue-table"))
        self.table.set_model(self.model)
        self.table.keep_layout(TableLayout(services.settings, "queue"))
        self.table.current_changed.connect(self._on_current)
        self.strip = label("", "secondary", wrap=True, selectable=True)
        self.empty = EmptyState(say("d-queue-empty"), say("d-queue-empty-why"), say("d-go-sign"),
                                lambda: self.intent_go.emit("sign"))  # fmt: skip
        self.pages = QStackedWidget()
        listed = column(self.table, self.strip, gap=4)
        listed.setStretch(0, 1)
        self.pages.addWidget(self.empty)
        self.pages.addWidget(boxed(listed))
        self.body.addWidget(self.need)
        self.body.addLayout(row(self.one, self.withdraw, self.export, 1, self.ended))
        self.body.addWidget(self.pages, 1)

    def _buttons(self) -> None:
        self.reply = button(say("d-queue-reply"), self.intent_reply.emit, icon="import")
        self.send = button(say("d-queue-send"), self.intent_send_all.emit, "primary", icon="send")
        self.one = button(say("d-queue-send-one"), self.intent_send_one.emit, icon="send")
        self.withdraw = button(say("d-queue-withdraw"), self.intent_withdraw.emit, "danger")
        self.export = button(say("d-queue-export"), self.intent_export.emit, icon="usb")
        self.record = button(say("d-queue-record"), self.intent_record.emit, icon="sign")
        self.head.addWidget(self.record)
        self.head.addWidget(self.reply)
        self.head.addWidget(self.send)

    # -- the shell's calls

    def refresh(self) -> None:
        """Read again."""
        self.intent_refresh.emit()

    def main_action(self) -> None:
        """Send what is due."""
        self.send.click()

    def receive(self, target: Mapping[str, str]) -> None:
        """Led here with a submission; what is not read yet is gone to once it is."""
        self._wanted = target.get("declaration", "")
        self._go_wanted()

    def drop_files(self, paths: list[str]) -> bool:
        """A reply file may be dropped on the page."""
        replies = [path for path in paths if path.lower().endswith(".json")]
        for path in replies:
            self.intent_take_reply.emit(Path(path))
        return bool(replies)

    def page_actions(self) -> tuple[ActionSpec, ...]:
        """See Page."""
        return ACTS

    def send_one(self) -> None:
        """Send the one in front at once."""
        self.one.click()

    def can_send_one(self) -> bool:
        """Whether it may be sent again."""
        return self.one.isEnabled()

    def withdraw_one(self) -> None:
        """Take the one in front out."""
        self.withdraw.click()

    def can_withdraw(self) -> bool:
        """Whether it may be taken out."""
        return self.withdraw.isEnabled()

    def export_one(self) -> None:
        """Write the offline file of the one in front."""
        self.export.click()

    def has_current(self) -> bool:
        """Whether a submission is in front."""
        return self.export.isEnabled()

    def import_reply(self) -> None:
        """Bring a reply in."""
        self.reply.click()

    def make_record(self) -> None:
        """Sign the record of attempts."""
        self.record.click()

    # -- rendering

    def render_state(self, state: QueueState) -> None:
        """Show a state."""
        self.state = state
        shown = state.shown()
        self.model.set_rows(table_row(entry, state) for entry in shown)
        self.pages.setCurrentIndex(1 if shown else 0)
        if not shown:
            self._render_empty()
        if state.need is not None:
            colour, head, why = need_words(state.need)
            self.need_pill.show_state(colour, head)
            self.need_why.setText(why)
        self.need.setVisible(state.need is not None)
        entry = state.entry()
        self.one.setEnabled(entry is not None and entry.state in RETRYABLE and not state.sending)
        self.withdraw.setEnabled(entry is not None and entry.state in WITHDRAWABLE)
        self.export.setEnabled(entry is not None)
        self.send.setEnabled(not state.sending)
        self.send.setText(say("d-queue-sending-now") if state.sending else say("d-queue-send"))
        text = strip_text(entry, state) if entry else say("d-queue-strip-hint")
        self.strip.setText(text)
        self.strip.setAccessibleName(text)
        self._go_wanted()

    def tell_synced(self, result: SyncResult) -> None:
        """The result of a round."""
        told = {"sent": result.delivered(), "changes": result.changes}
        moved = "".join("\n" + moved_word(one) for one in result.moved)
        late = [say_outcome(one.code) for one in result.tried.values() if one.outcome.value != "delivered"]
        if result.trouble or late:
            reason = say_outcome(result.trouble) if result.trouble else "；".join(dict.fromkeys(late))
            key = "d-sent-trouble" if any(told.values()) else "d-sent-nothing"
            self.banner.tell(State.WARN, say(key, reason=reason, **told) + moved)
            return
        self.banner.tell(State.OK, say("d-sent-settled" if result.settled else "d-sent-on-the-way", **told) + moved,
                         say("d-go-records"), lambda: self.intent_go.emit("records"))  # fmt: skip

    def tell_exported(self, paths: list[Path]) -> None:
        """Where the offline file lies."""
        files = "、".join(str(path) for path in paths)
        self.banner.tell(State.OK, say("d-queue-exported", path=files), say("d-show-folder"),
                         lambda: self.services.files.show(paths[0]))  # fmt: skip

    def tell_recorded(self, written: dict[str, Path]) -> None:
        """Where the signed record lies."""
        paper = written["attempts_paper"]
        self.banner.tell(State.OK, say("d-record-written", path=paper), say("d-show-folder"),
                         lambda: self.services.files.show(paper))  # fmt: skip

    def tell_replied(self, told: dict[str, object]) -> None:
        """What the reply said."""
        late = "" if told["timely"] else "\n" + say("d-queue-reply-late")
        self.banner.tell(State.OK if told["timely"] else State.WARN,
                         say("d-queue-replied", number=told["acceptance_number"]) + late,
                         say("d-go-records"), lambda: self.intent_go.emit("records"))  # fmt: skip

    def tell_withdrawn(self, name: str) -> None:
        """What was taken out."""
        self.banner.tell(State.INFO, say("d-queue-withdrawn", name=name), say("d-go-review"),
                         lambda: self.intent_go.emit("review"))  # fmt: skip

    def _render_empty(self) -> None:
        if self.state.reading:
            self.empty.tell(say("d-reading"), "")
        else:
            self.empty.tell(say("d-queue-empty"), say("d-queue-empty-why"), say("d-go-sign"),
                            lambda: self.intent_go.emit("sign"))  # fmt: skip

    def _go_wanted(self) -> None:
        place = self.model.row_of(self._wanted) if self._wanted else -1
        if place >= 0:
            self._wanted = ""
            self.table.go(place)

    def _on_current(self, place: int, _column: int) -> None:
        found = self.model.row(place)
        wanted = str(found["id"]) if found else ""
        if wanted != self.state.current:
            self.intent_select.emit(wanted)
