"""PassphraseField: a passphrase is typed hidden, and may be looked at while it is typed."""

from __future__ import annotations

from PyQt6.QtCore import QKeyCombination, Qt
from PyQt6.QtGui import QAction, QKeyEvent
from PyQt6.QtWidgets import QLineEdit, QToolButton, QWidget

from unitclient.desktop.theme.icons import icon
from unitclient.texts import say

MOST_CHARACTERS = 256
LOOK_KEY = "Alt+V"
"""The eye in the field takes no focus: this key does what it does."""
_LOOK = QKeyCombination(Qt.KeyboardModifier.AltModifier, Qt.Key.Key_V)


class PassphraseField(QLineEdit):
    """Longer than a PIN and not counted by a token: pasting from a safe for passphrases is allowed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.setMaxLength(MOST_CHARACTERS)
        self.setMinimumWidth(30 * self.fontMetrics().horizontalAdvance("0"))
        self.setAccessibleName(say("d-unlock-word"))
        self._look = QAction(icon("eye"), say("d-unlock-look"), self)
        self._look.setCheckable(True)
        self._look.setToolTip(say("d-unlock-look-tip", keys=LOOK_KEY))
        self._look.toggled.connect(self._on_look)
        self.addAction(self._look, QLineEdit.ActionPosition.TrailingPosition)
        for inner in self.findChildren(QToolButton):
            inner.setAccessibleName(say("d-unlock-look"))

    def take(self) -> str:
        """What was typed; the field is empty and hidden afterwards."""
        typed = self.text()
        self._look.setChecked(False)
        self.setText("")
        return typed

    def keyPressEvent(self, event: QKeyEvent | None) -> None:  # noqa: N802 - Qt's name
        """LOOK_KEY opens and closes the eye; everything else is typed."""
        if event is not None and event.keyCombination() == _LOOK:
            self._look.toggle()
            return
        super().keyPressEvent(event)

    def _on_look(self, seen: bool) -> None:
        self.setEchoMode(QLineEdit.EchoMode.Normal if seen else QLineEdit.EchoMode.Password)
