"""Banner: the result of an act, inside the page, until it is dismissed. Nothing vanishes by itself."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QWidget

from unitclient.desktop.theme.tokens import SIGNS, State
from unitclient.desktop.widgets.basic import button, label, restyle
from unitclient.errors import UserError
from unitclient.texts import error_texts, say


class Banner(QFrame):
    """One message at the top of a page, with at most one next step."""

    dismissed = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        self._sign = label("", "strong")
        self._sign.setObjectName("bannerSign")
        self._text = label("", wrap=True, selectable=True)
        self._next = button("", self._take_next)
        self._close = button(say("d-banner-close"), self.dismiss, "link", name=say("d-banner-close-name"))
        self._step: Callable[[], object] | None = None
        box = QHBoxLayout(self)
        box.setContentsMargins(12, 8, 8, 8)
        box.setSpacing(8)
        box.addWidget(self._sign)
        box.addWidget(self._text, 1)
        box.addWidget(self._next)
        box.addWidget(self._close)
        self.hide()

    def tell(self, state: State, text: str, next_word: str = "", next_step: Callable[[], object] | None = None) -> None:
        """Show a message; `next_word` names the button of the next step."""
        self._step = next_step
        self._sign.setText(SIGNS[state])
        self._text.setText(text)
        self._text.setAccessibleName(text)
        self.setAccessibleName(say("d-banner-name", state=say(f"d-state-{state.value}"), text=text))
        self._next.setText(next_word)
        self._next.setVisible(next_step is not None)
        self.setProperty("state", state.value)
        restyle(self)
        for child in (self._sign, self._text):
            restyle(child)
        self.show()

    def refuse(self, refusal: UserError, next_word: str = "", next_step: Callable[[], object] | None = None) -> None:
        """Show a refusal in its three sentences."""
        self.tell(State.ERR, "\n".join(error_texts(refusal.code, refusal.params)), next_word, next_step)

    def set_lasting(self, lasting: bool) -> None:
        """A lasting message cannot be dismissed."""
        self._close.setVisible(not lasting)

    def text(self) -> str:
        """What it says; empty when it is not shown."""
        return "" if self.isHidden() else self._text.text()

    def dismiss(self) -> None:
        """Take it away."""
        self.hide()
        self.dismissed.emit()

    def _take_next(self) -> None:
        if self._step is not None:
            self._step()
