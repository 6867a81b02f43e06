"""Card: a titled box on a page."""

from __future__ import annotations

from PyQt6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from unitclient.desktop.theme.tokens import CARD_MARGIN
from unitclient.desktop.widgets.basic import label


class Card(QFrame):
    """A surface with a title; add to `body`, and small things beside the title to `head`."""

    def __init__(self, title: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self._title = label(title, "sectionTitle")
        self.head = QHBoxLayout()
        self.head.setSpacing(8)
        self.head.addWidget(self._title)
        self.head.addStretch(1)
        self.body = QVBoxLayout()
        self.body.setSpacing(8)
        outer = QVBoxLayout(self)
        side, top = CARD_MARGIN
        outer.setContentsMargins(side, top, side, top)
        outer.setSpacing(8)
        outer.addLayout(self.head)
        outer.addLayout(self.body)
        self.set_title(title)

    def set_title(self, title: str) -> None:
        """Set the title."""
        self._title.setText(title)
        self._title.setVisible(bool(title))
        self.setAccessibleName(title)
