"""ChangePassphrase: set, change or remove the passphrase of the database."""

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


class ChangePassphrase(QDialog):
    """The old one (where there is one), and the new one twice. `done` gets True when it was changed."""

    def __init__(self, services: Services, done: Callable[[Any], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._had = work.has_passphrase(services)
        kind = "change" if self._had else "set"
        title = say("d-login-change" if services.session.signed_in else f"d-unlock-{kind}")
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.old = FormField(say("d-unlock-old"), PassphraseField())
        self.new = FormField(say("d-unlock-new"), PassphraseField(), say("d-unlock-new-hint", least=work.SHORTEST))
        self.again = FormField(say("d-unlock-again"), PassphraseField())
        self.act = button(say("d-unlock-change-act" if self._had else "d-unlock-set-act"), self._change, "primary")
        self.remove = button(say("d-unlock-remove"), self._remove, "danger")
        self.stop = button(say("d-cancel"), self.reject)
        self.act.setDefault(True)
        why = label(say(self._why()), "secondary", wrap=True)
        why.setMinimumWidth(_WIDTH)
        box = QVBoxLayout(self)
        box.setContentsMargins(24, 16, 24, 16)
        box.setSpacing(12)
        for member in (label(title, "sectionTitle"), why, self.old, self.new, self.again):
            box.addWidget(member)
        box.addLayout(row(self.remove, 1, self.stop, self.act))
        self.old.setVisible(self._had)
        self.remove.setVisible(self._had and not services.session.signed_in)
        (self.old if self._had else self.new).editor.setFocus()
        self.finished.connect(lambda answer: done(True if answer else None))
        self.finished.connect(self.deleteLater)

    def _why(self) -> str:
        """The text that says what the password is for."""
        return "d-login-change-why" if self._services.session.signed_in else "d-unlock-set-why"

    def _word(self, field: FormField) -> str:
        assert isinstance(field.editor, PassphraseField)
        return field.editor.text()

    def _change(self) -> None:
        for field in (self.old, self.new, self.again):
            field.clear()
        wrong = work.weakness(self._word(self.new), self._word(self.again))
        if wrong:
            field = self.again if wrong == "d-unlock-differs" else self.new
            field.tell(State.ERR, say(wrong, least=work.SHORTEST))
            field.editor.setFocus()
            return
        self._set(self._word(self.new))

    def _remove(self) -> None:
        text = say("d-unlock-remove-ask")
        self._services.dialogs.confirm("d-unlock-remove", text, "d-unlock-remove",
                                       lambda yes: self._set(None) if yes else None, danger=True)  # fmt: skip

    def _set(self, new: str | None) -> None:
        self.setEnabled(False)
        old = self._word(self.old) if self._had else None
        work.change(self._services, old, new, self.accept, self._failed)

    def _failed(self, fault: BaseException) -> None:
        self.setEnabled(True)
        if not isinstance(fault, UserError):
            raise fault
        of_new = not self._had or fault.code in ("password-weak", "password-same")
        field = self.new if of_new else self.old
        field.tell(State.ERR, "".join(error_texts(fault.code, fault.params)))
        field.editor.setFocus()
