"""NoteList: things to do or to know, each with state, sentence, detail and at most one act."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from unitclient.desktop.theme.tokens import State
from unitclient.desktop.widgets.basic import button, clear_layout, column, label, line
from unitclient.desktop.widgets.status_pill import StatusPill


@dataclass(frozen=True, slots=True)
class Note:
    """One note. `word` stands in the pill, `act` names the button (none when empty), `key` is told by it."""

    key: str
    state: State
    word: str
    text: str
    detail: str = ""
    act: str = ""


class NoteList(QWidget):
    """Notes below one another; `empty` is said when there are none."""

    acted = pyqtSignal(str)

    def __init__(self, name: str, empty: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.notes: tuple[Note, ...] | None = None
        self.acts: dict[str, QPushButton] = {}
        self._empty = label(empty, "secondary", wrap=True)
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(8)
        self._list = QVBoxLayout()
        self._list.setSpacing(8)
        self._box.addWidget(self._empty)
        self._box.addLayout(self._list)
        self._box.addStretch(1)
        self._empty.hide()

    def show_notes(self, notes: tuple[Note, ...]) -> None:
        """Show notes; the same ones as before change nothing on the screen."""
        if notes == self.notes:
            return
        focused = next((key for key, one in self.acts.items() if one.hasFocus()), None)
        self.notes, self.acts = notes, {}
        clear_layout(self._list)
        for place, note in enumerate(notes):
            if place:
                self._list.addWidget(line())
            self._list.addLayout(self._line(note))
        self._empty.setVisible(not notes and bool(self._empty.text()))
        if focused in self.acts:
            self.acts[focused].setFocus()

    def _line(self, note: Note) -> QHBoxLayout:
        made = QHBoxLayout()
        made.setSpacing(8)
        # What stands beside a button stands on its line.
        drop = (0, 5 if note.act else 0, 0, 0)
        made.addLayout(column(StatusPill(note.state, note.word), 1, margins=drop))
        words = [label(note.text, wrap=True, selectable=True)]
        if note.detail:
            words.append(label(note.detail, "secondary", wrap=True, selectable=True))
        texts = column(*words, 1, gap=2, margins=drop)
        made.addLayout(texts, 1)
        if note.act:
            act = button(note.act, self._told(note.key), name=f"{note.act}：{note.text}")
            self.acts[note.key] = act
            made.addLayout(column(act, 1))
        return made

    def _told(self, key: str) -> Callable[[], None]:
        return lambda: self.acted.emit(key)
