"""ShownCode: a recovery code, shown once. It is written down or printed, and locked away."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PyQt6.QtWidgets import QCheckBox, QDialog, QVBoxLayout, QWidget

from unitclient.desktop.dialogs.pin_field import hide_from_capture
from unitclient.desktop.theme import fonts
from unitclient.desktop.theme.look import look
from unitclient.desktop.widgets.basic import button, label, row
from unitclient.texts import say

if TYPE_CHECKING:
    from unitclient.desktop.services import Services

_WIDTH = 460
_LARGER = 4


class ShownCode(QDialog):
    """It can be closed once the tick says that the code was written down; `done` gets True."""

    def __init__(self, services: Services, code: str, done: Callable[[bool | None], None],
                 parent: QWidget | None = None) -> None:  # fmt: skip
        super().__init__(parent)
        title = say("d-recover-code-title")
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.code = label(code, "strong", selectable=True)
        self.code.setFont(fonts.mono(look().font_size + _LARGER))
        self.copy = button(say("d-copy"), lambda: services.files.copy_text(code), icon="copy")
        self.kept = QCheckBox(say("d-recover-code-kept"))
        self.close_it = button(say("d-recover-code-close"), self.accept, "primary")
        self.close_it.setEnabled(False)
        self.kept.toggled.connect(self.close_it.setEnabled)
        why = label(say("d-recover-code-why"), "secondary", wrap=True)
        why.setMinimumWidth(_WIDTH)
        box = QVBoxLayout(self)
        box.setContentsMargins(24, 16, 24, 16)
        box.setSpacing(12)
        for member in (label(title, "sectionTitle"), why, self.code, self.kept):
            box.addWidget(member)
        box.addLayout(row(self.copy, 1, self.close_it))
        hide_from_capture(self)
        self.finished.connect(lambda answer: done(True if answer else None))
        self.finished.connect(self.deleteLater)
