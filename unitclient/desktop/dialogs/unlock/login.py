"""SignIn: an operator's name and password; at the start, and to take over from somebody else."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtWidgets import QDialog, QLineEdit, QVBoxLayout, QWidget

from unitclient.desktop.dialogs.pin_field import hide_from_capture
from unitclient.desktop.dialogs.unlock.field import PassphraseField
from unitclient.desktop.theme.tokens import State
from unitclient.desktop.widgets.basic import button, label, row
from unitclient.desktop.widgets.form_field import FormField
from unitclient.texts import say

_WIDTH = 420
LONGEST_NAME = 50


class SignIn(QDialog):
    """Asks who works here. `done` gets (name, password), (name, None) where it is forgotten, or None to give up.

    `refusal` is what came of the attempt before.
    """

    def __init__(self, done: Callable[[tuple[str, str | None] | None], None], *, name: str = "", refusal: str = "",
                 parent: QWidget | None = None) -> None:  # fmt: skip
        super().__init__(parent)
        self._done = done
        title = say("d-login-title")
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.name = QLineEdit(name)
        self.name.setMaxLength(LONGEST_NAME)
        self.word = PassphraseField()
        self.word.setAccessibleName(say("d-login-word"))
        self.who = FormField(say("d-login-name"), self.name)
        self.field = FormField(say("d-login-word"), self.word)
        self.act = button(say("d-login-act"), self._accept, "primary")
        self.stop = button(say("d-unlock-quit"), self.reject)
        self.forgot = button(say("d-recover-title"), self._forgot, "link")
        self.act.setDefault(True)
        for editor in (self.name, self.word):
            editor.textChanged.connect(self._look)
        why = label(say("d-login-why"), "secondary", wrap=True)
        why.setMinimumWidth(_WIDTH)
        self.setAccessibleDescription(why.text())
        box = QVBoxLayout(self)
        box.setContentsMargins(24, 16, 24, 16)
        box.setSpacing(12)
        for member in (label(title, "sectionTitle"), why, self.who, self.field):
            box.addWidget(member)
        box.addLayout(row(self.forgot, 1, self.stop, self.act))
        if refusal:
            self.field.tell(State.ERR, refusal)
        (self.word if name else self.name).setFocus()
        self._look()
        hide_from_capture(self)
        self.rejected.connect(lambda: self._done(None))
        self.finished.connect(self.deleteLater)

    def _look(self, _text: str = "") -> None:
        self.act.setEnabled(bool(self.name.text().strip() and self.word.text()))

    def _forgot(self) -> None:
        self.accept()
        self._done((self.name.text().strip(), None))

    def _accept(self) -> None:
        name, typed = " ".join(self.name.text().split()), self.word.take()
        if name and typed:
            self.accept()
            self._done((name, typed))
