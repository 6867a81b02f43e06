"""One editor for each kind of setting. An editor shows a value and tells what the person made of it."""

from __future__ import annotations

from typing import Any

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLineEdit, QSpinBox, QWidget

from unitclient.desktop.settings_schema import Kind, SettingSpec
from unitclient.desktop.widgets.basic import button
from unitclient.texts import say


class Editor(QWidget):
    """Base: `edited(value)` when the person is through with it, `choosing` when a file is to be asked for."""

    edited = pyqtSignal(object)
    choosing = pyqtSignal()

    def __init__(self, spec: SettingSpec, field: QWidget) -> None:
        super().__init__()
        self.field = field
        field.setAccessibleName(say(spec.text_key))
        self.setFocusProxy(field)
        self.box = QHBoxLayout(self)
        self.box.setContentsMargins(0, 0, 0, 0)
        self.box.addWidget(field, 1)

    def show_value(self, value: Any) -> None:
        """Show a value without telling of it."""
        self.field.blockSignals(True)
        self._show(value)
        self.field.blockSignals(False)

    def tell(self, note: str) -> None:
        """What a screen reader says beside the name."""
        self.field.setAccessibleDescription(note)

    def _show(self, value: Any) -> None:
        raise NotImplementedError


class ChoiceEditor(Editor):
    """A combo box of words."""

    def __init__(self, spec: SettingSpec) -> None:
        self.combo = QComboBox()
        super().__init__(spec, self.combo)
        for value in spec.choices:
            self.combo.addItem(say(f"{spec.text_key}-{value}"), value)
        self.combo.currentIndexChanged.connect(lambda _index: self.edited.emit(self.combo.currentData()))

    def _show(self, value: Any) -> None:
        self.combo.setCurrentIndex(self.combo.findData(value))


class BoolEditor(Editor):
    """A check box."""

    def __init__(self, spec: SettingSpec) -> None:
        self.check = QCheckBox(say(f"{spec.text_key}-on"))
        super().__init__(spec, self.check)
        self.check.toggled.connect(self.edited.emit)

    def _show(self, value: Any) -> None:
        self.check.setChecked(bool(value))


class NumberEditor(Editor):
    """A spin box that a passing wheel does not change."""

    def __init__(self, spec: SettingSpec) -> None:
        self.spin = QSpinBox()
        super().__init__(spec, self.spin)
        self.spin.setRange(spec.low, spec.high)
        self.spin.setSuffix(say(f"{spec.text_key}-suffix"))
        self.spin.setSpecialValueText(say(f"{spec.text_key}-none"))
        self.spin.setKeyboardTracking(False)
        self.spin.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.spin.valueChanged.connect(self.edited.emit)

    def _show(self, value: Any) -> None:
        self.spin.setValue(int(value))


class TextEditor(Editor):
    """A line; with a button for files and folders, whose paths can be typed too."""

    def __init__(self, spec: SettingSpec) -> None:
        self.line = QLineEdit()
        super().__init__(spec, self.line)
        self.line.setPlaceholderText(say("d-set-empty"))
        self.line.editingFinished.connect(self._finished)
        self._shown = ""
        if spec.kind in (Kind.FILE, Kind.FOLDER):
            named = say("d-set-choose-name", name=say(spec.text_key))
            self.box.addWidget(button(say("d-set-choose"), self.choosing.emit, name=named))

    def _show(self, value: Any) -> None:
        self._shown = str(value or "")
        if self.line.text() != self._shown:
            self.line.setText(self._shown)

    def _finished(self) -> None:
        if self.line.text() != self._shown:
            self.edited.emit(self.line.text())


_EDITORS: dict[Kind, type[ChoiceEditor] | type[BoolEditor] | type[NumberEditor] | type[TextEditor]] = {
    Kind.CHOICE: ChoiceEditor,
    Kind.BOOL: BoolEditor,
    Kind.NUMBER: NumberEditor,
    Kind.TEXT: TextEditor,
    Kind.URL: TextEditor,
    Kind.FILE: TextEditor,
    Kind.FOLDER: TextEditor,
}


def editor_for(spec: SettingSpec) -> Editor:
    """The editor of a setting."""
    return _EDITORS[spec.kind](spec)
