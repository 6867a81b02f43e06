"""The dialog for many people at once: another wage by a rule, or a department. It shows what will come out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from PyQt6.QtWidgets import QComboBox, QDialog, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from unitclient.desktop.masking import HIDDEN
from unitclient.desktop.models.columns import yuan
from unitclient.desktop.pages.roster.state import BulkAsk, BulkChoice
from unitclient.desktop.theme.tokens import State
from unitclient.desktop.widgets.basic import boxed, button, column, label, row
from unitclient.desktop.widgets.form_field import FormField
from unitclient.domain.money import parse_decimal, parse_yuan
from unitclient.texts import say
from unitclient.workflows.roster_lines import WageRule, Way

if TYPE_CHECKING:
    from unitclient.desktop.services import Services

_WIDTH = 440
_DEPARTMENT = "department"
_WAYS = (Way.AMOUNT, Way.ADD, Way.PERCENT)


def open_dialog(
    _services: Services, parent: QWidget | None, params: Mapping[str, Any], done: Callable[[BulkChoice | None], None]
) -> None:
    """See DialogService.open_wizard: `ask` is a BulkAsk; the answer is a BulkChoice."""
    BulkDialog(params["ask"], done, parent).open()


class BulkDialog(QDialog):
    """What to change, the value, and for wages the month and the reason."""

    def __init__(self, ask: BulkAsk, done: Callable[[BulkChoice | None], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ask = ask
        title = say("d-bulk-title", count=f"{ask.count:,}")
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.what = _choice([(say(f"d-bulk-{way.value}"), way.value) for way in _WAYS])
        self.what.addItem(say("d-bulk-department"), _DEPARTMENT)
        self.value = FormField(say("d-bulk-value-amount"), QLineEdit(), say("d-bulk-value-hint"), required=True)
        self.month = _choice([(month, month) for month in ask.months])
        self.reason = _choice([(name, code) for code, name in ask.reasons])
        self.department = QComboBox()
        self.department.setEditable(True)
        self.department.addItems(["", *ask.departments])
        self.preview = label("", "secondary", wrap=True)
        self.apply = button(say("d-bulk-act", count=f"{ask.count:,}"), self._accept, "primary")
        self.apply.setDefault(True)
        self._lay_out(title)
        self.what.currentIndexChanged.connect(self._show)
        self._editor().textChanged.connect(self._show)
        self.department.editTextChanged.connect(self._show)
        self.finished.connect(lambda answer: done(self.choice() if answer else None))
        self.finished.connect(self.deleteLater)
        self._show()

    def choice(self) -> BulkChoice | None:
        """What was chosen; None while the value is none."""
        if self.what.currentData() == _DEPARTMENT:
            return BulkChoice(department=self.department.currentText().strip())
        rule = self._rule()
        if rule is None:
            return None
        return BulkChoice(rule, str(self.month.currentData()), str(self.reason.currentData()))

    def _editor(self) -> QLineEdit:
        assert isinstance(self.value.editor, QLineEdit)
        return self.value.editor

    def _rule(self) -> WageRule | None:
        way, text = Way(self.what.currentData()), self._editor().text().strip().rstrip("%％")
        try:
            value = parse_decimal(text) if way is Way.PERCENT else Fraction(parse_yuan(text))
        except ValueError:
            return None
        fits = value > 0 if way is Way.AMOUNT else value > -100 if way is Way.PERCENT else True
        return WageRule(way, value) if fits else None

    def _accept(self) -> None:
        if self.choice() is None:
            self.value.tell(State.ERR, say("d-bulk-value-wrong"))
            self._editor().setFocus()
            return
        self.accept()

    def _show(self) -> None:
        moving = self.what.currentData() == _DEPARTMENT
        self._stack.setCurrentIndex(1 if moving else 0)
        if not moving:
            self.value.title.setText(say("d-field-required", title=say(f"d-bulk-value-{self.what.currentData()}")))
            self._editor().setAccessibleName(say(f"d-bulk-value-{self.what.currentData()}"))
            self.value.clear()
        choice = self.choice()
        self.apply.setEnabled(choice is not None)
        self.preview.setText(self._told(choice))
        self.preview.setAccessibleName(self.preview.text())

    def _told(self, choice: BulkChoice | None) -> str:
        if choice is None:
            return say("d-bulk-no-preview")
        if choice.rule is None:
            key = "d-bulk-department-told" if choice.department else "d-bulk-department-none"
            return say(key, department=choice.department, count=f"{self._ask.count:,}")
        lines = [self._example(name, wage, choice.rule) for name, wage in self._ask.examples]
        more = self._ask.count - len(lines)
        return "\n".join((*lines, *([say("d-bulk-more", count=f"{more:,}")] if more > 0 else [])))

    def _example(self, name: str, wage: int | None, rule: WageRule) -> str:
        after = rule.of(wage)
        if self._ask.masked:
            return say("d-bulk-example", name=name, before=HIDDEN, after=HIDDEN)
        before = "—" if wage is None else yuan(wage)
        return say("d-bulk-example", name=name, before=before, after="—" if after is None else yuan(after))

    def _lay_out(self, title: str) -> None:
        wages = column(
            self.value,
            FormField(say("d-bulk-month"), self.month, say("d-bulk-month-hint")),
            FormField(say("d-bulk-reason"), self.reason),
            gap=8,
        )
        self._stack = QStackedWidget()
        self._stack.addWidget(boxed(wages))
        place = FormField(say("d-bulk-department-to"), self.department, say("d-bulk-department-hint"))
        self._stack.addWidget(boxed(column(place, 1)))
        cancel = button(say("d-cancel"), self.reject)
        box = QVBoxLayout(self)
        box.setContentsMargins(24, 16, 24, 16)
        box.setSpacing(8)
        box.addWidget(label(title, "sectionTitle"))
        box.addWidget(FormField(say("d-bulk-what"), self.what))
        box.addWidget(self._stack)
        box.addWidget(self.preview)
        box.addSpacing(4)
        box.addLayout(row(1, cancel, self.apply))
        self.setMinimumWidth(_WIDTH)


def _choice(items: list[tuple[str, str]]) -> QComboBox:
    made = QComboBox()
    for text, value in items:
        made.addItem(text, value)
    return made
