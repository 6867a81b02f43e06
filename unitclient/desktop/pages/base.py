"""PageSpec and Page: what the shell knows of a page.

A page is made without a desk: `__init__` builds widgets and reads nothing. `on_shown` and `refresh` are called only
when the session is open (and, with `needs_unit`, when a unit is in front).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PyQt6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from unitclient.desktop.theme.tokens import PAGE_MARGIN
from unitclient.desktop.widgets.banner import Banner
from unitclient.desktop.widgets.basic import label
from unitclient.texts import catalogue, say

if TYPE_CHECKING:
    from unitclient.desktop.actions.spec import ActionSpec
    from unitclient.desktop.kept import Truth
    from unitclient.desktop.services import Services


@dataclass(frozen=True)
class PageSpec:
    """A page as data. `nav` is its order in the navigation (0: not in it), `help_id` the text of its F1 help."""

    id: str
    title_key: str
    icon: str
    nav: int
    shortcut: str
    help_id: str
    make: Callable[[Services], Page]
    needs_unit: bool = True


class Page(QWidget):
    """Base of all pages: title line, banner, body. Add widgets to `body`, buttons of the page to `head`.

    `topics` are the data_changed topics that make the page refresh while it is shown (or when it is shown next).
    """

    page_id = ""
    title_key = ""
    help_id = ""
    topics: frozenset[str] = frozenset()

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.services = services
        self.stale = True
        """Whether what is shown may be old; the shell refreshes a stale page when it comes to the front."""
        self.banner = Banner()
        self._title = label("", "pageTitle")
        self.head = QHBoxLayout()
        self.head.setSpacing(8)
        self.head.addWidget(self._title)
        self.head.addStretch(1)
        self.body = QVBoxLayout()
        self.body.setSpacing(12)
        outer = QVBoxLayout(self)
        side, top = PAGE_MARGIN
        outer.setContentsMargins(side, top, side, top)
        outer.setSpacing(12)
        outer.addLayout(self.head)
        outer.addWidget(self.banner)
        outer.addLayout(self.body, 1)
        self.set_title(self.title())

    def title(self) -> str:
        """The page's name."""
        return say(self.title_key) if self.title_key else ""

    def set_title(self, text: str) -> None:
        """Show another title (a page with one business of several)."""
        self._title.setText(text)
        self.setAccessibleName(text)

    def on_shown(self) -> None:
        """The page came to the front. The base refreshes when something changed since."""
        if self.stale:
            self.stale = False
            self.refresh()

    def receive(self, target: Mapping[str, str]) -> None:
        """Somebody led here with a target (a person, a declaration, a filter); called after on_shown."""

    def refresh(self) -> None:
        """Read again (F5, or the data changed)."""

    def read_now(self) -> Truth:
        """Read and show everything before this returns, for the picture of the first page (`desktop.kept`).

        Until when that is true. NotImplementedError on a page that is never the first.
        """
        raise NotImplementedError

    def main_action(self) -> None:
        """The page's main act (Ctrl+Enter)."""

    def focus_search(self) -> None:
        """Put the focus into the search field (Ctrl+F)."""

    def next_finding(self) -> None:
        """Go to the next finding (F8)."""

    def previous_finding(self) -> None:
        """Go to the finding before (Shift+F8)."""

    def drop_files(self, paths: list[str]) -> bool:
        """Files were dropped on the window while this page is in front; False leaves them to the window."""
        return False

    def may_leave(self, done: Callable[[bool], None]) -> None:
        """Asked before the page is left or the window closes; call done(False) to stay (unsaved changes)."""
        done(True)

    def help_text(self) -> str:
        """What F1 shows for this page."""
        return say(self.help_id) if self.help_id in catalogue()["text"] else ""

    def page_actions(self) -> tuple[ActionSpec, ...]:
        """Acts that count while this page is in front; handlers are methods of the page."""
        return ()
