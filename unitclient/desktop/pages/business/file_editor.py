"""The input for a field that is a file: where it lies, and a button that asks for it."""

from __future__ import annotations

from typing import Any

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QLineEdit, QVBoxLayout

from unitclient.catalog.model import Field
from unitclient.desktop.pages.business.editors import Editor
from unitclient.desktop.pages.business.words import shown
from unitclient.desktop.widgets.basic import button
from unitclient.domain.files import is_stored_name
from unitclient.texts import say


class FileEditor(Editor):
    """A path that can be typed or chosen. A file that is kept already is shown by its kind, not by its long name."""

    choose = pyqtSignal()
    """The person wants to choose a file."""

    def __init__(self, field: Field) -> None:
        self.line = QLineEdit()
        super().__init__(self.line)
        self._field = field
        self._kept: str | None = None
        self.line.setPlaceholderText(say("d-business-file-hint"))
        self.line.textEdited.connect(self._on_edit)
        self.open = button(say("d-business-file-choose"), self.choose.emit)
        self.watch(self.open)
        box = self.layout()
        assert isinstance(box, QVBoxLayout)
        box.addWidget(self.open, 0, Qt.AlignmentFlag.AlignLeft)

    def value(self) -> Any:
        """See Editor: the path, or the name of the file that is kept."""
        return self._kept or self.line.text().strip() or None

    def put(self, value: Any) -> None:
        """See Editor."""
        text = "" if value is None else str(value)
        self._kept = text if is_stored_name(text) else None
        self.line.setText(shown(self._field, text) if self._kept else text)

    def describe(self, name: str, description: str) -> None:
        """See Editor."""
        super().describe(name, description)
        self.open.setAccessibleName(say("d-business-file-choose-for", field=name))

    def _on_edit(self, _text: str) -> None:
        self._kept = None
        self.typed.emit()
