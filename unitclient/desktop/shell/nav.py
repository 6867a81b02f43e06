"""The navigation: pages by word and icon on the left; icons alone in a narrow window."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtCore import QModelIndex, QRect, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QPainter, QResizeEvent
from PyQt6.QtWidgets import (
    QFrame,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from unitclient.desktop.pages.base import PageSpec
from unitclient.desktop.theme import fonts
from unitclient.desktop.theme.drawing import rounded
from unitclient.desktop.theme.icons import icon
from unitclient.desktop.theme.look import colour, look
from unitclient.desktop.theme.tokens import NAV_COLLAPSED_WIDTH, NAV_WIDTH
from unitclient.texts import say

_ICON = 18
_LOWEST = 24
_PAGE_ROLE = Qt.ItemDataRole.UserRole


class _Entry(QStyledItemDelegate):
    """Draws an entry: icon, word, and for the page in front a bar of accent on a tint."""

    room = 0
    """Height there is for one entry; entries grow no higher than is comfortable and no lower than can be hit."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:  # noqa: N802 - Qt's name
        """As high as there is room."""
        text = option.fontMetrics.height()
        return QSize(40, max(_LOWEST, text + 6, min(max(30, text + 12), self.room)))

    def paint(self, painter: QPainter | None, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        """Draw it."""
        if painter is None:
            return
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        box = option.rect.adjusted(8, 1, -8, -1)
        if chosen:
            rounded(painter, QRectF(box), colour("selection"))
            painter.fillRect(QRect(box.left(), box.top() + 6, 3, box.height() - 12), colour("accent"))
        if option.state & QStyle.StateFlag.State_HasFocus:
            rounded(painter, QRectF(box), colour("selection"), colour("accent"))
        narrow = option.rect.width() < NAV_WIDTH // 2
        left = option.rect.center().x() - _ICON // 2 + 1 if narrow else box.left() + 12
        place = QRect(left, box.center().y() - _ICON // 2 + 1, _ICON, _ICON)
        index.data(Qt.ItemDataRole.DecorationRole).paint(painter, place)
        if narrow:
            return
        painter.setPen(colour("selection_on" if chosen else "text"))
        painter.setFont(fonts.strong(look().font_size) if chosen else option.font)
        text = box.adjusted(12 + _ICON + 10, 0, -4, 0)
        word = option.fontMetrics.elidedText(index.data(), Qt.TextElideMode.ElideRight, text.width())
        painter.drawText(text, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, word)


class Navigation(QFrame):
    """The list of pages."""

    chosen = pyqtSignal(str)
    """The id of a page that was asked for."""

    def __init__(self, specs: Sequence[PageSpec], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("navFrame")
        self._list = QListWidget()
        self._entry = _Entry(self._list)
        self._list.setItemDelegate(self._entry)
        self._list.setFrameShape(QFrame.Shape.NoFrame)
        self._list.setAccessibleName(say("d-nav-name"))
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setIconSize(QSize(_ICON, _ICON))
        viewport = self._list.viewport()
        if viewport is not None:
            viewport.setAutoFillBackground(False)
        self._specs = [spec for spec in specs if spec.nav]
        for number, spec in enumerate(self._specs, start=1):
            self._list.addItem(self._item(spec, number))
        # Not the current entry: assistive technology selects one and moves no focus.
        self._list.itemSelectionChanged.connect(self._on_selection)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 8, 0, 8)
        box.addWidget(self._list)
        self.collapse(False)

    def resizeEvent(self, event: QResizeEvent | None) -> None:  # noqa: N802 - Qt's name
        """Lower entries where the window is low, so that all can be seen."""
        super().resizeEvent(event)
        self._entry.room = (self.height() - 18) // max(1, len(self._specs))
        self._list.scheduleDelayedItemsLayout()

    def collapse(self, narrow: bool) -> None:
        """Icons alone, or icons and words."""
        self.setFixedWidth(NAV_COLLAPSED_WIDTH if narrow else NAV_WIDTH + (look().font_size - 9) * 14)
        self._list.scheduleDelayedItemsLayout()

    def show_page(self, page_id: str) -> None:
        """Mark the page in front; a page without a place in the navigation marks nothing."""
        rows = [row for row, spec in enumerate(self._specs) if spec.id == page_id]
        self._list.blockSignals(True)
        self._list.setCurrentRow(rows[0] if rows else -1)
        self._list.blockSignals(False)

    def take_focus(self) -> None:
        """Put the focus into the list."""
        self._list.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def page_ids(self) -> list[str]:
        """Pages in order: Ctrl+1 is the first."""
        return [spec.id for spec in self._specs]

    def _item(self, spec: PageSpec, number: int) -> QListWidgetItem:
        title = say(spec.title_key)
        item = QListWidgetItem(icon(spec.icon), title)
        item.setData(_PAGE_ROLE, spec.id)
        item.setToolTip(f"{title}  Ctrl+{number}" if number <= 9 else title)
        item.setData(Qt.ItemDataRole.AccessibleTextRole, title)
        return item

    def _on_selection(self) -> None:
        for index in self._list.selectedIndexes():
            self.chosen.emit(self._specs[index.row()].id)
