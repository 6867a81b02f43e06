"""What the accounts page shows, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from unitclient.workflows.accounts import Account


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line of the operation log, as it is shown."""

    id: int
    at: str
    act: str
    subject: str
    actor: str


@dataclass(frozen=True)
class AccountsState:
    """Everything the view needs. `failures` are sentences, one a unit that could not be refreshed."""

    reading: bool = True
    refreshing: bool = False
    category: str = ""
    accounts: tuple[Account, ...] = ()
    failures: tuple[str, ...] = ()
    log: tuple[LogLine, ...] = ()
