"""The page host: makes each page when it is first shown, and keeps it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QStackedWidget, QWidget

from unitclient.desktop.pages.base import Page, PageSpec
from unitclient.desktop.services import Services
from unitclient.desktop.widgets.empty_state import EmptyState
from unitclient.texts import say


class PageHost(QStackedWidget):
    """Pages one behind the other. Without an open session a page is shown but not filled."""

    shown = pyqtSignal(str)
    """The id of the page now in front."""

    made = pyqtSignal(object)
    """A Page that was just made."""

    def __init__(self, services: Services, specs: Sequence[PageSpec], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._specs = {spec.id: spec for spec in specs}
        self._pages: dict[str, Page] = {}
        self._current = ""
        self._target: dict[str, str] = {}
        self._no_unit = EmptyState(say("d-no-unit"), say("d-no-unit-why"), say("d-no-unit-act"), self._add_unit)
        self.addWidget(self._no_unit)
        session = services.session
        session.data_changed.connect(self._on_data)
        session.unit_changed.connect(self._on_other)
        session.period_changed.connect(self._on_other)
        session.masking_changed.connect(self._on_other)

    def current_id(self) -> str:
        """The id of the page in front."""
        return self._current

    def current_page(self) -> Page | None:
        """The page in front; None while there is no unit for it."""
        widget = self.currentWidget()
        return widget if isinstance(widget, Page) else None

    def page(self, page_id: str) -> Page:
        """A page, made now if it was not shown before. KeyError for a page that is not there."""
        if page_id not in self._pages:
            made = self._specs[page_id].make(self._services)
            self._pages[page_id] = made
            self.addWidget(made)
            self.made.emit(made)
        return self._pages[page_id]

    def go(self, page_id: str, target: Mapping[str, str]) -> None:
        """Bring a page to the front unless the one in front holds unsaved work that the person keeps."""
        if page_id not in self._specs:
            return
        before = self.current_page()
        if before is None or page_id == self._current:
            self._show(page_id, target)
        else:
            before.may_leave(lambda leave: self._show(page_id, target) if leave else self.shown.emit(self._current))

    def revisit(self) -> None:
        """Look again at the page in front: the session was opened, or the unit is another."""
        if self._current:
            self._show(self._current, {})

    def _show(self, page_id: str, target: Mapping[str, str]) -> None:
        self._current = page_id
        session = self._services.session
        lacking = self._specs[page_id].needs_unit and session.is_open() and session.unit() is None
        self.setCurrentWidget(self._no_unit if lacking else self.page(page_id))
        self.shown.emit(page_id)
        page = self.current_page()
        if page is None or not session.is_open():
            self._target = dict(target)
            return
        page.on_shown()
        told = dict(target) or self._target
        self._target = {}
        if told:
            page.receive(told)

    def _on_data(self, topics: frozenset[str]) -> None:
        for page in self._pages.values():
            page.stale = page.stale or bool(page.topics & topics)
        self._refresh_front()

    def _on_other(self, _what: object) -> None:
        for page in self._pages.values():
            page.stale = True
        self.revisit()

    def _refresh_front(self) -> None:
        page = self.current_page()
        if page is not None and self._services.session.is_open():
            page.on_shown()

    def _add_unit(self) -> None:
        self._services.dialogs.open_wizard("first_run", {}, lambda _answer: None)
