"""EncryptFor: a certificate's file, or a password typed twice."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtWidgets import QDialog, QLineEdit, QVBoxLayout, QWidget

from unitclient.desktop.dialogs.service import FileAsk, FileMode
from unitclient.desktop.dialogs.unlock import work as unlock
from unitclient.desktop.dialogs.unlock.field import PassphraseField
from unitclient.desktop.theme.tokens import State
from unitclient.desktop.widgets.basic import boxed, button, label, row
from unitclient.desktop.widgets.form_field import FormField
from unitclient.texts import say

if TYPE_CHECKING:
    from unitclient.desktop.services import Services

Secret = tuple[str | None, Path | None]
_WIDTH = 460
_CERTIFICATES = (("d-file-certificates", "*.pem *.crt *.cer"),)


class EncryptFor(QDialog):
    """See the module."""

    def __init__(
        self, services: Services, done: Callable[[Secret | None], None], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._services = services
        self._answer: Secret | None = None
        title = say("d-diag-encrypt")
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.file = QLineEdit()
        self.word, self.again = PassphraseField(), PassphraseField()
        self.choose = button(say("d-set-choose"), self._choose, name=say("d-diag-certificate"))
        self.fields = (
            FormField(say("d-diag-certificate"), self.file, say("d-diag-certificate-hint")),
            FormField(say("d-diag-password"), self.word, say("d-unlock-new-hint", least=unlock.SHORTEST)),
            FormField(say("d-unlock-again"), self.again),
        )
        self.act = button(say("d-diag-encrypt-act"), self._accept, "primary")
        self.act.setDefault(True)
        self.stop = button(say("d-cancel"), self.reject)
        why = label(say("d-diag-encrypt-why"), "secondary", wrap=True)
        why.setMinimumWidth(_WIDTH)
        box = QVBoxLayout(self)
        box.setContentsMargins(24, 16, 24, 16)
        box.setSpacing(12)
        box.addWidget(label(title, "sectionTitle"))
        box.addWidget(why)
        box.addWidget(boxed(row(self.fields[0], self.choose)))
        for field in self.fields[1:]:
            box.addWidget(field)
        box.addLayout(row(1, self.stop, self.act))
        self.file.textChanged.connect(self._look)
        self.finished.connect(lambda _code: done(self._answer))
        self.finished.connect(self.deleteLater)

    def _look(self, file: str) -> None:
        """With a certificate no password is needed."""
        for field in self.fields[1:]:
            field.setEnabled(not file.strip())

    def _choose(self) -> None:
        ask = FileAsk(FileMode.OPEN, "d-diag-certificate", _CERTIFICATES)
        self._services.dialogs.choose_file(ask, lambda path: self.file.setText(str(path)) if path else None)

    def _accept(self) -> None:
        if self.file.text().strip():
            self._answer = None, Path(self.file.text().strip())
            self.accept()
            return
        wrong = unlock.weakness(self.word.text(), self.again.text())
        if wrong:
            field = self.fields[2 if wrong == "d-unlock-differs" else 1]
            field.tell(State.ERR, say(wrong, least=unlock.SHORTEST))
            field.editor.setFocus()
            return
        self.again.take()
        self._answer = self.word.take(), None
        self.accept()
