"""The wizard's pages: widgets only."""

from __future__ import annotations

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from unitclient.desktop.dialogs.first_run.beside import beside
from unitclient.desktop.dialogs.first_run.state import Enrolled, FirstRunState, KeyChoice
from unitclient.desktop.dialogs.pin_field import PinField
from unitclient.desktop.dialogs.unlock.field import PassphraseField
from unitclient.desktop.dialogs.unlock.work import SHORTEST
from unitclient.desktop.theme.icons import icon
from unitclient.desktop.theme.tokens import State
from unitclient.desktop.widgets.basic import button, label, row
from unitclient.desktop.widgets.card import Card
from unitclient.desktop.widgets.form_field import FormField
from unitclient.texts import say

_PIN_STATES = {"low": State.WARN, "final": State.ERR, "locked": State.ERR}


class Pane(QWidget):
    """A page of the wizard: a title, a sentence, and what is asked."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.box = QVBoxLayout(self)
        self.box.setContentsMargins(0, 0, 0, 0)
        self.box.setSpacing(12)
        self.title = label(say(f"d-first-{name}"), "sectionTitle")
        self.why = label(say(f"d-first-{name}-why"), "secondary", wrap=True)
        self.box.addWidget(self.title)
        self.box.addWidget(self.why)


def _with_buttons(field: FormField, *buttons: QPushButton) -> QHBoxLayout:
    """A field, and buttons that help to fill it in."""
    line, side = row(field), beside(*buttons)
    line.setStretch(0, 1)
    line.addWidget(side, 0, Qt.AlignmentFlag.AlignTop)
    return line


class ModePane(Pane):
    """Practice or a real centre."""

    def __init__(self) -> None:
        super().__init__("mode")
        self.practice, self.real = (
            QRadioButton(say("d-first-practice-choice")),
            QRadioButton(say("d-first-real-choice")),
        )
        self.group = QButtonGroup(self)
        for choice, key in ((self.practice, "practice"), (self.real, "real")):
            self.group.addButton(choice)
            card = Card()
            card.body.addWidget(choice)
            words = label(say(f"d-first-{key}-choice-why"), "secondary", wrap=True)
            words.setContentsMargins(24, 0, 0, 0)
            choice.setAccessibleDescription(words.text())
            card.body.addWidget(words)
            self.box.addWidget(card)
        self.practice.setChecked(True)
        self.restore = button(say("d-first-restore"), None, "link")
        self.box.addLayout(row(self.restore, 1))
        self.box.addStretch(1)


class PracticePane(Pane):
    """The region of the practice unit."""

    def __init__(self) -> None:
        super().__init__("practice")
        self.region = QComboBox()
        self.field = FormField(say("d-first-region"), self.region, say("d-first-region-hint"))
        self.box.addWidget(self.field)
        self.box.addStretch(1)

    def show_state(self, state: FirstRunState, usual: str) -> None:
        """Fill the regions in once they are known."""
        if self.region.count() != len(state.regions):
            self.region.clear()
            for code, name in state.regions:
                self.region.addItem(say("d-first-region-item", name=name, code=code), code)
            self.region.setCurrentIndex(max(0, self.region.findData(usual)))
        self.field.setVisible(not state.has_practice)
        self.why.setText(say("d-first-practice-again" if state.has_practice else "d-first-practice-why"))


class RealPane(Pane):
    """The centre's address and authorities, the key with its PIN, the operator."""

    def __init__(self) -> None:
        super().__init__("real")
        self.url = QLineEdit()
        self.url.setPlaceholderText("https://")
        self.ca = QLineEdit()
        self.ca.setReadOnly(True)
        self.ca_choose = button(say("d-set-choose"), icon="folder", name=say("d-first-ca-choose"))
        self.key = QComboBox()
        self.key.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.key.setMinimumContentsLength(24)
        self.file = button(say("d-keys-file"), icon="folder")
        self.library = button(say("d-keys-library"), icon="usb")
        self.pin = PinField()
        self.operator = QLineEdit()
        self.operator.setMaxLength(50)
        fields = {
            "url": FormField(say("d-first-url"), self.url, say("d-first-url-hint"), required=True),
            "ca": FormField(say("d-first-ca"), self.ca, say("d-first-ca-hint")),
            "key": FormField(say("d-first-key"), self.key, say("d-first-key-hint"), required=True),
            "pin": FormField(say("d-first-pin"), self.pin, say("d-first-pin-hint"), required=True),
            "operator": FormField(say("d-first-operator"), self.operator, say("d-first-operator-hint"), required=True),
        }
        self.fields: dict[str, FormField] = fields
        self.box.setSpacing(8)
        self.box.addWidget(fields["url"])
        for name, buttons in (("ca", (self.ca_choose,)), ("key", (self.file, self.library))):
            self.box.addLayout(_with_buttons(fields[name], *buttons))
        both = row(fields["pin"], fields["operator"], gap=16)
        both.setStretch(0, 1)
        both.setStretch(1, 1)
        self.box.addLayout(both)
        self.box.addStretch(1)
        self._shown: tuple[KeyChoice, ...] = ()

    def show_state(self, state: FirstRunState) -> None:
        """Keys found, the one chosen, and how its PIN stands."""
        self.ca.setText(str(state.authorities) if state.authorities else say("d-first-ca-own"))
        if state.keys != self._shown:
            self._shown = state.keys
            self.key.blockSignals(True)
            self.key.clear()
            for one in state.keys:
                self.key.addItem(icon("folder" if one.ref.path else "usb"), one.title)
            self.key.blockSignals(False)
        if self.key.currentIndex() != state.chosen:
            self.key.blockSignals(True)
            self.key.setCurrentIndex(state.chosen)
            self.key.blockSignals(False)
        for field in self.fields.values():
            field.clear()
        self._show_pin(state)
        name, wrong = state.wrong
        if name in self.fields:
            self.fields[name].tell(State.ERR, say(wrong))

    def _show_pin(self, state: FirstRunState) -> None:
        if state.searching:
            self.fields["key"].tell(State.INFO, say("d-keys-searching"))
        key = state.key()
        if key is not None and key.pin in _PIN_STATES:
            told = say(f"d-keys-pin-{key.pin}")
            told = told if key.tries is None else say("d-keys-pin-tries", word=told, tries=key.tries)
            self.fields["pin"].tell(_PIN_STATES[key.pin], told)


