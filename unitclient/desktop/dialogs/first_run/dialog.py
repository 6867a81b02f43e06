"""The wizard's window: trail, page, and buttons named by what they do."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PyQt6.QtGui import QCloseEvent, QIcon
from PyQt6.QtWidgets import QDialog, QProgressBar, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from unitclient.desktop.dialogs.first_run.panes import DonePane, KeepingPane, ModePane, PracticePane, RealPane
from unitclient.desktop.dialogs.first_run.presenter import USUAL_REGION, FirstRunPresenter
from unitclient.desktop.dialogs.first_run.state import FirstRunState, Step
from unitclient.desktop.theme.icons import icon
from unitclient.desktop.widgets.banner import Banner
from unitclient.desktop.widgets.basic import button, clear_layout, label, line, row
from unitclient.desktop.widgets.room import resize_within
from unitclient.texts import say

if TYPE_CHECKING:
    from unitclient.desktop.services import Services

_SIZE = (720, 560)
_ORDER = (Step.MODE, Step.PRACTICE, Step.REAL, Step.KEEPING, Step.DONE)


class FirstRunDialog(QDialog):
    """See the package. It stays open while something is being done."""

    def __init__(self, services: Services, done: Callable[[Any], None], *, only_unit: bool = False,
                 parent: QWidget | None = None) -> None:  # fmt: skip
        super().__init__(parent)
        self._services = services
        self.setWindowTitle(say("d-first-title-unit" if only_unit else "d-first-title"))
        self.setAccessibleName(self.windowTitle())
        resize_within(self, *_SIZE)
        self.presenter = FirstRunPresenter(services, only_unit=only_unit)
        self.presenter.setParent(self)
        self.mode, self.practice, self.real = ModePane(), PracticePane(), RealPane()
        self.keeping, self.end = KeepingPane(), DonePane()
        self.pages = QStackedWidget()
        for pane in (self.mode, self.practice, self.real, self.keeping, self.end):
            scroll = QScrollArea()
            scroll.setWidgetResizable(True)
            scroll.setFrameShape(QScrollArea.Shape.NoFrame)
            scroll.setAccessibleName(pane.title.text())
            scroll.setWidget(pane)
            self.pages.addWidget(scroll)
        self.trail = row(gap=12)
        self._trail: tuple[object, ...] = ()
        self.banner = Banner()
        self.working = label("", "secondary")
        self.bar = QProgressBar()
        self.bar.setRange(0, 0)
        self.bar.setTextVisible(False)
        self.bar.setFixedSize(96, 6)
        self.bar.setAccessibleName(say("d-first-working"))
        self.stop = button(say("d-first-later"), self.reject)
        self.earlier = button(say("d-first-back"), self.presenter.back)
        self.onward = button("", self._onward, "primary")
        self.onward.setDefault(True)
        box = QVBoxLayout(self)
        box.setContentsMargins(24, 16, 24, 16)
        box.setSpacing(12)
        box.addLayout(self.trail)
        box.addWidget(line())
        box.addWidget(self.banner)
        box.addWidget(self.pages, 1)
        box.addLayout(row(self.bar, self.working, 1, self.stop, self.earlier, self.onward))
        self._connect()
        self.finished.connect(lambda answer: done(self._number() if answer else None))
        self.finished.connect(self.deleteLater)
        self.render_state(self.presenter.state)
        self.presenter.start()
        self.mode.practice.setFocus()

    def _connect(self) -> None:
        presenter = self.presenter
        presenter.changed.connect(self.render_state)
        presenter.finished.connect(lambda _number: self.accept())
        self.mode.real.toggled.connect(lambda real: presenter.choose_mode(real=real))
        self.mode.restore.clicked.connect(lambda _on=False: self._restore())
        self.real.ca_choose.clicked.connect(lambda _on=False: presenter.choose_authorities())
        self.real.file.clicked.connect(lambda _on=False: presenter.choose_file())
        self.real.library.clicked.connect(lambda _on=False: presenter.choose_library())
        self.real.key.currentIndexChanged.connect(presenter.choose_key)
        self.keeping.choose.clicked.connect(lambda _on=False: presenter.choose_folder())

    def render_state(self, state: FirstRunState) -> None:
        """Show a state."""
        steps = state.steps()
        self._render_trail(steps, state.step)
        self.pages.setCurrentIndex(_ORDER.index(state.step))
        self.mode.restore.setVisible(not state.only_unit)
        self.practice.show_state(state, USUAL_REGION)
        self.real.show_state(state)
        self.keeping.show_state(state)
        self.end.show_unit(state.unit)
        busy = bool(state.busy)
        self.bar.setVisible(busy)
        self.working.setText(say(state.busy) if busy else "")
        self.pages.setEnabled(not busy)
        self.onward.setEnabled(not busy and (state.step is not Step.PRACTICE or bool(state.regions)))
        self.onward.setText(say(f"d-first-act-{state.step.value}"))
        self.onward.setIcon(QIcon() if state.step is Step.MODE else icon("check", "accent_on"))
        self.earlier.setVisible(state.step in (Step.PRACTICE, Step.REAL))
        self.earlier.setEnabled(not busy)
        self.stop.setVisible(state.unit is None)
        self.stop.setEnabled(not busy)
        if state.refusal is not None:
            self.banner.refuse(state.refusal)
        else:
            self.banner.hide()

    def _render_trail(self, steps: tuple[Step, ...], here: Step) -> None:
        if self._trail == (*steps, here):
            return
        self._trail = (*steps, here)
        clear_layout(self.trail)
        for place, step in enumerate(steps, start=1):
            if place > 1:
                self.trail.addWidget(label("›", "hint"))
            shown = label(say("d-first-trail", place=place, title=_short(step)), "strong" if step is here else "hint")
            if step is here:
                shown.setAccessibleName(say("d-first-trail-here", place=place, title=_short(step), total=len(steps)))
            self.trail.addWidget(shown)
        self.trail.addStretch(1)

    def reject(self) -> None:
        """Esc. Not while it works; and once there is a unit, leaving means: done."""
        if self.presenter.state.busy:
            return
        if self.presenter.state.unit is not None:
            self.presenter.finish()
        else:
            super().reject()

    def closeEvent(self, event: QCloseEvent | None) -> None:  # noqa: N802 - Qt's name
        """The same by the window's cross."""
        if event is not None and self.presenter.state.busy:
            event.ignore()
            return
        super().closeEvent(event)

    def _onward(self) -> None:
        presenter, step = self.presenter, self.presenter.state.step
        if step is Step.MODE:
            presenter.onward()
        elif step is Step.PRACTICE:
            presenter.begin_practice(str(self.practice.region.currentData() or USUAL_REGION))
        elif step is Step.REAL:
            presenter.enrol(self.real.url.text(), self.real.operator.text(), self.real.pin.take())
        elif step is Step.KEEPING:
            presenter.keep(self.keeping.folder.text(), self.keeping.new.text(), self.keeping.again.text())
        else:
            presenter.finish()

    def _restore(self) -> None:
        def ended(report: object) -> None:
            if report is not None and self._services.session.unit() is not None:
                super(FirstRunDialog, self).reject()

        self._services.dialogs.open_wizard("restore", {}, ended)

    def _number(self) -> str | None:
        unit = self.presenter.state.unit
        return unit.number if unit else None


def _short(step: Step) -> str:
    return say(f"d-first-step-{step.value}")
