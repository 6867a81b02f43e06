"""The restore wizard's widgets."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PyQt6.QtGui import QCloseEvent
from PyQt6.QtWidgets import QDialog, QVBoxLayout, QWidget

from unitclient.desktop.dialogs.restore.presenter import RestorePresenter, RestoreState
from unitclient.desktop.dialogs.unlock.field import PassphraseField
from unitclient.desktop.pages.sign.words import moment
from unitclient.desktop.theme.tokens import State
from unitclient.desktop.widgets.banner import Banner
from unitclient.desktop.widgets.basic import button, label, row
from unitclient.desktop.widgets.form_field import FormField
from unitclient.texts import say

if TYPE_CHECKING:
    from unitclient.desktop.services import Services
    from unitclient.store.restore import RestoreReport

_WIDTH = 520


class RestoreDialog(QDialog):
    """Choose, read what it means, do it, read what was done. It cannot be closed while it works."""

    def __init__(self, services: Services, done: Callable[[Any], None], file: str = "",
                 parent: QWidget | None = None) -> None:  # fmt: skip
        super().__init__(parent)
        self.setWindowTitle(say("d-restore-title"))
        self.setAccessibleName(say("d-restore-title"))
        self.presenter = RestorePresenter(services)
        self.presenter.setParent(self)
        self.banner = Banner()
        self.file = label("", wrap=True, selectable=True)
        self.choose = button(say("d-restore-choose"), self.presenter.choose, icon="folder")
        self.word = PassphraseField()
        self.field = FormField(say("d-restore-word"), self.word, say("d-restore-word-hint"))
        self.stop = button(say("d-cancel"), self.reject)
        self.act = button(say("d-restore-act"), self._restore, "danger")
        why = label(say("d-restore-why"), "secondary", wrap=True)
        why.setMinimumWidth(_WIDTH)
        box = QVBoxLayout(self)
        box.setContentsMargins(24, 16, 24, 16)
        box.setSpacing(12)
        box.addWidget(label(say("d-restore-title"), "sectionTitle"))
        box.addWidget(why)
        chosen = row(self.choose, self.file, gap=12)
        chosen.setStretch(1, 1)
        box.addLayout(chosen)
        box.addWidget(self.field)
        box.addWidget(self.banner)
        box.addLayout(row(1, self.stop, self.act))
        self.presenter.changed.connect(self.render_state)
        self.finished.connect(lambda _answer: done(self.presenter.state.report))
        self.finished.connect(self.deleteLater)
        self.render_state(self.presenter.state)
        if file:
            self.presenter.take(Path(file))
        self.choose.setFocus()

    def render_state(self, state: RestoreState) -> None:
        """Show a state."""
        ended = state.report is not None
        self.file.setText(_about(state) if state.file else say("d-restore-none"))
        self.field.setVisible(state.needs_word and not ended)
        self.choose.setEnabled(not state.busy and not ended)
        self.act.setEnabled(state.file is not None and not state.busy)
        self.act.setVisible(not ended)
        self.act.setText(say("d-restore-running" if state.busy else "d-restore-act"))
        self.stop.setEnabled(not state.busy)
        self.stop.setText(say("d-close") if ended else say("d-cancel"))
        if state.report is not None:
            self.banner.tell(State.OK, _result(state.report))
            self.banner.set_lasting(True)
        elif state.refusal is not None:
            self.banner.refuse(state.refusal)
        else:
            self.banner.hide()

    def reject(self) -> None:
        """Esc; not while it works."""
        if not self.presenter.state.busy:
            super().reject()

    def closeEvent(self, event: QCloseEvent | None) -> None:  # noqa: N802 - Qt's name
        """Not while it works."""
        if event is not None and self.presenter.state.busy:
            event.ignore()
            return
        super().closeEvent(event)

    def _restore(self) -> None:
        self.presenter.ask_and_restore(self.word.text())


def _about(state: RestoreState) -> str:
    assert state.file is not None
    return say("d-restore-file", file=state.file.name, made=_made(state.made_at))


def _made(told: str) -> str:
    try:
        return moment(datetime.fromisoformat(told))
    except ValueError:
        return told


def _result(report: RestoreReport) -> str:
    units, declarations = report.rows.get("unit", 0), report.rows.get("declaration", 0)
    told = say("d-restore-done", made=_made(report.made_at), units=units, declarations=declarations)
    aside = say("d-restore-aside", path=report.moved_aside) if report.moved_aside else ""
    return f"{told}{aside}"
