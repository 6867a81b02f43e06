"""The accounts page's presenter: read, ask all centres by one act, choose a category."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, pyqtSignal

from unitclient.desktop.pages.accounts import work
from unitclient.desktop.pages.accounts.state import AccountsState
from unitclient.desktop.tasks import Lane

if TYPE_CHECKING:
    from unitclient.desktop.services import Services


class AccountsPresenter(QObject):
    """Leads the accounts page."""

    changed = pyqtSignal(object)
    """AccountsState."""

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        self.state = AccountsState()

    def read(self) -> None:
        """Show what is known; nobody is asked."""
        category = self.state.category

        def done(found: work.Read) -> None:
            if category == self.state.category:
                self._set(reading=False, accounts=found[0], log=found[1])

        self._services.tasks.run(
            Lane.DB, "d-accounts-reading", lambda context: work.read_accounts(context, category), done=done
        )

    def ask(self) -> None:
        """Ask every unit's centre."""
        if self.state.refreshing:
            return
        self._set(refreshing=True)

        def done(failures: tuple[str, ...]) -> None:
            self._set(refreshing=False, failures=failures)
            self.read()

        def failed(fault: BaseException) -> None:
            self._set(refreshing=False)
            if isinstance(fault, Exception):
                raise fault

        self._services.tasks.run(Lane.NET, "d-accounts-asking", work.refresh_accounts, done=done, failed=failed)

    def choose(self, category: str) -> None:
        """Only one category: contribution, bank, linked, or "" for all."""
        self._set(category=category)
        self.read()

    def open_business(self, form: str) -> None:
        """Go to a business that changes accounts or subscriptions."""
        self._services.shell.go("business", form=form)

    def _set(self, **changes: object) -> None:
        self.state = replace(self.state, **changes)  # type: ignore[arg-type]  # names of the state's own members
        self.changed.emit(self.state)
