"""In a home with operators: buttons and acts are held to the rights of whoever signed in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, QTimer

from unitclient.desktop.rights import ACTIONS, RightGuard, guard_page

if TYPE_CHECKING:
    from unitclient.desktop.pages.base import Page
    from unitclient.desktop.services import Services
    from unitclient.desktop.shell.main_window import MainWindow


class Guards(QObject):
    """All guards of the window; they look again when somebody else signs in."""

    def __init__(self, services: Services, window: MainWindow) -> None:
        super().__init__(window)
        self._services, self._window = services, window
        self._guards: list[RightGuard] = []
        session = services.session
        window.acts.why_not = lambda act: session.why_not(ACTIONS[act]) if act in ACTIONS else ""
        for page in window.host.made_pages():
            self._guard(page)
        window.host.made.connect(self._guard)
        session.operator_changed.connect(self._look)
        window.acts.refresh()

    def _guard(self, page: Page) -> None:
        self._guards += guard_page(page, page.page_id, self._services.session)

    def _look(self, _name: str) -> None:
        for guard in self._guards:
            guard.look()
        self._window.acts.refresh()


def hold_to_rights(services: Services, window: MainWindow) -> Guards:
    """Hang them into the window; whoever got a password from somebody else is asked for one of their own."""
    made = Guards(services, window)

    def ask_change(_name: str = "") -> None:
        from unitclient.workflows.rights import signed_in

        who = signed_in(services.session.desk().store)
        if who is not None and who.must_change:
            services.dialogs.open_wizard("unlock", {"change": True}, lambda _answer: None)

    services.session.operator_changed.connect(ask_change)
    QTimer.singleShot(0, ask_change)
    return made
