"""ImportDialog: the wizard's window around its steps."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QDragEnterEvent, QDropEvent, QKeyEvent
from PyQt6.QtWidgets import QDialog, QStackedWidget, QWidget

from unitclient.desktop.dialogs.import_wizard.presenter import ImportPresenter
from unitclient.desktop.dialogs.import_wizard.state import Step, WizardState
from unitclient.desktop.dialogs.import_wizard.steps import FileStep, MatchStep, RunStep
from unitclient.desktop.dialogs.import_wizard.tables import PreviewStep, ResultStep
from unitclient.desktop.pages.business.words import entered_forms
from unitclient.desktop.theme.tokens import State
from unitclient.desktop.widgets.banner import Banner
from unitclient.desktop.widgets.basic import button, column, label, line, restyle, row
from unitclient.desktop.widgets.room import resize_within
from unitclient.texts import say

if TYPE_CHECKING:
    from unitclient.desktop.services import Services

_SIZE = (920, 600)
_NEXT = {
    Step.FILE: "d-import-next-look",
    Step.MATCH: "d-import-next-preview",
    Step.PREVIEW: "d-import-next-run",
    Step.RUN: "d-import-next-run",
    Step.RESULT: "d-import-finish",
}


class ImportDialog(QDialog):
    """Passive: the presenter decides."""

    def __init__(
        self, services: Services, form_id: str, path: str, done: Callable[[Any], None], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._services = services
        self._told = done
        forms = tuple((form.id, str(form.title)) for form in entered_forms(services.session.desk().catalog))
        self.presenter = ImportPresenter(services, forms, form_id, path)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAcceptDrops(True)
        self.setModal(True)
        resize_within(self, *_SIZE)
        self.banner = Banner()
        self.file, self.match, self.preview = FileStep(), MatchStep(), PreviewStep()
        self.running, self.outcome = RunStep(), ResultStep()
        self.pages = QStackedWidget()
        for page in (self.file, self.match, self.preview, self.running, self.outcome):
            self.pages.addWidget(page)
        self.trail = [label("", "secondary") for _step in Step]
        self.busy = label("", "secondary")
        self.stop = button(say("d-cancel"), self.presenter.cancel)
        self.earlier = button(say("d-import-back"), self.presenter.back)
        self.onward = button("", self.presenter.go_on, "primary")
        self._fill()
        self._connect()
        self.presenter.start()

    def render_state(self, state: WizardState) -> None:
        """Show the wizard."""
        title = say("d-import-title", form=state.form_title) if state.form_title else say("d-import-title-any")
        self.setWindowTitle(title)
        self._show_trail(state.step)
        moved = self.pages.currentIndex() != int(state.step)
        self.pages.setCurrentIndex(int(state.step))
        self.file.render_state(state)
        self.match.render_state(state)
        if state.step is Step.PREVIEW:
            form = self._services.session.desk().catalog.form(state.form_id)
            self.preview.render_state(state, form, masked=self._services.session.masked())
        self.running.render_state(state)
        self.outcome.render_state(state)
        self._show_foot(state)
        if moved:
            self._focus(state.step)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:  # noqa: N802 - Qt's name
        """Esc stops what is being done, and closes when nothing is; Ctrl+Enter goes on."""
        if event is not None and event.key() == Qt.Key.Key_Escape:
            self.presenter.cancel()
        elif (
            event is not None
            and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            and event.modifiers() & Qt.KeyboardModifier.ControlModifier
        ):
            self.presenter.go_on()
        else:
            super().keyPressEvent(event)

    def reject(self) -> None:
        """Closing while something is being done stops it first."""
        if self.presenter.state.busy:
            self.presenter.cancel()
            return
        self._leave()

    def dragEnterEvent(self, event: QDragEnterEvent | None) -> None:  # noqa: N802 - Qt's name
        """A file may be dropped on the wizard."""
        data = event.mimeData() if event is not None else None
        if event is not None and data is not None and any(url.isLocalFile() for url in data.urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent | None) -> None:  # noqa: N802 - Qt's name
        """Take the file."""
        data = event.mimeData() if event is not None else None
        files = [url.toLocalFile() for url in data.urls() if url.isLocalFile()] if data is not None else []
        if files:
            self.presenter.take(str(Path(files[0])))

    def _leave(self) -> None:
        super().reject()
        self._told(self.presenter.taken())

    def _focus(self, step: Step) -> None:
        """The focus goes where the person goes on."""
        if step is Step.MATCH and not self.onward.isEnabled():
            self.match.go()
        elif step is Step.FILE:
            self.file.path.setFocus()
        else:
            (self.onward if self.onward.isEnabled() else self.stop).setFocus()

    def _show_trail(self, step: Step) -> None:
        for place, shown in enumerate(self.trail):
            shown.setText(say("d-import-step", number=place + 1, word=say(f"d-import-step-{Step(place).name.lower()}")))
            name = "strong" if place == int(step) else "secondary"
            if shown.objectName() != name:
                shown.setObjectName(name)
                restyle(shown)
            shown.setAccessibleName(
                f"{shown.text()} {say('d-import-step-now')}" if place == int(step) else shown.text()
            )

    def _show_foot(self, state: WizardState) -> None:
        if state.refusal:
            self.banner.tell(State.ERR if len(state.refusal) > 1 else State.WARN, "\n".join(state.refusal))
        elif not self.banner.isHidden():
            self.banner.dismiss()
        self.busy.setText(state.busy if state.step is not Step.RUN else "")
        self.onward.setText(say(_NEXT[state.step]))
        self.onward.setEnabled(state.can_go_on())
        self.earlier.setVisible(Step.FILE < state.step < Step.RUN)
        self.earlier.setEnabled(not state.busy)
        self.stop.setVisible(state.step is not Step.RESULT or bool(state.busy))
        self.stop.setText(say("d-import-stop") if state.busy else say("d-cancel"))

    def _fill(self) -> None:
        trail = row(gap=8)
        for place, shown in enumerate(self.trail):
            if place:
                trail.addWidget(label("›", "hint"))
            trail.addWidget(shown)
        trail.addStretch(1)
        box = column(gap=12, margins=(24, 16, 24, 16))
        box.addLayout(trail)
        box.addWidget(line())
        box.addWidget(self.banner)
        box.addWidget(self.pages, 1)
        box.addLayout(row(self.busy, 1, self.stop, self.earlier, self.onward))
        self.setLayout(box)

    def _connect(self) -> None:
        presenter = self.presenter
        presenter.changed.connect(self.render_state)
        presenter.closed.connect(self._leave)
        self.file.path_typed.connect(presenter.set_path)
        self.file.choose_wanted.connect(presenter.choose_file)
        self.file.form_chosen.connect(presenter.set_form)
        self.match.matched.connect(presenter.match)
        self.match.sheet_chosen.connect(presenter.set_sheet)
        self.match.header_chosen.connect(presenter.set_header)
        self.match.automatic_wanted.connect(presenter.automatic)
        self.outcome.open.clicked.connect(lambda _on=False: presenter.open_errors())
        self.outcome.save.clicked.connect(lambda _on=False: presenter.save_errors())
        self.outcome.mended.clicked.connect(lambda _on=False: presenter.take_mended())
