"""The settings page: a card for each group, a line for each setting; what is changed counts at once."""

from __future__ import annotations

from collections.abc import Mapping

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QFrame, QGridLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from unitclient.desktop.pages.base import Page
from unitclient.desktop.pages.settings.editors import Editor, editor_for
from unitclient.desktop.pages.settings.presenter import SettingsPresenter
from unitclient.desktop.pages.settings.state import SettingsState
from unitclient.desktop.services import Services
from unitclient.desktop.settings_schema import SETTINGS, SettingSpec
from unitclient.desktop.theme.tokens import SIGNS, State
from unitclient.desktop.widgets.basic import label, line, restyle
from unitclient.desktop.widgets.card import Card
from unitclient.texts import say

_WIDEST = 860
_EDITOR_WIDTH = 300


class SettingsPage(Page):
    """See SettingsPresenter."""

    page_id = "settings"
    title_key = "d-set-title"
    help_id = "d-set-help"
    topics = frozenset({"settings"})

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(services, parent)
        self.presenter = SettingsPresenter(services)
        self.editors: dict[str, Editor] = {}
        self.notes: dict[str, QLabel] = {}
        self.body.addWidget(self._scrolled())
        self.presenter.changed.connect(self.show_state)
        services.settings.changed.connect(self._on_changed)

    def refresh(self) -> None:
        """Read all settings again."""
        self.presenter.refresh()

    def focus_search(self) -> None:
        """To the first setting."""
        next(iter(self.editors.values())).setFocus()

    def show_state(self, state: SettingsState) -> None:
        """Show values and what is wrong."""
        for key, editor in self.editors.items():
            editor.show_value(state.values.get(key))
            self._note(key, state.problems)
        if state.restart:
            self.banner.tell(State.INFO, say("d-set-restart"))

    def _note(self, key: str, problems: Mapping[str, str]) -> None:
        note, problem = self.notes[key], problems.get(key, "")
        spec = next(one for one in SETTINGS if one.key == key)
        note.setText(f"{SIGNS[State.ERR]} {say(problem)}" if problem else say(f"{spec.text_key}-help"))
        kind = "error" if problem else "hint"
        if note.objectName() != kind:
            note.setObjectName(kind)
            restyle(note)
        self.editors[key].tell(note.text())

    def _on_changed(self, _key: str) -> None:
        if self.services.session.is_open():
            self.presenter.refresh()

    def _scrolled(self) -> QScrollArea:
        inside = QWidget()
        inside.setMaximumWidth(_WIDEST)
        box = QVBoxLayout(inside)
        box.setContentsMargins(0, 0, 12, 0)
        box.setSpacing(12)
        groups = dict.fromkeys(spec.group for spec in SETTINGS if not spec.hidden)
        for group in groups:
            box.addWidget(self._card(group))
        box.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setAccessibleName(say("d-set-title"))
        area.setWidget(inside)
        return area

    def _card(self, group: str) -> Card:
        card = Card(say(f"d-set-group-{group}"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(0, 1)
        specs = [spec for spec in SETTINGS if spec.group == group and not spec.hidden]
        for number, spec in enumerate(specs):
            if number:
                grid.addWidget(line(), number * 2 - 1, 0, 1, 2)
            self._row(grid, number * 2, spec)
        card.body.addLayout(grid)
        return card

    def _row(self, grid: QGridLayout, place: int, spec: SettingSpec) -> None:
        editor = editor_for(spec)
        title = label(say(spec.text_key))
        title.setBuddy(editor.focusProxy() or editor)
        note = label(say(f"{spec.text_key}-help"), "hint", wrap=True)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(title)
        words.addWidget(note)
        editor.setFixedWidth(_EDITOR_WIDTH)
        editor.edited.connect(lambda value: self.presenter.set(spec.key, value))
        editor.choosing.connect(lambda: self.presenter.choose(spec.key))
        self.editors[spec.key], self.notes[spec.key] = editor, note
        grid.addLayout(words, place, 0)
        grid.addWidget(editor, place, 1, Qt.AlignmentFlag.AlignVCenter)
