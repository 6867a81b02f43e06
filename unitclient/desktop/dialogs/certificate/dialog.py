"""CertificateDialog: one of the three acts explained, with the kind of the new key, the desk's code and the new PIN."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from PyQt6.QtWidgets import QComboBox, QDialog, QLineEdit, QVBoxLayout, QWidget

from unitclient.catalog.certificate_rules import CHANGE, RENEW
from unitclient.desktop.dialogs.pin_field import hide_from_capture
from unitclient.desktop.dialogs.unlock.field import PassphraseField
from unitclient.desktop.theme.tokens import State
from unitclient.desktop.widgets.basic import button, label, row
from unitclient.desktop.widgets.form_field import FormField
from unitclient.texts import say
from unitclient.workflows.certificate_acts import STRENGTHS

_WIDTH = 440


@dataclass(frozen=True, slots=True)
class ActChoice:
    """What was chosen; `strength` for upgrade and change, `code` and the new key's `pin` for a change alone."""

    strength: str = ""
    code: str = ""
    pin: str = field(default="", repr=False)


class CertificateDialog(QDialog):
    """Asks what the act needs; `done` gets an ActChoice, or None when the person gave up."""

    def __init__(
        self, act: str, unit: str, done: Callable[[ActChoice | None], None], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._act, self._done = act, done
        title = say(f"d-certificate-{act}", unit=unit)
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.strength = QComboBox()
        for kind in STRENGTHS:
            self.strength.addItem(say(f"d-certificate-{kind}"), kind)
        self.code = QLineEdit()
        self.code.setMaxLength(40)
        self.pin, self.again = PassphraseField(), PassphraseField()
        self.again_field = FormField(say("d-certificate-pin-again"), self.again, required=True)
        self.go = button(say(f"d-certificate-{act}-act"), self._accept, "primary", icon="keys")
        self.go.setDefault(True)
        self._lay_out(title)
        for editor in (self.code, self.pin, self.again):
            editor.textChanged.connect(lambda _text: self._check())
        hide_from_capture(self)
        self.finished.connect(self._end)
        self.finished.connect(self.deleteLater)
        self._check()

    def _lay_out(self, title: str) -> None:
        why = label(say(f"d-certificate-{self._act}-why"), "secondary", wrap=True)
        why.setMinimumWidth(_WIDTH)
        self.setAccessibleDescription(why.text())
        members: list[QWidget] = [label(title, "sectionTitle"), why]
        if self._act != RENEW:
            members.append(FormField(say("d-certificate-strength"), self.strength))
        if self._act == CHANGE:
            members += [
                FormField(say("d-certificate-code"), self.code, say("d-certificate-code-hint"), required=True),
                FormField(say("d-certificate-pin"), self.pin, say("d-certificate-pin-hint"), required=True),
                self.again_field,
            ]
        box = QVBoxLayout(self)
        box.setContentsMargins(24, 16, 24, 16)
        box.setSpacing(12)
        for member in members:
            box.addWidget(member)
        box.addLayout(row(1, button(say("d-cancel"), self.reject), self.go))

    def _check(self) -> None:
        complete = self._act != CHANGE or all(one.text().strip() for one in (self.code, self.pin, self.again))
        self.go.setEnabled(complete)
        self.again_field.clear()

    def _accept(self) -> None:
        if self._act == CHANGE and self.pin.text() != self.again.text():
            self.again_field.tell(State.ERR, say("d-certificate-pin-differs"))
            self.again.setFocus()
            return
        self.accept()

    def _end(self, result: int) -> None:
        """The PIN leaves the dialog once; the fields are empty afterwards whatever the end was."""
        pin = self.pin.take()
        self.again.take()
        strength = str(self.strength.currentData()) if self._act != RENEW else ""
        choice = ActChoice(strength, self.code.text().strip(), pin if self._act == CHANGE else "")
        self._done(choice if result == QDialog.DialogCode.Accepted else None)
