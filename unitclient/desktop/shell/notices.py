"""Notices above every page: the practice banner, and what else must be seen whatever page is in front."""

from __future__ import annotations

from PyQt6.QtWidgets import QVBoxLayout, QWidget

from unitclient.desktop.theme.tokens import State
from unitclient.desktop.widgets.banner import Banner
from unitclient.texts import say

_PRACTICE = "practice"


class Notices(QWidget):
    """Banners by key; one that is set again is shown anew."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._banners: dict[str, Banner] = {}
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(0)

    def show_notice(self, key: str, state: State, text: str, *, lasting: bool = False) -> Banner:
        """Show a notice; a lasting one cannot be dismissed."""
        banner = self._banners.get(key)
        if banner is None:
            banner = self._banners[key] = Banner()
            banner.setObjectName("notice")
            self._box.addWidget(banner)
        banner.tell(state, text)
        banner.set_lasting(lasting)
        return banner

    def drop_notice(self, key: str) -> None:
        """Take a notice away."""
        if key in self._banners:
            self._banners[key].hide()

    def texts(self) -> list[str]:
        """What stands there now."""
        return [banner.text() for banner in self._banners.values() if banner.text()]

    def shows_more_than_practice(self) -> bool:
        """Whether there is a notice of this run only."""
        return any(banner.text() for key, banner in self._banners.items() if key != _PRACTICE)

    def show_practice(self, practice: bool) -> None:
        """The banner of the practice centre."""
        if practice:
            self.show_notice(_PRACTICE, State.WARN, say("d-practice-banner"), lasting=True)
        else:
            self.drop_notice(_PRACTICE)
