"""Small makers of labels, buttons, lines and boxes, so that pages read as what they show."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QLabel, QLayout, QPushButton, QVBoxLayout, QWidget

from unitclient.desktop.theme.icons import icon as icon_of

LabelKind = Literal["", "pageTitle", "sectionTitle", "strong", "secondary", "hint", "error", "warning", "number"]
ButtonKind = Literal["", "primary", "danger", "link", "flat"]


def label(text: str = "", kind: LabelKind = "", *, wrap: bool = False, selectable: bool = False) -> QLabel:
    """A label of a kind of the style sheet. Never rich text: what people typed is shown as it is."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    if kind:
        made.setObjectName(kind)
    made.setWordWrap(wrap)
    if selectable:
        made.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        made.setAccessibleName(text)
    return made


def button(text: str, on_click: Callable[[], object] | None = None, kind: ButtonKind = "", *, icon: str = "",
           name: str = "") -> QPushButton:  # fmt: skip
    """A push button named by its act. `name` is what a screen reader says where the text alone would not do."""
    made = QPushButton(text)
    made.setAutoDefault(False)
    if kind:
        made.setObjectName(kind)
    if icon:
        made.setIcon(icon_of(icon, "accent_on" if kind == "primary" else "text2"))
    if name:
        made.setAccessibleName(name)
    if on_click is not None:
        made.clicked.connect(lambda _checked=False: on_click())
    return made


def line() -> QFrame:
    """A hairline across."""
    made = QFrame()
    made.setObjectName("line")
    made.setFixedHeight(1)
    return made


def row(*members: QWidget | int, gap: int = 8, margins: tuple[int, int, int, int] = (0, 0, 0, 0)) -> QHBoxLayout:
    """Widgets side by side; a number is a stretch."""
    made = QHBoxLayout()
    _fill(made, members, gap, margins)
    return made


def column(*members: QWidget | int, gap: int = 8, margins: tuple[int, int, int, int] = (0, 0, 0, 0)) -> QVBoxLayout:
    """Widgets below one another; a number is a stretch."""
    made = QVBoxLayout()
    _fill(made, members, gap, margins)
    return made


def boxed(layout: QBoxLayout) -> QWidget:
    """A plain widget around a layout."""
    made = QWidget()
    made.setLayout(layout)
    return made


def _fill(layout: QBoxLayout, members: tuple[QWidget | int, ...], gap: int, margins: tuple[int, int, int, int]) -> None:
    layout.setSpacing(gap)
    layout.setContentsMargins(*margins)
    for member in members:
        if isinstance(member, int):
            layout.addStretch(member)
        else:
            layout.addWidget(member)


def restyle(widget: QWidget) -> None:
    """Have the style sheet looked at again after a property changed."""
    style = widget.style()
    if style is not None:
        style.unpolish(widget)
        style.polish(widget)
    widget.update()


def clear_layout(layout: QLayout) -> None:
    """Take everything out of a layout and destroy it."""
    while (item := layout.takeAt(0)) is not None:
        inner = item.layout()
        if inner is not None:
            clear_layout(inner)
        widget = item.widget()
        if widget is not None:
            discard(widget)


def discard(widget: QWidget) -> None:
    """Destroy a widget that was taken out of its layout.

    A layout shows what it was given by an event of its own. Hidden first, the widget stays hidden when that event comes
    late; else it would flash up as a window of its own and take the focus away.
    """
    widget.hide()
    widget.setParent(None)
    widget.deleteLater()
