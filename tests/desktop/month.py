"""What the tests of dashboard and review share: a month's people, texts of a page, and the walk over its widgets."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QTabBar,
    QWidget,
)

import unitclient.desktop

SMALLEST = (900, 500)


def focusable(page: QWidget) -> Iterator[QWidget]:
    """Every widget of a page that takes the focus by Tab."""
    for widget in page.findChildren(QWidget):
        if widget.isVisibleTo(page) and widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            yield widget


def unnamed(page: QWidget) -> list[str]:
    """Focusable widgets that assistive technology could not name."""
    return [
        f"{type(widget).__name__} {widget.objectName()}"
        for widget in focusable(page)
        if not (widget.accessibleName() or _text_of(widget) or _buddy(page, widget))
    ]


def _text_of(widget: QWidget) -> str:
    if isinstance(widget, QAbstractButton | QLabel):
        return widget.text()
    return "tabs" if isinstance(widget, QTabBar) else ""


def _buddy(page: QWidget, widget: QWidget) -> bool:
    proxies = [label.buddy() for label in page.findChildren(QLabel)]
    return widget in proxies or isinstance(widget.parent(), QComboBox | QAbstractItemView | QLineEdit)


def shown_texts(page: QWidget) -> str:
    """Everything that labels and buttons of a page say, once it is laid out."""
    QApplication.processEvents()
    said = [one.text() for one in page.findChildren(QLabel) if one.isVisibleTo(page)]
    said += [one.text() for one in page.findChildren(QAbstractButton) if one.isVisibleTo(page)]
    return "\n".join(said)


def imports_of(module: str) -> set[str]:
    """Modules that a module of the desktop imports when it is imported itself (not inside functions)."""
    path = Path(unitclient.desktop.__file__).parent / f"{module.replace('.', '/')}.py"
    found: set[str] = set()
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
        elif isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
    return found
