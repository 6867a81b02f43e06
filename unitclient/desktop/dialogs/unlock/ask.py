"""AskPassphrase: one secret, asked for once."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtWidgets import QDialog, QVBoxLayout, QWidget

from unitclient.desktop.dialogs.pin_field import hide_from_capture
from unitclient.desktop.dialogs.unlock.field import PassphraseField
from unitclient.desktop.theme.tokens import State
from unitclient.desktop.widgets.basic import button, label, row
from unitclient.desktop.widgets.form_field import FormField
from unitclient.texts import say

_WIDTH = 420


class AskPassphrase(QDialog):
    """Asks for the passphrase of the database, or of a PKCS#12 file named `file`. Esc gives up.

    `done` gets what was typed, None, or an empty text where the database's is forgotten.
    """

    def __init__(self, done: Callable[[str | None], None], file: str = "", *, wrong: bool = False,
                 parent: QWidget | None = None) -> None:  # fmt: skip
        super().__init__(parent)
        self._done = done
        kind = "file" if file else "start"
        title = say(f"d-unlock-{kind}")
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.word = PassphraseField()
        self.field = FormField(say("d-unlock-word"), self.word)
        self.act = button(say(f"d-unlock-{kind}-act"), self._accept, "primary")
        self.stop = button(say("d-cancel") if file else say("d-unlock-quit"), self.reject)
        self.forgot = button(say("d-recover-title"), self._forgot, "link")
        self.forgot.setVisible(not file)
        self.act.setDefault(True)
        self.word.textChanged.connect(lambda text: self.act.setEnabled(bool(text)))
        self.act.setEnabled(False)
        why = label(say(f"d-unlock-{kind}-why", file=file), "secondary", wrap=True)
        why.setMinimumWidth(_WIDTH)
        self.setAccessibleDescription(why.text())
        box = QVBoxLayout(self)
        box.setContentsMargins(24, 16, 24, 16)
        box.setSpacing(12)
        for member in (label(title, "sectionTitle"), why, self.field):
            box.addWidget(member)
        box.addLayout(row(self.forgot, 1, self.stop, self.act))
        if wrong:
            self.field.tell(State.ERR, say("d-unlock-wrong"))
        self.word.setFocus()
        hide_from_capture(self)
        self.rejected.connect(lambda: self._done(None))
        self.finished.connect(self.deleteLater)

    def _forgot(self) -> None:
        self.accept()
        self._done("")

    def _accept(self) -> None:
        typed = self.word.take()
        if typed:
            self.accept()
            self._done(typed)
