"""MaskedLabel: a value of a person that is hidden while values are masked, and can be revealed with a journal entry."""

from __future__ import annotations

from PyQt6.QtWidgets import QHBoxLayout, QWidget

from unitclient.desktop.masking import mask
from unitclient.desktop.session import Session
from unitclient.desktop.widgets.basic import button, label
from unitclient.texts import say


class MaskedLabel(QWidget):
    """Shows `value` as its kind is masked ("id", "phone", "money", "text") until the person asks to see it."""

    def __init__(
        self, session: Session, column: str, kind: str, value: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._column, self._kind = session, column, kind
        self._value = value
        self._revealed = False
        self._text = label("", selectable=True)
        self._show = button(say("d-reveal"), self.reveal, "link")
        box = QHBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self._text)
        box.addWidget(self._show)
        box.addStretch(1)
        session.masking_changed.connect(self._on_masking)
        self._render()

    def set_value(self, value: str) -> None:
        """Show another value; it is hidden again."""
        self._value, self._revealed = value, False
        self._render()

    def reveal(self) -> None:
        """Show the value as it is; the journal says which column was looked at."""
        self._session.note_unmask(self._column)
        self._revealed = True
        self._render()

    def text(self) -> str:
        """What is shown."""
        return self._text.text()

    def _on_masking(self, _masked: bool) -> None:
        self._revealed = False
        self._render()

    def _render(self) -> None:
        hidden = self._session.masked() and not self._revealed and bool(self._value)
        shown = mask(self._kind, self._value) if hidden else self._value
        self._text.setText(shown)
        self._text.setAccessibleName(shown)
        self._show.setVisible(hidden)
