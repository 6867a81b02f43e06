"""Input fields by field type. What they give is what somebody typed: the catalogue reads it as it reads a cell.

None of them starts with a value of its own. What the program would fill in is shown as a placeholder only.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PyQt6.QtCore import QEvent, QObject, Qt, pyqtSignal
from PyQt6.QtWidgets import QCheckBox, QComboBox, QCompleter, QGridLayout, QLineEdit, QVBoxLayout, QWidget

from unitclient.catalog.model import Field, FieldType
from unitclient.desktop.pages.business.calendar_field import CalendarField
from unitclient.desktop.pages.business.words import choices
from unitclient.domain.period import Period
from unitclient.texts import say

_ID_CHARACTERS = 20
_SHORT = 4
"""Names of insurances up to this many characters stand four abreast, longer ones two."""
_AROUND = range(-6, 4)
"""Months offered for choice, from the period on; any other one can be typed."""


class Editor(QWidget):
    """Base of the input fields: one inner widget that takes the focus."""

    typed = pyqtSignal()
    """The person changed it."""
    left = pyqtSignal()
    """The focus left it."""

    def __init__(self, inner: QWidget) -> None:
        super().__init__()
        self.inner = inner
        self.filling = False
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(inner)
        self.setFocusProxy(inner)
        self.watch(inner)

    def on_text(self, _text: str) -> None:
        """The text is another one: typed, chosen, or set by assistive technology, but not by `put`."""
        if not self.filling:
            self.typed.emit()

    def watch(self, widget: QWidget) -> None:
        """Tell when the focus leaves this part of it."""
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:  # noqa: N802 - Qt's name
        """Notice that the focus leaves."""
        if event is not None and event.type() == QEvent.Type.FocusOut:
            self.left.emit()
        return super().eventFilter(watched, event)

    def value(self) -> Any:
        """What is typed; None for nothing."""
        raise NotImplementedError

    def put(self, value: Any) -> None:
        """Show a value that was staged before, or nothing; `typed` is not emitted."""
        raise NotImplementedError

    def show_filled(self, text: str) -> None:
        """Show what the program would fill in."""

    def describe(self, name: str, description: str) -> None:
        """What assistive technology says of it."""
        self.inner.setAccessibleName(name)
        self.inner.setAccessibleDescription(description)


class LineEditor(Editor):
    """One line of text."""

    def __init__(self, field: Field, hint: str = "") -> None:
        self.line = CalendarField(hint) if field.type is FieldType.DATE else QLineEdit()
        super().__init__(self.line)
        self._hint = hint
        self.line.setPlaceholderText(hint)
        if field.type is FieldType.MONEY:
            self.line.setAlignment(Qt.AlignmentFlag.AlignRight)
        if field.type in (FieldType.ID_NUMBER, FieldType.BANK_CARD, FieldType.USCC):
            self.line.setMinimumWidth(self.line.fontMetrics().horizontalAdvance("0") * (_ID_CHARACTERS + 2))
            self.line.setInputMethodHints(
                Qt.InputMethodHint.ImhPreferUppercase | Qt.InputMethodHint.ImhNoPredictiveText
            )
        self.line.setMaxLength(max(field.max_length, 100))
        self.line.textChanged.connect(self.on_text)

    def value(self) -> Any:
        """See Editor."""
        return self.line.text().strip() or None

    def put(self, value: Any) -> None:
        """See Editor."""
        self.filling = True
        self.line.setText("" if value is None else str(value))
        self.filling = False

    def show_filled(self, text: str) -> None:
        """See Editor."""
        self.line.setPlaceholderText(say("d-business-filled", value=text) if text else self._hint)


class ChoiceEditor(Editor):
    """A code with its name, chosen from a list or found by typing a part of either."""

    def __init__(self, options: Sequence[tuple[str, str]], hint: str = "") -> None:
        self.box = QComboBox()
        super().__init__(self.box)
        self._hint = hint
        self.box.setEditable(True)
        self.box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.box.setMinimumContentsLength(10)
        for code, text in options:
            self.box.addItem(text, code)
        self.box.setCurrentIndex(-1)
        line = self._line()
        self.watch(line)
        line.setPlaceholderText(hint)
        completer = QCompleter(self.box.model(), self.box)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.box.setCompleter(completer)
        line.textChanged.connect(self.on_text)

    def value(self) -> Any:
        """See Editor."""
        text = self.box.currentText().strip()
        place = self.box.findText(text) if text else -1
        return self.box.itemData(place) if place >= 0 else text or None

    def put(self, value: Any) -> None:
        """See Editor."""
        place = self.box.findData(value) if value is not None else -1
        self.filling = True
        self.box.setCurrentIndex(place)
        if place < 0:
            self.box.setEditText("" if value is None else str(value))
        self.filling = False

    def show_filled(self, text: str) -> None:
        """See Editor."""
        self._line().setPlaceholderText(say("d-business-filled", value=text) if text else self._hint)

    def describe(self, name: str, description: str) -> None:
        """See Editor."""
        super().describe(name, description)
        self._line().setAccessibleName(name)
        self._line().setAccessibleDescription(description)

    def _line(self) -> QLineEdit:
        line = self.box.lineEdit()
        assert line is not None
        return line


class InsurancesEditor(Editor):
    """Boxes to tick. Untouched, it gives nothing, and shows ticked what the program would fill in."""

    def __init__(self, options: Sequence[tuple[str, str]]) -> None:
        holder = QWidget()
        super().__init__(holder)
        self._boxes = {code: QCheckBox(text) for code, text in options}
        self._chosen = False
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 2, 0, 2)
        grid.setHorizontalSpacing(12)
        abreast = 4 if all(len(text) <= _SHORT for _code, text in options) else 2
        grid.setColumnStretch(abreast, 1)
        for place, box in enumerate(self._boxes.values()):
            grid.addWidget(box, *divmod(place, abreast))
            self.watch(box)
            box.clicked.connect(self._on_click)
        if self._boxes:
            self.setFocusProxy(next(iter(self._boxes.values())))

    def value(self) -> Any:
        """See Editor: a list of codes."""
        ticked = [code for code, box in self._boxes.items() if box.isChecked()]
        return ticked if self._chosen and ticked else None

    def put(self, value: Any) -> None:
        """See Editor."""
        self._chosen = value is not None
        self._tick(value or ())

    def show_codes(self, codes: Sequence[str]) -> None:
        """Show ticked what would be filled in, as long as nothing was chosen."""
        if not self._chosen:
            self._tick(codes)

    def describe(self, name: str, description: str) -> None:
        """See Editor."""
        super().describe(name, description)
        for box in self._boxes.values():
            box.setAccessibleName(say("d-business-tick", field=name, word=box.text()))
            box.setAccessibleDescription(description)

    def _tick(self, codes: Sequence[str]) -> None:
        for code, box in self._boxes.items():
            box.setChecked(code in codes)

    def _on_click(self) -> None:
        # With nothing ticked the choice goes back to what the program fills in.
        self._chosen = any(box.isChecked() for box in self._boxes.values())
        self.typed.emit()


def make_editor(field: Field, period: Period, insurances: Sequence[tuple[str, str]]) -> Editor:
    """The input field for a form's field; `insurances` are (code, name) of the unit's."""
    if field.type is FieldType.INSURANCES:
        return InsurancesEditor(insurances)
    if field.type in (FieldType.CODE, FieldType.ID_KIND):
        return ChoiceEditor(choices(field), say("d-business-choose"))
    if field.type is FieldType.MONTH:
        months = [str(period + step) for step in _AROUND]
        return ChoiceEditor([(month, month) for month in reversed(months)], say("d-business-month-hint"))
    hints = {FieldType.DATE: "d-business-date-hint", FieldType.MONEY: "d-business-money-hint"}
    return LineEditor(field, say(hints[field.type]) if field.type in hints else "")
