"""The knowledge tab (知识库): a search field, the articles found, and the text of the one in front."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PyQt6.QtCore import QTimer, pyqtSignal
from PyQt6.QtWidgets import QLineEdit, QPlainTextEdit, QSplitter, QWidget

from unitclient.desktop.models.columns import ColumnSpec, Kind
from unitclient.desktop.models.list_table import ListTableModel
from unitclient.desktop.widgets.basic import boxed, column, label
from unitclient.desktop.widgets.table_view import TableView
from unitclient.texts import say

if TYPE_CHECKING:
    from unitclient.workflows.knowledge import Article

COLUMNS = (
    ColumnSpec("title", "d-notices-title", width=30),
    ColumnSpec("published", "d-notices-published", Kind.DATE, 11),
)
_PAUSE_MS = 150
"""So long after the last key the search begins."""


class KnowledgeTab(QWidget):
    """Shows knowledge articles."""

    intent_find = pyqtSignal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._articles: dict[str, Article] = {}
        self.search = QLineEdit()
        self.search.setPlaceholderText(say("d-knowledge-search"))
        self.search.setAccessibleName(say("d-knowledge-search"))
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(lambda: self.intent_find.emit(self.search.text()))
        self.search.textChanged.connect(lambda _text: self._pause.start())
        self.model = ListTableModel(COLUMNS)
        self.table = TableView(say("d-knowledge"))
        self.table.set_model(self.model)
        self.table.current_changed.connect(self._on_current)
        self.heading = label("", "sectionTitle", wrap=True, selectable=True)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setAccessibleName(say("d-knowledge-text"))
        split = QSplitter()
        split.setChildrenCollapsible(False)
        split.addWidget(self.table)
        split.addWidget(boxed(column(self.heading, self.text, gap=8, margins=(8, 0, 0, 0))))
        split.setSizes([420, 520])
        self._show(None)
        self.none = label(say("d-knowledge-none"), "secondary", wrap=True)
        inside = column(self.search, self.none, split, gap=8, margins=(0, 8, 0, 0))
        inside.setStretch(2, 1)
        self.setLayout(inside)

    def show_articles(self, articles: Sequence[Article]) -> None:
        """Show what was found; nothing is done when it is the same."""
        found = {one.id: one for one in articles}
        self.none.setVisible(not found)
        if found == self._articles:
            return
        self._articles = found
        self.model.set_rows({"id": one.id, "title": one.title, "published": one.published} for one in articles)
        self._show(next(iter(articles), None))

    def _on_current(self, place: int, _column: int) -> None:
        row = self.model.row(place)
        self._show(self._articles.get(str(row["id"])) if row else None)

    def _show(self, article: Article | None) -> None:
        self.heading.setText(article.title if article else "")
        self.heading.setVisible(article is not None)
        self.text.setPlainText(article.body if article else "")
