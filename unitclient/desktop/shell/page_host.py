"""The page host: makes each page when it is first shown, and keeps it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PyQt6.QtCore import QSize, Qt, QTimer, pyqtSignal
from PyQt6.QtWidgets import QScrollArea, QStackedWidget, QWidget

from unitclient.desktop.pages.base import Page, PageSpec
from unitclient.desktop.services import Services
from unitclient.desktop.widgets.empty_state import EmptyState
from unitclient.desktop.widgets.scrolled import dress
from unitclient.texts import say

_LEAST = (480, 320)


class _Area(QScrollArea):
    """What a page lies in; asks for little room, because it scrolls."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Enough to see what is scrolled."""
        return QSize(*_LEAST)


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
        self._areas: dict[str, _Area] = {}
        self._current = ""
        self.in_steps = False
        """Whether a page is made, put in its place and filled by an event each: three short works for a long one."""
        self._target: dict[str, str] = {}
        self._no_unit = EmptyState(say("d-no-unit"), say("d-no-unit-why"), say("d-no-unit-act"), self._add_unit)
        self.addWidget(self._no_unit)
        session = services.session
        session.data_changed.connect(self._on_data)
        session.unit_changed.connect(self._forget)
        session.unit_changed.connect(self._on_other)
        session.period_changed.connect(self._on_other)
        session.masking_changed.connect(self._on_other)

    def current_id(self) -> str:
        """The id of the page in front."""
        return self._current

    def current_page(self) -> Page | None:
        """The page in front; None while there is no unit for it."""
        area = self.currentWidget()
        widget = area.widget() if isinstance(area, _Area) else None
        return widget if isinstance(widget, Page) else None

    def page(self, page_id: str) -> Page:
        """A page, made now if it was not shown before. KeyError for a page that is not there."""
        if page_id not in self._areas:
            made = self._make(page_id)
            # A page that needs more room than the window has is scrolled, not squeezed.
            area = self._areas[page_id] = _Area()
            dress(area, made, made.title())
            self.addWidget(area)
            self.made.emit(made)
        return self._pages[page_id]

    def made_pages(self) -> list[Page]:
        """The pages that were made so far."""
        return list(self._pages.values())

    def _make(self, page_id: str) -> Page:
        if page_id not in self._pages:
            self._pages[page_id] = self._specs[page_id].make(self._services)
        return self._pages[page_id]

    def _area(self, page_id: str) -> QWidget:
        self.page(page_id)
        return self._areas[page_id]

    def go(self, page_id: str, target: Mapping[str, str]) -> None:
        """Bring a page to the front unless the one in front holds unsaved work that the person keeps."""
        if page_id not in self._specs:
            return
        before = self.current_page()
        if before is None or page_id == self._current:
            self._show(page_id, target)
        else:
            before.may_leave(lambda leave: self._show(page_id, target) if leave else self.shown.emit(self._current))

    def bring(self, page_id: str) -> Page:
        """Bring a page to the front without asking the one that is there."""
        self.setCurrentWidget(self._area(page_id))
        self._current = page_id
        self.shown.emit(page_id)
        return self._pages[page_id]

    def revisit(self) -> None:
        """Look again at the page in front: the session was opened, or the unit is another."""
        if self._current:
            self._show(self._current, {})

    def _show(self, page_id: str, target: Mapping[str, str]) -> None:
        self._current = page_id
        session = self._services.session
        lacking = self._specs[page_id].needs_unit and session.is_open() and session.unit() is None
        known = page_id in self._areas
        if self.in_steps and not (lacking or known or page_id in self._pages):
            self._make(page_id)
            QTimer.singleShot(0, lambda: self._show(page_id, target) if page_id == self._current else None)
            return
        self.setCurrentWidget(self._no_unit if lacking else self._area(page_id))
        self.shown.emit(page_id)
        if self.in_steps and not known:
            QTimer.singleShot(0, lambda: self._fill(page_id, target))
        else:
            self._fill(page_id, target)

    def _fill(self, page_id: str, target: Mapping[str, str]) -> None:
        if page_id != self._current:
            return
        session, page = self._services.session, self.current_page()
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

    def _forget(self, _number: str) -> None:
        """What was told of one unit, and the next step it offers, is not for another one."""
        for page in self._pages.values():
            page.banner.dismiss()

    def _refresh_front(self) -> None:
        page = self.current_page()
        if page is not None and self._services.session.is_open():
            page.on_shown()

    def _add_unit(self) -> None:
        self._services.dialogs.open_wizard("first_run", {}, lambda _answer: None)
