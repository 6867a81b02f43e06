"""FormField: label, input, hint and finding of one field, tied together for eye, keyboard and screen reader."""

from __future__ import annotations

from PyQt6.QtWidgets import QLabel, QVBoxLayout, QWidget

from unitclient.desktop.theme.tokens import SIGNS, State
from unitclient.desktop.widgets.basic import label, restyle
from unitclient.texts import say

_LABEL_KINDS = {State.ERR: "error", State.WARN: "warning"}


class FormField(QWidget):
    """A labelled input. The finding stands below it and is the input's description for assistive technology."""

    def __init__(self, title: str, editor: QWidget, hint: str = "", *, required: bool = False,
                 parent: QWidget | None = None) -> None:  # fmt: skip
        super().__init__(parent)
        self.editor = editor
        self._hint = hint
        self.title = QLabel(say("d-field-required", title=title) if required else title)
        self.title.setObjectName("secondary")
        self.title.setBuddy(editor)
        self.note = label("", "hint", wrap=True)
        editor.setAccessibleName(title)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(2)
        for member in (self.title, editor, self.note):
            box.addWidget(member)
        self.clear()

    def tell(self, state: State, text: str) -> None:
        """Show a finding or note below the field."""
        sign = f"{SIGNS[state]} " if state in _LABEL_KINDS else ""
        self.note.setText(f"{sign}{text}")
        self.note.setVisible(bool(text))
        self.editor.setAccessibleDescription(text)
        self.note.setObjectName(_LABEL_KINDS.get(state, "hint"))
        restyle(self.note)

    def clear(self) -> None:
        """Show the hint again, or nothing."""
        self.tell(State.OFF, self._hint)
