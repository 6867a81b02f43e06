"""The list of businesses: by group, found by Chinese, pinyin initials or English as one types."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtCore import QSize, Qt, pyqtSignal
from PyQt6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem, QWidget

from unitclient.desktop.actions.initials import initials
from unitclient.desktop.pages.business.state import BusinessLine
from unitclient.desktop.widgets.basic import column
from unitclient.texts import say

WIDTH, _WIDEST, _AIR = 152, 208, 40
_ID = Qt.ItemDataRole.UserRole
_WORDS = Qt.ItemDataRole.UserRole + 1


class FormChooser(QWidget):
    """Tells `chosen` the id of a business."""

    chosen = pyqtSignal(str)

    def __init__(self) -> None:
        super().__init__()
        self.search = QLineEdit()
        self.search.setPlaceholderText(say("d-business-find"))
        self.search.setAccessibleName(say("d-business-find-name"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._narrow)
        self.search.returnPressed.connect(self._take_first)
        self.list = QListWidget()
        self.list.setAccessibleName(say("d-business-list"))
        self.list.currentItemChanged.connect(self._on_item)
        self.setMinimumWidth(104)
        box = column(self.search, gap=8)
        box.addWidget(self.list, 1)
        self.setLayout(box)

    def show_lines(self, lines: Sequence[BusinessLine], chosen: str) -> None:
        """The list keeps its items: another current one is only set when it differs."""
        self.list.blockSignals(True)
        if [line.form_id for line in lines] != [str(item.data(_ID)) for item in self._businesses()]:
            self._make(lines)
        for item, line in zip(self._businesses(), lines, strict=True):
            title = say("d-business-line", title=line.title, count=line.pending) if line.pending else line.title
            item.setText(title)
            spoken = say("d-business-line-spoken", title=line.title, count=line.pending)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, spoken)
            if line.form_id == chosen and self.list.currentItem() is not item:
                self.list.setCurrentItem(item)
        self.list.blockSignals(False)

    def wanted_width(self) -> int:
        """Room for the longest title, within bounds."""
        titles = [self.fontMetrics().horizontalAdvance(item.text()) for item in self._businesses()]
        return min(_WIDEST, max(WIDTH, max(titles, default=0) + _AIR))

    def _make(self, lines: Sequence[BusinessLine]) -> None:
        self.list.clear()
        group = None
        for line in lines:
            if line.group != group:
                group = line.group
                self._add(QListWidgetItem(group)).setFlags(Qt.ItemFlag.NoItemFlags)
            item = self._add(QListWidgetItem(line.title))
            item.setData(_ID, line.form_id)
            item.setData(_WORDS, f"{line.title} {initials(line.title)} {line.form_id} {line.group}".casefold())
            item.setToolTip(f"{line.title}\n{line.summary}")
        self._narrow(self.search.text())

    def _add(self, item: QListWidgetItem) -> QListWidgetItem:
        item.setSizeHint(QSize(0, max(28, self.fontMetrics().height() + 10)))
        self.list.addItem(item)
        return item

    def _narrow(self, typed: str) -> None:
        wanted = typed.casefold().split()
        header, seen = None, False
        for item in self._items():
            if item.data(_ID) is None:
                if header is not None:
                    header.setHidden(not seen)
                header, seen = item, False
                continue
            fits = all(word in str(item.data(_WORDS)) for word in wanted)
            item.setHidden(not fits)
            seen = seen or fits
        if header is not None:
            header.setHidden(not seen)

    def _take_first(self) -> None:
        found = next((item for item in self._businesses() if not item.isHidden()), None)
        if found is not None:
            self.list.setCurrentItem(found)
            self.list.setFocus()

    def _on_item(self, item: QListWidgetItem | None, _before: QListWidgetItem | None) -> None:
        if item is not None and item.data(_ID) is not None:
            self.chosen.emit(str(item.data(_ID)))

    def _items(self) -> list[QListWidgetItem]:
        found = [self.list.item(place) for place in range(self.list.count())]
        return [item for item in found if item is not None]

    def _businesses(self) -> list[QListWidgetItem]:
        return [item for item in self._items() if item.data(_ID) is not None]
