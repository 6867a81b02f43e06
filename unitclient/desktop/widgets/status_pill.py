"""StatusPill: how something stands, by colour, sign and word."""

from __future__ import annotations

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QLabel, QSizePolicy, QWidget

from unitclient.desktop.theme.tokens import SIGNS, State
from unitclient.desktop.widgets.basic import restyle
from unitclient.texts import say


class StatusPill(QLabel):
    """A small tinted label: sign and word."""

    def __init__(self, state: State = State.OFF, word: str = "", sign: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.state = state
        self.show_state(state, word, sign)

    def show_state(self, state: State, word: str, sign: str = "") -> None:
        """Set it. `sign` stands where the state's usual sign would be less telling."""
        self.state = state
        self.setText(f"{sign or SIGNS[state]} {word}")
        self.setAccessibleName(say("d-pill-name", word=word, state=say(f"d-state-{state.value}")))
        if self.property("pill") != state.value:
            self.setProperty("pill", state.value)
            restyle(self)
