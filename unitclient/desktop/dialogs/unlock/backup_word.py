"""BackupWord: the passphrase with which automatic backups open on any computer."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PyQt6.QtWidgets import QDialog, QVBoxLayout, QWidget

from unitclient.desktop.dialogs.unlock import work
from unitclient.desktop.dialogs.unlock.field import PassphraseField
from unitclient.desktop.theme.tokens import State
from unitclient.desktop.widgets.basic import button, label, row
from unitclient.desktop.widgets.form_field import FormField
from unitclient.errors import UserError
from unitclient.texts import error_texts, say

if TYPE_CHECKING:
    from unitclient.desktop.services import Services

_WIDTH = 460


class BackupWord(QDialog):
    """The passphrase twice. `done` gets True when it is kept."""

    def __init__(self, services: Services, done: Callable[[Any], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._services = services
        title = say("d-backup-word")
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.new = FormField(say("d-unlock-new"), PassphraseField(), say("d-unlock-new-hint", least=work.SHORTEST))
        self.again = FormField(say("d-unlock-again"), PassphraseField())
        self.stop = button(say("d-cancel"), self.reject)
        self.act = button(say("d-backup-word-act"), self._keep, "primary")
        self.act.setDefault(True)
        why = label(say("d-backup-word-why"), "secondary", wrap=True)
        why.setMinimumWidth(_WIDTH)
        box = QVBoxLayout(self)
        box.setContentsMargins(24, 16, 24, 16)
        box.setSpacing(12)
        for member in (label(title, "sectionTitle"), why, self.new, self.again):
            box.addWidget(member)
        box.addLayout(row(1, self.stop, self.act))
        self.new.editor.setFocus()
        self.finished.connect(lambda answer: done(True if answer else None))
        self.finished.connect(self.deleteLater)

    def _keep(self) -> None:
        words = []
        for field in (self.new, self.again):
            field.clear()
            assert isinstance(field.editor, PassphraseField)
            words.append(field.editor.text())
        wrong = work.weakness(words[0], words[1])
        if wrong:
            self._tell(self.again if wrong == "d-unlock-differs" else self.new, say(wrong, least=work.SHORTEST))
            return
        self.setEnabled(False)
        work.keep_backup_word(self._services, words[0], self.accept, self._failed)

    def _failed(self, fault: BaseException) -> None:
        self.setEnabled(True)
        if not isinstance(fault, UserError):
            raise fault
        self._tell(self.new, "".join(error_texts(fault.code, fault.params)))

    @staticmethod
    def _tell(field: FormField, text: str) -> None:
        field.tell(State.ERR, text)
        field.editor.setFocus()
