"""The PIN dialog: what exactly will be signed, how near the key is to its lock, and one field for the PIN.

Enter counts in the PIN field alone, so that a key meant for something else never signs. The PIN leaves the dialog
once, by `done`; the field is emptied at the end whatever the end was, and the dialog closes by itself when nobody
types for two minutes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PyQt6.QtCore import Qt, QTimer
from PyQt6.QtGui import QShowEvent
from PyQt6.QtWidgets import QCheckBox, QDialog, QLabel, QVBoxLayout, QWidget

from unitclient.desktop.dialogs.pin_field import PinField, hide_from_capture
from unitclient.desktop.dialogs.pin_summary import shorten_lines, summary_box
from unitclient.desktop.theme.tokens import SIGNS, State
from unitclient.desktop.widgets.basic import button, column, label, line, restyle, row
from unitclient.desktop.widgets.room import room_over
from unitclient.texts import say
from unitclient.tokens.keyref import PinState

if TYPE_CHECKING:
    from unitclient.desktop.dialogs.service import SignSummary
    from unitclient.desktop.services import Services
    from unitclient.tokens.keyref import PinAsk

TIMEOUT_MS = 120_000
"""So long the dialog waits for a key."""
_WIDTH = 560


class PinDialog(QDialog):
    """Asks for the PIN of one signing. `done` gets it, or None. `rehearsed` is the practice key's PIN, to be shown."""

    def __init__(
        self,
        question: PinAsk,
        summary: SignSummary,
        done: Callable[[str | None], None],
        *,
        remote: bool = False,
        rehearsed: str = "",
        timeout_ms: int = TIMEOUT_MS,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._question, self._done = question, done
        self.setWindowTitle(say("d-pin-title", unit=summary.unit_name))
        self.setAccessibleName(say("d-pin-title", unit=summary.unit_name))
        self.setMinimumWidth(_WIDTH)
        self.field = PinField()
        self.confirm_remote = QCheckBox(say("d-pin-remote-confirm"))
        self.confirm_last = QCheckBox(say("d-pin-last-confirm"))
        count = len(summary.lines)
        act = say("d-pin-act-purpose") if summary.purpose else say("d-pin-act", count=count)
        self.act = button(act, self._accept, "primary", icon="sign")
        self.stop = button(say("d-cancel"), self.reject)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(timeout_ms)
        self._timer.timeout.connect(self.reject)
        self._remote, self._rehearsed = remote, rehearsed
        self._lay_out(summary)
        self._connect()
        self._check()

    def showEvent(self, event: QShowEvent | None) -> None:  # noqa: N802 - Qt's name
        """Kept out of captures, the focus in the field, the clock running."""
        super().showEvent(event)
        self._grow()
        hide_from_capture(self)
        (self.stop if self._question.on_device else self.field).setFocus(Qt.FocusReason.OtherFocusReason)
        self._timer.start()

    def done(self, result: int) -> None:
        """The end, whatever it was: the field is emptied, then the answer is given."""
        self._timer.stop()
        pin = self.field.take()
        super().done(result)
        accepted = result == QDialog.DialogCode.Accepted
        answer, self._done = self._done, lambda _pin: None
        answer(pin if accepted else None)

    def _grow(self) -> None:
        """As high as wrapped lines need at this width: nothing of what is signed may be cut off."""
        layout = self.layout()
        if layout is None:
            return
        needed = layout.totalHeightForWidth(self.width())
        room = room_over(self).height()
        needed -= shorten_lines(self, needed - room)
        if needed > room:
            needed -= self._hint.heightForWidth(self._hint.width()) + layout.spacing()
            self._hint.hide()
        self.setMinimumHeight(needed)
        self.resize(self.width(), needed)

    def _lay_out(self, summary: SignSummary) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(24, 16, 24, 16)
        box.setSpacing(10)
        box.addWidget(label(say("d-pin-head"), "sectionTitle"))
        box.addWidget(summary_box(summary))
        box.addWidget(line())
        notes = self._notes()
        if notes:
            box.addLayout(column(*notes, gap=4))
        box.addWidget(self._asked())
        box.addWidget(self.field)
        self.field.setHidden(self._question.on_device)
        self._hint = label(say("d-pin-kept-nowhere", seconds=self._timer.interval() // 1000), "hint", wrap=True)
        box.addWidget(self._hint)
        box.addLayout(column(self.confirm_last, self.confirm_remote, gap=4))
        for tick, wanted in ((self.confirm_last, self._last_try()), (self.confirm_remote, self._remote)):
            tick.setVisible(wanted)
        box.addSpacing(4)
        box.addLayout(row(1, self.stop, self.act))

    def _asked(self) -> QLabel:
        key = "pin-ask-on-device" if self._question.on_device else "pin-ask"
        asked = label(say(key, label=self._question.token_label), "strong", wrap=True)
        asked.setBuddy(self.field)
        return asked

    def _notes(self) -> list[QWidget]:
        """How near the lock is, and that somebody may be looking."""
        asked = self._question
        notes: list[QWidget] = []
        if self._rehearsed:
            notes.append(_note(State.INFO, say("d-pin-rehearsed", pin=self._rehearsed)))
        if asked.retry:
            notes.append(_note(State.WARN, say("pin-ask-again")))
        if asked.pin_state in (PinState.LOW, PinState.FINAL):
            state = State.ERR if asked.pin_state is PinState.FINAL else State.WARN
            notes.append(_note(state, say(f"pin-state-{asked.pin_state.value}")))
        if asked.tries_left is not None and asked.pin_state is not PinState.FINAL:
            notes.append(_note(State.WARN, say("pin-tries", tries=asked.tries_left)))
        if self._remote:
            notes.append(_note(State.WARN, say("d-pin-remote")))
        return notes

    def _last_try(self) -> bool:
        return self._question.pin_state is PinState.FINAL

    def _connect(self) -> None:
        self.field.textChanged.connect(lambda _text: self._check())
        self.field.touched.connect(self._timer.start)
        self.field.returnPressed.connect(self._accept)
        for tick in (self.confirm_last, self.confirm_remote):
            tick.toggled.connect(lambda _on: self._check())

    def _check(self) -> None:
        self.act.setEnabled(self._may())

    def _may(self) -> bool:
        typed = self._question.on_device or bool(self.field.text())
        ticks = ((self.confirm_last, self._last_try()), (self.confirm_remote, self._remote))
        return typed and all(tick.isChecked() for tick, wanted in ticks if wanted)

    def _accept(self) -> None:
        if self._may():
            self.accept()


def _note(state: State, text: str) -> QLabel:
    """A line with sign and colour of a state."""
    made = label(f"{SIGNS[state]} {text}", wrap=True)
    made.setProperty("note", state.value)
    made.setAccessibleName(text)
    restyle(made)
    return made


def practice_pin(home: Path) -> str:
    """The practice key's PIN, which nobody can know who rehearses; empty when its key is not of this computer."""
    from unitclient.workflows.centre_process import pin_file

    try:
        return pin_file(home).read_text("utf-8").strip()
    except OSError:
        return ""


def open_dialog(
    services: Services, parent: QWidget | None, params: Mapping[str, Any], done: Callable[[str | None], None]
) -> None:
    """Open it over the window; params are "question" (PinAsk) and "summary" (SignSummary)."""
    from unitclient.desktop.screen import remote_mode

    summary: SignSummary = params["summary"]
    remote = remote_mode(str(services.settings.get("remote_mode")))
    rehearsed = practice_pin(services.home) if summary.practice else ""
    dialog = PinDialog(params["question"], summary, done, remote=remote, rehearsed=rehearsed, parent=parent)
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
