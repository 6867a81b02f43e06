"""The notices page's widgets: announcements with the text of the one in front, and a tab for each other list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QScrollArea, QSplitter, QStackedWidget, QTabWidget, QWidget

from unitclient.desktop.models.columns import ColumnSpec, Kind
from unitclient.desktop.models.list_table import ListTableModel
from unitclient.desktop.models.rows import MARKS, Mark
from unitclient.desktop.pages.base import Page
from unitclient.desktop.pages.documents.preview import see_through
from unitclient.desktop.pages.notices.knowledge import KnowledgeTab
from unitclient.desktop.pages.notices.state import Notice, NoticesState
from unitclient.desktop.theme.tokens import State
from unitclient.desktop.widgets.basic import boxed, button, column, label
from unitclient.desktop.widgets.card import Card
from unitclient.desktop.widgets.empty_state import EmptyState
from unitclient.desktop.widgets.table_view import TableView
from unitclient.texts import say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from unitclient.desktop.pages.queries.model import Query
    from unitclient.desktop.services import Services

COLUMNS = (
    ColumnSpec("state", "d-notices-state", Kind.STATE, 7),
    ColumnSpec("title", "d-notices-title", width=30),
    ColumnSpec("published", "d-notices-published", Kind.DATE, 11),
)


def table_row(notice: Notice) -> dict[str, object]:
    """An announcement as a row."""
    mark = Mark(State.OFF, sign="○") if notice.read else Mark(State.INFO, sign="●")
    word = say("d-notices-read" if notice.read else "d-notices-unread")
    return {"id": notice.ref, "state": word, "title": notice.title, "published": notice.published,
            MARKS: {"state": mark}}  # fmt: skip


def detail_text(service: Query, row: Mapping[str, Any]) -> str:
    """Everything a row of a list says, a line a column: columns cut long texts off."""
    lines = ((each.title(), row.get(each.key)) for each in service.columns)
    return "\n".join(f"{title}：{value}" for title, value in lines if value)


class NoticesView(Page):
    """Shows a NoticesState."""

    page_id, title_key, help_id = "notices", "d-notices", "d-notices-help"
    topics = frozenset({"documents", "units"})

    intent_refresh = pyqtSignal()
    intent_select = pyqtSignal(str)
    intent_mark_all = pyqtSignal()

    def __init__(self, services: Services, lists: tuple[Query, ...], parent: QWidget | None = None) -> None:
        super().__init__(services, parent)
        self.state = NoticesState()
        self.mark_all = button(say("d-notices-mark-all"), self.intent_mark_all.emit, icon="check")
        self.head.addWidget(self.mark_all)
        self.tabs = QTabWidget()
        self.tabs.setAccessibleName(say("d-notices"))
        self.tabs.addTab(self._announcements(), say("d-notices-tab"))
        self.lists: dict[str, tuple[ListTableModel, QStackedWidget]] = {}
        for service in lists:
            self.tabs.addTab(self._list(service), str(service.title))
        self.knowledge = KnowledgeTab()
        self.tabs.addTab(self.knowledge, say("d-knowledge"))
        self.body.addWidget(self.tabs, 1)

    def _announcements(self) -> QWidget:
        self.model = ListTableModel(COLUMNS)
        self.table = TableView(say("d-notices-table"))
        self.table.set_model(self.model)
        self.table.current_changed.connect(self._on_current)
        self.heading = label("", "sectionTitle", wrap=True, selectable=True)
        self.about = label("", "hint")
        self.text = label("", wrap=True, selectable=True)
        self.text.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        inside = boxed(column(self.heading, self.about, self.text, 1, gap=8, margins=(0, 0, 8, 0)))
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setAccessibleName(say("d-notices-text"))
        scroll.setWidget(inside)
        see_through(scroll)
        card = Card()
        card.body.addWidget(scroll, 1)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setChildrenCollapsible(False)
        split.addWidget(self.table)
        split.addWidget(card)
        split.setSizes([420, 520])
        self.empty = EmptyState(say("d-notices-empty"), say("d-notices-empty-why"))
        self.pages = QStackedWidget()
        self.pages.addWidget(self.empty)
        self.pages.addWidget(boxed(column(split, margins=(0, 8, 0, 0))))
        return self.pages

    def _list(self, service: Query) -> QWidget:
        model = ListTableModel(service.columns)
        table = TableView(str(service.title), stretch_last=True)
        table.set_model(model)
        pages = QStackedWidget()
        pages.addWidget(EmptyState(say("d-notices-none", what=service.title), str(service.hint)))
        detail = label("", "secondary", wrap=True, selectable=True)

        def tell(place: int, _column: int) -> None:
            told = detail_text(service, model.row(place) or {})
            detail.setText(told)
            detail.setAccessibleName(told)

        table.current_changed.connect(tell)
        listed = column(table, detail, gap=8, margins=(0, 8, 0, 0))
        listed.setStretch(0, 1)
        pages.addWidget(boxed(listed))
        self.lists[service.id] = (model, pages)
        return pages

    def refresh(self) -> None:
        """Read again."""
        self.intent_refresh.emit()

    def main_action(self) -> None:
        """Everything was read."""
        self.mark_all.click()

    def receive(self, target: Mapping[str, str]) -> None:
        """Led here with one of the other lists (`tab`)."""
        if target.get("tab") == "knowledge":
            self.tabs.setCurrentWidget(self.knowledge)
        names = list(self.lists)
        if target.get("tab") in names:
            self.tabs.setCurrentIndex(1 + names.index(target["tab"]))

    def render_state(self, state: NoticesState) -> None:
        """Show a state."""
        self.state = state
        self.model.set_rows(table_row(one) for one in state.notices)
        self.pages.setCurrentIndex(1 if state.notices else 0)
        self.empty.tell(say("d-notices-reading") if state.reading else say("d-notices-empty"),
                        "" if state.reading else say("d-notices-empty-why"))  # fmt: skip
        unread = state.unread()
        self.mark_all.setEnabled(bool(unread))
        self.tabs.setTabText(0, say("d-notices-tab-unread", count=unread) if unread else say("d-notices-tab"))
        notice = state.notice()
        self.heading.setText(notice.title if notice else say("d-notices-hint"))
        self.about.setText(say("d-notices-about", published=notice.published, received=notice.received)
                           if notice else "")  # fmt: skip
        self.text.setText(notice.body if notice else "")
        self.text.setAccessibleName(notice.body if notice else "")
        self.knowledge.show_articles(state.articles)
        for name, (model, pages) in self.lists.items():
            rows = state.rows.get(name, ())
            model.set_rows({**row, "id": place} for place, row in enumerate(rows))
            pages.setCurrentIndex(1 if rows else 0)

    def _on_current(self, place: int, _column: int) -> None:
        found = self.model.row(place)
        wanted = str(found["id"]) if found else ""
        if wanted and wanted != self.state.current:
            self.intent_select.emit(wanted)
