"""Two small dialogs: a question with a named act, and a refusal in three sentences."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QDialog, QVBoxLayout, QWidget

from unitclient.desktop.theme.icons import pixmap
from unitclient.desktop.widgets.basic import button, label, row
from unitclient.texts import ErrorTexts, say

_WIDTH = 460


class Confirm(QDialog):
    """Asks whether to do something. Esc and closing mean no; a dangerous act is not the default button."""

    def __init__(self, title: str, text: str, act: str, done: Callable[[bool], None], *, danger: bool = False,
                 parent: QWidget | None = None) -> None:  # fmt: skip
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.setAccessibleDescription(text)
        self.yes = button(act, self.accept, "danger" if danger else "primary")
        self.no = button(say("d-cancel"), self.reject)
        (self.no if danger else self.yes).setDefault(True)
        box = QVBoxLayout(self)
        box.setContentsMargins(24, 16, 24, 16)
        box.setSpacing(12)
        box.addWidget(label(title, "sectionTitle", wrap=True))
        words = label(text, wrap=True, selectable=True)
        words.setMinimumWidth(_WIDTH)
        box.addWidget(words)
        box.addSpacing(4)
        box.addLayout(row(1, self.no, self.yes))
        (self.no if danger else self.yes).setFocus()
        self.finished.connect(lambda answer: done(bool(answer)))
        self.finished.connect(self.deleteLater)


class Refusal(QDialog):
    """What happened, why, and what to do now."""

    def __init__(self, texts: ErrorTexts, done: Callable[[], None] | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(say("d-refused"))
        self.setAccessibleName(texts.what)
        self.setAccessibleDescription(f"{texts.why} {texts.fix}")
        picture = label()
        picture.setPixmap(pixmap("stop", 28, "err", self.devicePixelRatioF()))
        box = QVBoxLayout()
        box.setSpacing(8)
        for text, kind in ((texts.what, "sectionTitle"), (texts.why, ""), (texts.fix, "strong")):
            words = label(text, kind, wrap=True, selectable=True)  # type: ignore[arg-type]  # one of the kinds
            words.setMinimumWidth(_WIDTH)
            box.addWidget(words)
        self.ok = button(say("d-understood"), self.accept, "primary")
        self.ok.setDefault(True)
        head = row(picture, gap=16)
        head.setAlignment(picture, Qt.AlignmentFlag.AlignTop)
        head.addLayout(box, 1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(24, 16, 24, 16)
        outer.setSpacing(16)
        outer.addLayout(head)
        outer.addLayout(row(1, self.ok))
        self.ok.setFocus()
        if done is not None:
            self.finished.connect(lambda _answer: done())
        self.finished.connect(self.deleteLater)
