"""What every page and presenter is given: home, lanes, dialogs, files, clock, session, settings, and the way about."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from unitclient.clock import Clock
    from unitclient.desktop.dialogs.service import DialogService
    from unitclient.desktop.session import Session
    from unitclient.desktop.settings import Settings
    from unitclient.desktop.tasks import TaskRunner


class FileService(Protocol):
    """Files in the hands of other programs."""

    def open(self, path: Path) -> bool:
        """Open it with the program that the system has for it; False when there is none."""
        ...

    def show(self, path: Path) -> bool:
        """Show it in its folder."""
        ...

    def copy_text(self, text: str) -> None:
        """Put a text on the clipboard."""
        ...


class Shell(Protocol):
    """The window around the pages, as pages may use it."""

    def go(self, page_id: str, **target: str) -> None:
        """Show a page; it is told `target` by Page.receive."""
        ...

    def say(self, text: str) -> None:
        """Say a short word in the status bar (saved, copied). It stays until the next one."""
        ...


@dataclass(frozen=True)
class Services:
    """Everything a page may use; made once for the window, and by tests with their own parts."""

    home: Path
    tasks: TaskRunner
    dialogs: DialogService
    files: FileService
    clock: Clock
    session: Session
    settings: Settings
    shell: Shell
