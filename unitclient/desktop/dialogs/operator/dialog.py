"""OperatorDialog: the fields that one act needs, with what is wrong beside the field it is about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from PyQt6.QtWidgets import QComboBox, QDialog, QLabel, QLineEdit, QVBoxLayout, QWidget

from unitclient.desktop.dialogs.operator.work import Entry, do
from unitclient.desktop.dialogs.unlock import work as unlock
from unitclient.desktop.dialogs.unlock.field import PassphraseField
from unitclient.desktop.dialogs.unlock.login import LONGEST_NAME
from unitclient.desktop.pages.business.calendar_field import CalendarField
from unitclient.desktop.pages.operators.words import acts_text
from unitclient.desktop.tasks import Lane
from unitclient.desktop.theme.tokens import State
from unitclient.desktop.widgets.basic import button, label, row
from unitclient.desktop.widgets.form_field import FormField
from unitclient.errors import UserError
from unitclient.texts import error_texts, say
from unitclient.workflows.operators import MANAGER
from unitclient.workflows.rights import roles

if TYPE_CHECKING:
    from unitclient.desktop.services import Services

_WIDTH = 460
_FIELDS = {"add": ("name", "role", "word", "again"), "role": ("role",), "deputy": ("absent", "until"),
           "reset": ("word", "again")}  # fmt: skip
_ABOUT = {"operator-name": "name", "operator-known": "name", "password-weak": "word", "operator-until": "until",
          "operator-same": "absent"}  # fmt: skip
"""Refusals that are about one field; the others stand above the buttons."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked for: see `open_dialog`."""

    act: str
    name: str = ""
    role: str = ""
    others: tuple[str, ...] = ()
    first: bool = False


class OperatorDialog(QDialog):
    """Asks, and does it; it closes when it was done."""

    def __init__(self, services: Services, question: Question, done: Callable[[str | None], None],
                 parent: QWidget | None = None) -> None:  # fmt: skip
        super().__init__(parent)
        self._services, self._question = services, question
        self._answer: str | None = None
        title = say("d-operators-first" if question.first else f"d-operators-{question.act}").removesuffix("…")
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.fields = self._made()
        self.acts = label("", "hint", wrap=True)
        self.wrong = label("", "error", wrap=True)
        self.wrong.hide()
        self.do_it = button(title, self._send, "primary")
        self.do_it.setDefault(True)
        self.stop = button(say("d-cancel"), self.reject)
        why = "first" if question.first else question.act
        text = label(say(f"d-operators-{why}-why", name=question.name), "secondary", wrap=True)
        text.setMinimumWidth(_WIDTH)
        self.setAccessibleDescription(text.text())
        self._lay_out(title, text)
        self.finished.connect(lambda _code: done(self._answer))
        self.finished.connect(self.deleteLater)

    def _made(self) -> dict[str, FormField]:
        self.name = QLineEdit()
        self.name.setMaxLength(LONGEST_NAME)
        self.word, self.again = PassphraseField(), PassphraseField()
        self.role = QComboBox()
        for one in roles():
            self.role.addItem(say(f"role-{one}"), one)
        self.role.setCurrentIndex(max(0, self.role.findData(MANAGER if self._question.first else self._question.role)))
        self.role.setEnabled(not self._question.first)
        self.absent = QComboBox()
        self.absent.addItems(self._question.others)
        self.until = CalendarField()
        hint = say("d-unlock-new-hint", least=unlock.SHORTEST)
        every = {
            "name": FormField(say("operators-name"), self.name),
            "role": FormField(say("operators-role"), self.role),
            "absent": FormField(say("d-operators-absent"), self.absent),
            "until": FormField(say("d-operators-until"), self.until, say("d-operators-until-hint")),
            "word": FormField(say("d-login-word"), self.word, hint),
            "again": FormField(say("d-unlock-again"), self.again),
        }
        for name, field in every.items():
            # What this act does not need stays out of sight, and lives as long as the dialog.
            field.setParent(self)
            field.setVisible(name in _FIELDS[self._question.act])
        return {name: every[name] for name in _FIELDS[self._question.act]}

    def _lay_out(self, title: str, why: QLabel) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(24, 16, 24, 16)
        box.setSpacing(12)
        box.addWidget(label(title, "sectionTitle"))
        box.addWidget(why)
        for name, field in self.fields.items():
            box.addWidget(field)
            if name == "role":
                box.addWidget(self.acts)
        box.addWidget(self.wrong)
        box.addLayout(row(1, self.stop, self.do_it))
        self.role.currentIndexChanged.connect(lambda _place: self._tell_acts())
        self._tell_acts()
        next(iter(self.fields.values())).editor.setFocus()

    def _tell_acts(self) -> None:
        self.acts.setText(say("d-operators-role-acts", acts=acts_text(str(self.role.currentData()))))
        self.acts.setAccessibleName(self.acts.text())

    def _send(self) -> None:
        for field in self.fields.values():
            field.clear()
        self.wrong.hide()
        problem = self._problem()
        if problem:
            self._tell(*problem)
            return
        entry = self._entry()
        self.setEnabled(False)
        self._services.tasks.run(Lane.DB, "d-operators-writing", lambda context: do(context, entry),
                                 done=self._done, failed=self._failed)  # fmt: skip

    def _problem(self) -> tuple[str, str] | None:
        """(field, sentence) of what can be seen to be wrong without asking anybody."""
        if "word" in self.fields:
            wrong = unlock.weakness(self.word.text(), self.again.text())
            if wrong:
                return "again" if wrong == "d-unlock-differs" else "word", say(wrong, least=unlock.SHORTEST)
        if "until" in self.fields and self.until.day() is None:
            return "until", say("d-operators-until-none")
        return None

    def _entry(self) -> Entry:
        asked, day = self._question, self.until.day()
        return Entry(
            act=asked.act,
            name=self.name.text() if asked.act == "add" else asked.name,
            role=str(self.role.currentData()),
            password=self.word.text(),
            absent=self.absent.currentText(),
            until=date(day.year(), day.month(), day.day()) if day is not None else None,
        )

    def _done(self, name: str) -> None:
        self._answer = name
        self.word.take()
        self.again.take()
        self.accept()

    def _failed(self, fault: BaseException) -> None:
        self.setEnabled(True)
        if not isinstance(fault, UserError):
            raise fault
        self._tell(_ABOUT.get(fault.code, ""), "".join(error_texts(fault.code, fault.params)))

    def _tell(self, name: str, text: str) -> None:
        field = self.fields.get(name)
        if field is None:
            self.wrong.setText(text)
            self.wrong.show()
            return
        field.tell(State.ERR, text)
        field.editor.setFocus()
