"""RecoverDialog: a password is forgotten; the printed code or the unit's certificate sets a new one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtWidgets import QComboBox, QDialog, QLabel, QLineEdit, QVBoxLayout, QWidget

from unitclient.desktop.dialogs.recover.work import Entry, recover
from unitclient.desktop.dialogs.service import FileAsk, FileMode
from unitclient.desktop.dialogs.unlock import work as unlock
from unitclient.desktop.dialogs.unlock.field import PassphraseField
from unitclient.desktop.dialogs.unlock.login import LONGEST_NAME
from unitclient.desktop.theme.tokens import State
from unitclient.desktop.widgets.basic import boxed, button, label, row
from unitclient.desktop.widgets.form_field import FormField
from unitclient.errors import Cancelled, UserError
from unitclient.texts import error_texts, say
from unitclient.workflows import recovering

if TYPE_CHECKING:
    from unitclient.desktop.services import Services

_WIDTH = 480
_KEYS = (("d-recover-key-files", "*.pfx *.p12 *.so *.dll *.dylib"),)


class RecoverDialog(QDialog):
    """`done` gets True when there is a new password."""

    def __init__(self, services: Services, done: Callable[[bool | None], None], name: str = "",
                 parent: QWidget | None = None) -> None:  # fmt: skip
        super().__init__(parent)
        self._services = services
        self._ways = recovering.ways(services.home)
        title = say("d-recover-title").removesuffix("…")
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self._make(name)
        self.do_it = button(say("d-recover-act"), self._send, "primary")
        self.do_it.setDefault(True)
        self.do_it.setVisible(bool(self._ways))
        self.stop = button(say("d-cancel"), self.reject)
        self.wrong = label("", "error", wrap=True)
        self.wrong.hide()
        why = label(say("d-recover-why" if self._ways else "d-recover-none"), "secondary", wrap=True)
        why.setMinimumWidth(_WIDTH)
        self.setAccessibleDescription(why.text())
        self._lay_out(title, why)
        self._show_way()
        self.finished.connect(lambda answer: done(True if answer else None))
        self.finished.connect(self.deleteLater)

    def _make(self, name: str) -> None:
        self.way = QComboBox()
        for one in self._ways:
            self.way.addItem(say(f"d-operators-way-{one}"), one)
        self.way.currentIndexChanged.connect(lambda _place: self._show_way())
        self.code = QLineEdit()
        self.code.setPlaceholderText("XXXX-XXXX-XXXX-XXXX-XXXX-XXXX-XXXX")
        self.file = QLineEdit()
        self.choose = button(say("d-set-choose"), self._choose, name=say("d-recover-key-which"))
        self.name = QLineEdit(name)
        self.name.setMaxLength(LONGEST_NAME)
        self.word, self.again = PassphraseField(), PassphraseField()
        self.fields = {
            "way": FormField(say("d-recover-way"), self.way),
            "code": FormField(say("d-operators-way-code"), self.code),
            "file": FormField(say("d-recover-key"), self.file, say("d-recover-key-hint")),
            "name": FormField(say("d-recover-name"), self.name),
            "word": FormField(say("d-unlock-new"), self.word, say("d-unlock-new-hint", least=unlock.SHORTEST)),
            "again": FormField(say("d-unlock-again"), self.again),
        }

    def _lay_out(self, title: str, why: QLabel) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(24, 16, 24, 16)
        box.setSpacing(12)
        box.addWidget(label(title, "sectionTitle"))
        box.addWidget(why)
        self._file_row = boxed(row(self.fields["file"], self.choose))
        for name in ("way", "code", "file", "name", "word", "again"):
            box.addWidget(self._file_row if name == "file" else self.fields[name])
        box.addWidget(self.wrong)
        box.addLayout(row(1, self.stop, self.do_it))

    def _show_way(self) -> None:
        way = self.way.currentData()
        self.fields["way"].setVisible(len(self._ways) > 1)
        self.fields["code"].setVisible(way == "code")
        self._file_row.setVisible(way == "certificate")
        self.fields["name"].setVisible(bool(self._ways) and recovering.asks_operator(self._services.home))
        for name in ("word", "again"):
            self.fields[name].setVisible(bool(self._ways))
        self.adjustSize()

    def _choose(self) -> None:
        ask = FileAsk(FileMode.OPEN, "d-recover-key-which", _KEYS, self.file.text())
        self._services.dialogs.choose_file(ask, lambda path: self.file.setText(str(path)) if path else None)

    def _send(self) -> None:
        for field in self.fields.values():
            field.clear()
        self.wrong.hide()
        wrong = unlock.weakness(self.word.text(), self.again.text())
        if wrong:
            field = self.fields["again" if wrong == "d-unlock-differs" else "word"]
            field.tell(State.ERR, say(wrong, least=unlock.SHORTEST))
            field.editor.setFocus()
            return
        by_code = self.way.currentData() == "code"
        name = " ".join(self.name.text().split())
        entry = Entry(self.code.text() if by_code else "", None if by_code else Path(self.file.text()), name,
                      self.word.text())  # fmt: skip
        self.setEnabled(False)
        recover(self._services, entry, self._done, self._failed)

    def _done(self) -> None:
        for field in (self.word, self.again):
            field.take()
        self.code.clear()
        self.accept()

    def _failed(self, fault: BaseException) -> None:
        self.setEnabled(True)
        if isinstance(fault, Cancelled):
            return
        if not isinstance(fault, UserError):
            raise fault
        text = "".join(error_texts(fault.code, fault.params))
        if fault.code == "password-weak":
            self.fields["word"].tell(State.ERR, text)
        else:
            self.wrong.setText(text)
            self.wrong.show()
