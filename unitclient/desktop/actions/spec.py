"""ActionSpec: one act a person can do, as data. No Qt here, so that every act can be listed and tested."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Scope(StrEnum):
    """Where a shortcut counts."""

    APP = "app"
    """Everywhere in the window."""
    PAGE = "page"
    """While its page is in front."""


@dataclass(frozen=True, slots=True)
class ActionSpec:
    """One act. `title_key` and `help_key` are texts; `handler_id` names a method of whoever owns the act.

    `shortcut` is in Qt's portable form ("Ctrl+K"), several divided by "; ", or empty. `enabled_when` names a
    method of the owner without arguments that says whether the act can be done now; empty means always.
    `icon` names one of resources/icons, `menu` the menu it stands in (empty: palette and shortcut only).
    """

    id: str
    title_key: str
    shortcut: str
    scope: Scope
    handler_id: str
    help_key: str
    enabled_when: str = ""
    icon: str = ""
    menu: str = ""

    def shortcuts(self) -> tuple[str, ...]:
        """All key sequences, the one that is shown first."""
        return tuple(part for part in self.shortcut.split("; ") if part)