class KeepingPane(Pane):
    """Backup folder and passphrase."""

    def __init__(self) -> None:
        super().__init__("keeping")
        self.folder = QLineEdit()
        self.choose = button(say("d-set-choose"), icon="folder", name=say("d-first-folder-choose"))
        self.new, self.again = PassphraseField(), PassphraseField()
        self.fields = {
            "folder": FormField(say("d-first-folder"), self.folder, say("d-first-folder-hint")),
            "new": FormField(say("d-first-word"), self.new, say("d-unlock-new-hint", least=SHORTEST)),
            "again": FormField(say("d-unlock-again"), self.again),
        }
        self.box.addLayout(_with_buttons(self.fields["folder"], self.choose))
        self.box.addWidget(self.fields["new"])
        self.box.addWidget(self.fields["again"])
        self.box.addWidget(label(say("d-first-word-why"), "secondary", wrap=True))
        self.box.addStretch(1)

    def show_state(self, state: FirstRunState) -> None:
        """The folder, and what cannot be taken."""
        if not self.folder.text() or not self.folder.hasFocus():
            self.folder.setText(state.folder)
        for field in self.fields.values():
            field.clear()
        name, wrong = state.wrong
        if name in self.fields:
            self.fields[name].tell(State.ERR, say(wrong, least=SHORTEST))


class DonePane(Pane):
    """The unit that was added."""

    def __init__(self) -> None:
        super().__init__("done")
        self.card = Card()
        self.told = label("", wrap=True, selectable=True)
        self.card.body.addWidget(self.told)
        self.next = label(say("d-first-next"), "secondary", wrap=True)
        self.box.addWidget(self.card)
        self.box.addWidget(self.next)
        self.box.addStretch(1)

    def show_unit(self, unit: Enrolled | None) -> None:
        """What is known of it."""
        if unit is None:
            return
        self.card.set_title(unit.name)
        key = "d-first-told-practice" if unit.practice else "d-first-told"
        text = say(key, number=unit.number, uscc=unit.uscc, region=unit.region)
        self.told.setText(text)
        self.told.setAccessibleName(text)
