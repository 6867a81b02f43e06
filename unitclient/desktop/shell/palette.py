"""The command palette (Ctrl+K): type a few letters of anything and do it."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtCore import QModelIndex, QSize, Qt
from PyQt6.QtGui import QKeyEvent, QKeySequence, QPainter
from PyQt6.QtWidgets import (
    QDialog,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from unitclient.desktop.actions.search import Choice, matching
from unitclient.desktop.theme.look import colour
from unitclient.desktop.widgets.basic import label
from unitclient.desktop.widgets.room import resize_within
from unitclient.texts import say

_STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8}


class _Line(QStyledItemDelegate):
    """A line of the palette: the name, and its shortcut to the right."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:  # noqa: N802 - Qt's name
        """Lines have air."""
        return QSize(40, option.fontMetrics.height() + 14)

    def paint(self, painter: QPainter | None, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        """The line, then the shortcut."""
        super().paint(painter, option, index)
        detail = index.data(Qt.ItemDataRole.UserRole)
        if painter is not None and detail:
            painter.setPen(colour("text2"))
            painter.drawText(option.rect.adjusted(0, 0, -12, 0), Qt.AlignmentFlag.AlignRight | _MIDDLE, detail)


_MIDDLE = Qt.AlignmentFlag.AlignVCenter


class Palette(QDialog):
    """A line to type in and what fits below it."""

    def __init__(self, choices: Sequence[Choice], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(say("d-palette"))
        self.setAccessibleName(say("d-palette"))
        self.setModal(True)
        self._choices = list(choices)
        self._fitting: list[Choice] = []
        self.line = QLineEdit()
        self.line.setPlaceholderText(say("d-palette-hint"))
        self.line.setAccessibleName(say("d-palette-field"))
        self.line.setMinimumHeight(32)
        self.list = QListWidget()
        self.list.setAccessibleName(say("d-palette-list"))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setItemDelegate(_Line(self.list))
        self._none = label(say("d-palette-none"), "secondary")
        self._none.setAlignment(Qt.AlignmentFlag.AlignCenter)
        box = QVBoxLayout(self)
        box.setContentsMargins(12, 12, 12, 12)
        for widget in (self.line, self.list, self._none):
            box.addWidget(widget)
        self.line.textChanged.connect(self._fill)
        self.line.returnPressed.connect(self.choose)
        self.list.itemActivated.connect(lambda _item: self.choose())
        self.list.itemClicked.connect(lambda _item: self.choose())
        resize_within(self, 560, 420)
        self._fill("")

    def titles(self) -> list[str]:
        """What fits now."""
        return [one.title for one in self._fitting]

    def choose(self) -> None:
        """Do what is marked."""
        row = self.list.currentRow()
        if 0 <= row < len(self._fitting):
            chosen = self._fitting[row]
            self.accept()
            chosen.call()

    def keyPressEvent(self, event: QKeyEvent | None) -> None:  # noqa: N802 - Qt's name
        """Up and down move the mark while the focus stays in the line."""
        step = _STEPS.get(Qt.Key(event.key())) if event is not None else None
        if step is None:
            super().keyPressEvent(event)
            return
        row = max(0, min(self.list.count() - 1, self.list.currentRow() + step))
        self.list.setCurrentRow(row)

    def _fill(self, typed: str) -> None:
        self._fitting = matching(self._choices, typed)
        self.list.clear()
        for one in self._fitting:
            item = QListWidgetItem(one.title)
            shown = QKeySequence(one.detail).toString(QKeySequence.SequenceFormat.NativeText)
            item.setData(Qt.ItemDataRole.UserRole, shown or one.detail)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{one.title} {one.detail}".strip())
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        self.list.setVisible(bool(self._fitting))
        self._none.setVisible(not self._fitting)
