"""When the window is gone: the automatic backup. The home is free for another window meanwhile."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from unitclient.clock import Clock
    from unitclient.desktop.session import Session

_log = logging.getLogger("unitclient.desktop")


@dataclass(frozen=True, slots=True)
class Leaving:
    """What is needed to open the database once more."""

    home: Path
    clock: Clock
    key: bytes = field(repr=False)
    operator: str


def leaving(session: Session) -> Leaving | None:
    """Taken before the session is closed; None where it never was open."""
    key = session.key()
    return None if key is None else Leaving(session.home, session.system_clock, key, session.signed_in)


def back_up(told: Leaving, why: str = "exit") -> None:
    """Make the automatic backup where one is due. Nobody looks any more: what goes wrong is in the log."""
    from unitclient.errors import UserError
    from unitclient.store.store import Store
    from unitclient.workflows.automatic_backup import back_up_by_itself

    try:
        with Store.open(told.home, create=False, clock=told.clock, key=told.key, operator=told.operator) as store:
            back_up_by_itself(store, why)
    except UserError as refusal:
        _log.warning("no automatic backup: %s", refusal.code)
