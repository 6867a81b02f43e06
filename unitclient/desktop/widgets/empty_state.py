"""EmptyState: a page or table with nothing in it says why, and what the next step is."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import QSize, Qt
from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import QVBoxLayout, QWidget

from unitclient.desktop.widgets.basic import button, label

_WIDTH, _LEAST, _EDGE = 440, 200, 16


class EmptyState(QWidget):
    """Title, one sentence, and the act that leads on."""

    def __init__(self, title: str, why: str, act: str = "", on_act: Callable[[], object] | None = None,
                 parent: QWidget | None = None) -> None:  # fmt: skip
        super().__init__(parent)
        self._title = label("", "sectionTitle")
        self._why = label("", "secondary", wrap=True)
        self._why.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        # A wrapped label asks for its height by its width: a fixed one keeps the second line from being cut off.
        self._fit(_WIDTH)
        self._act = button("", self._do, "primary")
        self._on_act = on_act
        box = QVBoxLayout(self)
        box.setSpacing(8)
        box.addStretch(2)
        for member in (self._title, self._why, self._act):
            box.addWidget(member, 0, Qt.AlignmentFlag.AlignHCenter)
        box.addStretch(3)
        self.tell(title, why, act, on_act)

    def tell(self, title: str, why: str, act: str = "", on_act: Callable[[], object] | None = None) -> None:
        """Set what it says."""
        self._title.setText(title)
        self._why.setText(why)
        self._fit(self._why.width())
        self._act.setText(act)
        self._act.setVisible(bool(act))
        self._on_act = on_act
        self.setAccessibleName(title)
        self.setAccessibleDescription(why)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """The sentence takes more lines where there is less room."""
        return QSize(_LEAST, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent | None) -> None:  # noqa: N802 - Qt's name
        """Give the sentence the width there is."""
        super().resizeEvent(event)
        self._fit(min(_WIDTH, self.width() - 2 * _EDGE))

    def _fit(self, width: int) -> None:
        self._why.setFixedWidth(width)
        # The layout asks how high the text is for the whole width, where it takes fewer lines.
        self._why.setMinimumHeight(max(0, self._why.heightForWidth(width)))

    def _do(self) -> None:
        if self._on_act is not None:
            self._on_act()
