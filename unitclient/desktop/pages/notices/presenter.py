"""The notices page's presenter: read, put one in front, remember that it was read."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, pyqtSignal

from unitclient.desktop.pages.notices import work
from unitclient.desktop.pages.notices.state import Notice, NoticesState
from unitclient.desktop.pages.queries.model import load_queries
from unitclient.desktop.pages.queries.sources import SOURCES
from unitclient.desktop.tasks import Lane
from unitclient.paths import resources_root
from unitclient.texts import say

if TYPE_CHECKING:
    from unitclient.desktop.services import Services
    from unitclient.workflows.knowledge import Article


class NoticesPresenter(QObject):
    """Leads the notices page. `folder` is where the other lists are described."""

    changed = pyqtSignal(object)
    """NoticesState."""

    def __init__(self, services: Services, folder: Path | None = None) -> None:
        super().__init__()
        self._services = services
        known = {name: source.inputs for name, source in SOURCES.items()}
        lists, _problems = load_queries(folder or resources_root() / "notices", known)
        self.state = NoticesState(services=lists)

    def refresh(self) -> None:
        """Read everything again."""

        def done(read: tuple[tuple[Notice, ...], work.Rows]) -> None:
            self._set(reading=False, notices=read[0], rows=read[1])
            self.find(self.state.typed)

        services = self.state.services
        self._services.tasks.run(Lane.DB, "d-notices-reading", lambda context: work.read_notices(context, services),
                                 done=done)  # fmt: skip

    def find(self, typed: str) -> None:
        """Look for knowledge articles by words, pinyin or initials."""
        self._set(typed=typed)

        def done(found: tuple[Article, ...]) -> None:
            if typed == self.state.typed:
                self._set(articles=found)

        self._services.tasks.run(
            Lane.DB, "d-notices-finding", lambda context: work.find_articles(context, typed), done=done
        )

    def select(self, ref: str) -> None:
        """Put one in front; from now on it counts as read."""
        self._set(current=ref)
        notice = self.state.notice()
        if notice is not None and not notice.read:
            self._mark((ref,))

    def mark_all(self) -> None:
        """Everything counts as read."""
        unread = tuple(one.ref for one in self.state.notices if not one.read)
        if unread:
            self._mark(unread)

    def _mark(self, refs: tuple[str, ...]) -> None:
        seen = tuple(replace(one, read=one.read or one.ref in refs) for one in self.state.notices)
        self._set(notices=seen)

        def done(receipts: int) -> None:
            if receipts:
                self._services.shell.say(say("d-notices-receipts", count=receipts))

        # The rows that were staged are seen by the pages that list what waits to be declared.
        self._services.tasks.run(Lane.DB, "d-notices-marking", lambda context: work.mark_read(context, refs),
                                 done=done, topics=frozenset({"items"}))  # fmt: skip

    def _set(self, **changes: object) -> None:
        self.state = replace(self.state, **changes)  # type: ignore[arg-type]  # names of the state's own members
        self.changed.emit(self.state)
