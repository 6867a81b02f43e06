"""A walk over a page's widgets: names for assistive technology, smallest size, texts that are cut off."""

from __future__ import annotations

from collections.abc import Iterator

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QWidget,
)

from unitclient.desktop.theme.tokens import SMALLEST_PAGE


def focusable(root: QWidget) -> Iterator[QWidget]:
    """Every widget inside that takes the focus by Tab. Parts of a spin or combo box belong to their box."""
    for widget in root.findChildren(QWidget):
        part = isinstance(widget.parent(), QAbstractSpinBox | QComboBox | QAbstractItemView)
        if not part and widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisibleTo(root):
            yield widget


def unnamed(root: QWidget) -> list[str]:
    """Focusable widgets that assistive technology could not name."""
    return [_what(widget) for widget in focusable(root) if not _name(widget, root)]


def too_large(page: QWidget) -> str:
    """What a page needs when that is more than the smallest window leaves it; empty when it fits."""
    need = page.minimumSizeHint()
    wide, high = SMALLEST_PAGE
    return "" if need.width() <= wide and need.height() <= high else f"{need.width()} x {need.height()}"


def cut_off(root: QWidget) -> list[str]:
    """Labels and buttons whose text needs more room than they have now."""
    found = []
    for label in root.findChildren(QLabel):
        text = label.text()
        if not label.isVisibleTo(root) or not text or "\n" in text or label.wordWrap():
            continue
        if label.fontMetrics().horizontalAdvance(text) > label.contentsRect().width() + 1:
            found.append(text)
    # Of a button that shows its icon alone, or draws itself, the size hint says nothing about its text.
    kinds = (QPushButton, QCheckBox, QRadioButton)
    buttons = [one for kind in kinds for one in root.findChildren(kind) if one.isVisibleTo(root) and one.text()]
    return found + [one.text() for one in buttons if one.sizeHint().width() > one.width() + 1]


def _name(widget: QWidget, root: QWidget) -> str:
    if widget.accessibleName():
        return widget.accessibleName()
    if isinstance(widget, QAbstractButton) and widget.text():
        return widget.text()
    buddies = [label.text() for label in root.findChildren(QLabel) if label.buddy() is widget]
    return buddies[0] if buddies else ""


def _what(widget: QWidget) -> str:
    text = widget.placeholderText() if isinstance(widget, QLineEdit) else ""
    return f"{type(widget).__name__} {widget.objectName()} {text}".strip()
