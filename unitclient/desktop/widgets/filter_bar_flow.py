"""FlowLayout: widgets in a line that wraps, for the filter bar in a narrow window."""

from __future__ import annotations

from PyQt6.QtCore import QPoint, QRect, QSize, Qt
from PyQt6.QtWidgets import QLayout, QLayoutItem, QWidget


class FlowLayout(QLayout):
    """Left to right, then the next line. The first widget takes the room that its line leaves."""

    def __init__(self, parent: QWidget | None = None, gap: int = 8) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._gap = gap
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem | None) -> None:  # noqa: N802 - Qt's name
        """Add at the end."""
        if item is not None:
            self._items.append(item)

    def count(self) -> int:
        """How many items there are."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:  # noqa: N802 - Qt's name
        """An item by its place."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:  # noqa: N802 - Qt's name
        """Take an item out."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:  # noqa: N802 - Qt's name
        """It wraps instead of growing."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:  # noqa: N802 - Qt's name
        """Its height follows from its width."""
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802 - Qt's name
        """Height of the lines that a width needs."""
        lines = self._lines(width)
        return sum(max(item.sizeHint().height() for item in line) for line in lines) + self._gap * (len(lines) - 1)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Everything on one line."""
        sizes = [item.sizeHint() for item in self._shown()]
        width = sum(size.width() for size in sizes) + self._gap * max(0, len(sizes) - 1)
        return QSize(width, max((size.height() for size in sizes), default=0))

    def minimumSize(self) -> QSize:  # noqa: N802 - Qt's name
        """The widest item alone."""
        sizes = [item.minimumSize() for item in self._shown()]
        return QSize(max((size.width() for size in sizes), default=0), max((s.height() for s in sizes), default=0))

    def setGeometry(self, rect: QRect) -> None:  # noqa: N802 - Qt's name
        """Place the items."""
        super().setGeometry(rect)
        top = rect.top()
        for line in self._lines(rect.width()):
            height = max(item.sizeHint().height() for item in line)
            self._place(line, QPoint(rect.left(), top), height, rect.width())
            top += height + self._gap

    def _shown(self) -> list[QLayoutItem]:
        return [item for item in self._items if not item.isEmpty()]

    def _lines(self, width: int) -> list[list[QLayoutItem]]:
        lines: list[list[QLayoutItem]] = []
        room = 0
        for item in self._shown():
            needed = item.sizeHint().width() + self._gap
            if not lines or needed - self._gap > room:
                lines.append([])
                room = width
            lines[-1].append(item)
            room -= needed
        return lines

    def _place(self, line: list[QLayoutItem], at: QPoint, height: int, width: int) -> None:
        spare = width - sum(item.sizeHint().width() for item in line) - self._gap * (len(line) - 1)
        left = at.x()
        for item in line:
            size = item.sizeHint()
            first = item is self._items[0]
            widget = item.widget()
            most = widget.maximumWidth() if widget is not None else size.width()
            wide = min(size.width() + max(0, spare), most) if first else size.width()
            item.setGeometry(QRect(left, at.y() + (height - size.height()) // 2, wide, size.height()))
            left += wide + self._gap
