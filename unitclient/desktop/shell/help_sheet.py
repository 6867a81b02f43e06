"""The help sheet (F1): what the page is for, and every shortcut."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QKeySequence
from PyQt6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QFrame,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from unitclient.desktop.actions.registry import Act
from unitclient.desktop.theme.look import look
from unitclient.desktop.widgets.basic import button, label, row
from unitclient.desktop.widgets.room import resize_within
from unitclient.texts import say


class HelpSheet(QDialog):
    """Stays open beside the work until it is closed."""

    def __init__(self, title: str, help_text: str, acts: Sequence[Act], parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(say("d-help-title", page=title))
        self.setAccessibleName(say("d-help-title", page=title))
        box = QVBoxLayout(self)
        box.setContentsMargins(24, 16, 24, 16)
        box.setSpacing(12)
        box.addWidget(label(title, "pageTitle"))
        if help_text:
            box.addWidget(label(help_text, wrap=True, selectable=True))
        box.addWidget(label(say("d-help-keys"), "sectionTitle"))
        self.table = _shortcut_table([act for act in acts if act.spec.shortcut])
        box.addWidget(self.table, 1)
        box.addLayout(row(1, button(say("d-close"), self.close)))
        resize_within(self, 620, 560)


def _shortcut_table(acts: Sequence[Act]) -> QTableWidget:
    table = QTableWidget(len(acts), 3)
    table.setAccessibleName(say("d-help-keys"))
    table.setHorizontalHeaderLabels([say("d-help-key"), say("d-help-act"), say("d-help-what")])
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setFrameShape(QFrame.Shape.NoFrame)
    table.setAlternatingRowColors(True)
    table.setShowGrid(False)
    table.setWordWrap(False)
    for number, act in enumerate(acts):
        keys = " / ".join(_native(keys) for keys in act.spec.shortcuts()[:1])
        for place, text in enumerate((keys, act.title(), say(act.spec.help_key))):
            item = QTableWidgetItem(text)
            item.setToolTip(text)
            table.setItem(number, place, item)
    vertical, horizontal = table.verticalHeader(), table.horizontalHeader()
    assert vertical is not None
    assert horizontal is not None
    vertical.hide()
    vertical.setDefaultSectionSize(look().row_height())
    horizontal.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    horizontal.setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
    horizontal.setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
    horizontal.setStretchLastSection(True)
    return table


def _native(keys: str) -> str:
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)
