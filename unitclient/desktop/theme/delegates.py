"""Delegates for tables: the state's tint with a corner mark, and amounts to the right.

The roles are fixed here because models and delegates share them; a model gives states, never colours.
"""

from __future__ import annotations

from PyQt6.QtCore import QModelIndex, Qt
from PyQt6.QtGui import QBrush, QPainter
from PyQt6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from unitclient.desktop.theme.drawing import corner_mark
from unitclient.desktop.theme.look import colour, state_colours
from unitclient.desktop.theme.tokens import SIGNS, State

StatusRole = Qt.ItemDataRole.UserRole + 1
"""A `State`, or None where there is nothing to say."""
ReasonRole = Qt.ItemDataRole.UserRole + 2
"""List of reasons, as text."""
SignRole = Qt.ItemDataRole.UserRole + 3
"""The sign of a state cell where it is not the state's usual one."""


class RowDelegate(QStyledItemDelegate):
    """Cells of the current row stand on a ground of their own: one sees across a wide table where one is."""

    def initStyleOption(self, option: QStyleOptionViewItem | None, index: QModelIndex) -> None:  # noqa: N802 - Qt's name
        """The ground of the current row."""
        super().initStyleOption(option, index)
        view = option.widget if option is not None else None
        if option is not None and isinstance(view, QAbstractItemView) and view.currentIndex().row() == index.row():
            option.backgroundBrush = QBrush(colour("row"))


class StatusDelegate(RowDelegate):
    """Cells with a state: tinted, with a corner mark that a selection does not hide."""

    def initStyleOption(self, option: QStyleOptionViewItem | None, index: QModelIndex) -> None:  # noqa: N802 - Qt's name
        """The tint behind the text, and the state's text colour."""
        super().initStyleOption(option, index)
        state = index.data(StatusRole)
        if option is None or state not in (State.ERR, State.WARN):
            return
        _, tint = state_colours(state)
        option.backgroundBrush = QBrush(tint)

    def paint(self, painter: QPainter | None, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        """The cell, then its mark on top of everything."""
        super().paint(painter, option, index)
        state = index.data(StatusRole)
        if painter is not None and state in (State.ERR, State.WARN, State.INFO):
            text, _ = state_colours(state)
            corner_mark(painter, option.rect, text)


class MoneyDelegate(StatusDelegate):
    """Amounts: to the right."""

    def initStyleOption(self, option: QStyleOptionViewItem | None, index: QModelIndex) -> None:  # noqa: N802 - Qt's name
        """See StatusDelegate."""
        super().initStyleOption(option, index)
        if option is not None:
            option.displayAlignment = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class StateDelegate(RowDelegate):
    """A column that says how a row stands: colour, sign and word."""

    def initStyleOption(self, option: QStyleOptionViewItem | None, index: QModelIndex) -> None:  # noqa: N802 - Qt's name
        """Sign before the word, both in the state's colour unless the row is selected."""
        super().initStyleOption(option, index)
        state = index.data(StatusRole)
        if option is None or not isinstance(state, State):
            return
        text, tint = state_colours(state)
        option.text = f"{index.data(SignRole) or SIGNS[state]} {option.text}"
        if not option.state & QStyle.StateFlag.State_Selected:
            option.palette.setBrush(option.palette.ColorRole.Text, QBrush(text))
            option.backgroundBrush = QBrush(tint)
