"""The cards beside the list: the certificate, the sums, and the work under way with its cancel button."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import Qt, QTimer
from PyQt6.QtWidgets import QGridLayout, QLabel, QListWidget, QProgressBar, QWidget

from unitclient.desktop.pages.sign.state import Moved, Phase, SignState
from unitclient.desktop.pages.sign.words import day, note_word, track_word, yuan
from unitclient.desktop.theme.tokens import State
from unitclient.desktop.widgets.basic import button, label, row
from unitclient.desktop.widgets.card import Card
from unitclient.desktop.widgets.status_pill import StatusPill
from unitclient.texts import say

WARN_DAYS = 60
SILENT_S = 5
"""After so many seconds without a sign of the key the page says that one may cancel."""
_TICK_MS = 1000


class _Pairs(QGridLayout):
    """Labels on the left, values on the right."""

    def __init__(self, *keys: str) -> None:
        super().__init__()
        self.setHorizontalSpacing(12)
        self.setVerticalSpacing(4)
        self.setColumnStretch(1, 1)
        self.values: dict[str, QLabel] = {}
        for place, key in enumerate(keys):
            name = label(say(key), "secondary")
            value = label("", wrap=True)
            value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
            self.addWidget(name, place, 0, Qt.AlignmentFlag.AlignTop)
            self.addWidget(value, place, 1)
            self.values[key] = value

    def show_value(self, key: str, text: str) -> None:
        """Set a value."""
        self.values[key].setText(text)
        self.values[key].setAccessibleName(f"{say(key)} {text}")


class CertificateCard(Card):
    """Under which certificate it is signed, and for how long that holds."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(say("d-cert-title"), parent)
        self.subject = label("", "strong", wrap=True, selectable=True)
        self.pill = StatusPill()
        self.pairs = _Pairs("d-cert-issuer", "d-cert-serial", "d-cert-until")
        self.body.addWidget(self.subject)
        self.body.addLayout(self.pairs)
        self.head.addWidget(self.pill)

    def render_state(self, state: SignState) -> None:
        """Show the unit's certificate."""
        known = state.certificate
        self.subject.setText(known.subject if known else say("d-cert-none"))
        self.pill.setVisible(known is not None)
        for key, text in (
            ("d-cert-issuer", known.issuer if known else ""),
            ("d-cert-serial", _grouped(known.serial) if known else ""),
            ("d-cert-until", day(known.not_after) if known else ""),
        ):
            self.pairs.show_value(key, text)
        days = state.days_left or 0
        colour = State.ERR if days < 0 else State.WARN if days < WARN_DAYS else State.OK
        self.pill.show_state(colour, say("d-cert-expired") if days < 0 else say("d-cert-days", days=days))


class SumCard(Card):
    """What is chosen, summed up."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(say("d-sums-title"), parent)
        self.pairs = _Pairs("d-sums-declarations", "d-sums-persons", "d-sums-rows", "unit-part", "person-part")
        self.total = label("", "sectionTitle")
        self.total.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.body.addLayout(self.pairs)
        self.body.addLayout(row(label(say("sum"), "secondary"), 1, self.total))

    def render_state(self, state: SignState) -> None:
        """Show the sums."""
        sums = state.totals
        for key, text in (
            ("d-sums-declarations", f"{sums.declarations:,}"),
            ("d-sums-persons", f"{sums.persons:,}"),
            ("d-sums-rows", f"{sums.rows:,}"),
            ("unit-part", yuan(sums.unit_fen)),
            ("person-part", yuan(sums.person_fen)),
        ):
            self.pairs.show_value(key, text)
        self.total.setText(yuan(sums.total_fen))
        self.total.setAccessibleName(say("d-sums-total", total=yuan(sums.total_fen)))


class WorkCard(Card):
    """What key or centre are doing now, step by step; a silent key can be given up at any time."""

    def __init__(self, cancel: Callable[[], object], parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(8)
        self.bar.setAccessibleName(say("d-work-progress"))
        self.word = label("", "strong")
        self.silent = label("", "warning")
        self.stop = button(say("d-work-cancel"), cancel, icon="stop")
        self.steps = QListWidget()
        self.steps.setAccessibleName(say("d-work-steps"))
        self.steps.setFixedHeight(132)
        self.body.addLayout(row(self.word, self.silent, 1, self.stop))
        self.body.addWidget(self.bar)
        self.body.addWidget(self.steps)
        self._shown: tuple[Moved, ...] = ()
        self._seconds = 0
        self._told: object = None
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self._tick)
        self.hide()

    def render_state(self, state: SignState) -> None:
        """Show the work under way; the steps of the last sending stay."""
        self.setVisible(state.busy or bool(state.steps))
        self.bar.setVisible(state.phase is Phase.SIGNING)
        self.stop.setVisible(state.busy)
        self.stop.setText(say("d-work-stop-looking" if state.phase is Phase.SENDING else "d-work-cancel"))
        done, total = state.progress
        self.bar.setRange(0, max(1, total))
        self.bar.setValue(max(0, done - 1))
        self._say(state)
        self._show_steps(state.steps)
        self._watch(state)

    def _say(self, state: SignState) -> None:
        done, total = state.progress
        texts = {
            Phase.ASKING: lambda: say("d-work-asking"),
            Phase.SIGNING: lambda: say("d-work-signing", done=done, total=total, name=state.current),
            Phase.SENDING: lambda: say("d-work-sending"),
        }
        text = texts[state.phase]() if state.phase in texts else say("d-work-last")
        self.word.setText(text)
        self.word.setAccessibleName(text)

    def _show_steps(self, steps: tuple[Moved, ...]) -> None:
        if steps == self._shown:
            return
        if steps[: len(self._shown)] != self._shown:
            self.steps.clear()
            self._shown = ()
        for step in steps[len(self._shown) :]:
            self.steps.addItem(_step_text(step))
        self._shown = steps
        self.steps.setVisible(bool(steps))
        self.steps.scrollToBottom()

    def _watch(self, state: SignState) -> None:
        """Count the seconds without a sign of the key; the PIN dialog has a clock of its own."""
        sign_of_life = (state.phase, state.progress, state.current)
        if sign_of_life != self._told:
            self._told, self._seconds = sign_of_life, 0
            self.silent.setText("")
        self.steps.setVisible(bool(state.steps))
        signing = state.phase is Phase.SIGNING
        if signing and not self._timer.isActive():
            self._timer.start()
        elif not signing:
            self._timer.stop()

    def _tick(self) -> None:
        self._seconds += 1
        if self._seconds >= SILENT_S:
            self.silent.setText(say("d-work-silent", seconds=self._seconds))


def _grouped(serial: str) -> str:
    """A serial number in groups of four, so that it can be read out and wraps."""
    return " ".join(serial[place : place + 4] for place in range(0, len(serial), 4))


def _step_text(step: Moved) -> str:
    """One live step: which declaration, what happened, why."""
    note = note_word(step.track, step.state, step.note)
    text = say("d-step", name=step.name, state=track_word(step.track, step.state))
    return say("d-step-why", step=text, why=note) if note else text
