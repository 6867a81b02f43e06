"""The stage of signing and following: a real practice centre, a clerk's office at it, and the desktop's services."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.desktop.stage import parts
from tests.e2e.office import MONTH, Office, office, open_unit
from unitclient.desktop.dialogs.fake import FakeDialogs, FakeFiles, FakeShell
from unitclient.desktop.services import Services
from unitclient.desktop.session import Session, SessionClock
from unitclient.desktop.settings import Settings
from unitclient.desktop.tasks import InlineTaskRunner


@dataclass
class Room:
    """A clerk, and the services of the window that this clerk sits at."""

    clerk: Office
    services: Services
    dialogs: FakeDialogs
    files: FakeFiles
    shell: FakeShell
    runner: InlineTaskRunner

    @property
    def session(self) -> Session:
        """The window's session."""
        return self.services.session


@contextmanager
def room(home: Path, url: str, **wishes: Any) -> Iterator[Room]:
    """An office with a fresh unit at the centre, and a window over the same home."""
    with office(home, url, open_unit(url, **wishes)) as clerk:
        settings = Settings(home)
        session = Session(home, settings, clerk.clock)
        session.open(parts())
        session.set_period(MONTH)
        runner = InlineTaskRunner(session)
        dialogs, files, shell = FakeDialogs(), FakeFiles(), FakeShell()
        services = Services(home, runner, dialogs, files, SessionClock(session), session, settings, shell)
        try:
            yield Room(clerk, services, dialogs, files, shell, runner)
        finally:
            session.close()
