"""The practice centre of a practice unit: started with the window where it does not run, ended with it.

The practice centre is a process of its own on this computer. A unit of a real centre has nothing to do with it.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject

from unitclient.desktop.tasks import Lane, TaskContext
from unitclient.errors import Cancelled, UserError
from unitclient.texts import error_texts

if TYPE_CHECKING:
    from unitclient.desktop.services import Services
    from unitclient.desktop.shell.main_window import MainWindow


class PracticeKeeper(QObject):
    """Sees to it that a practice unit in front finds its centre. Make it before anything can start one."""

    def __init__(self, services: Services, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._before = last_pid(services.home)
        self._asked = False

    def look(self, _number: str = "") -> None:
        """Start the centre when the unit in front rehearses, and this home has held a practice centre before."""
        from unitclient.workflows.centre_process import practice_home

        unit = self._services.session.unit()
        if unit is None or not unit.practice or self._asked or not practice_home(self._services.home).is_dir():
            return
        self._asked = True
        self._services.tasks.run(Lane.NET, "d-practice-starting", start_again, done=self._done, failed=self._failed,
                                 topics=frozenset({"units"}))  # fmt: skip

    def end(self) -> None:
        """End the centre if it was started since (by the wizard, or by `look`); nobody waits for it.

        One that ran before the window, started by a command, goes on.
        """
        running = last_pid(self._services.home)
        if running and running != self._before:
            with contextlib.suppress(OSError):  # it may be gone already
                os.kill(running, signal.SIGTERM)
            self._before = running

    def _done(self, _none: None) -> None:
        self._asked = False

    def _failed(self, fault: BaseException) -> None:
        self._asked = False
        if not isinstance(fault, UserError | Cancelled):
            raise fault
        if isinstance(fault, UserError):
            self._services.shell.say(error_texts(fault.code, fault.params).what)


def last_pid(home: Path) -> int:
    """Process id of the centre that was started last in this home, running or not; 0 for none."""
    from unitclient.workflows.centre_process import practice_home

    try:
        return int(json.loads((practice_home(home) / "centre.json").read_text("utf-8"))["pid"])
    except (OSError, ValueError, KeyError, TypeError):
        return 0


def start_again(context: TaskContext) -> None:
    """Start the practice centre where it does not run, and note where it is now."""
    from unitclient.workflows.practice import start_practice

    start_practice(context.desk())


def install(services: Services, window: MainWindow) -> PracticeKeeper:
    """Hang it into the window."""
    keeper = PracticeKeeper(services, window)
    services.session.unit_changed.connect(keeper.look)
    window.closing.connect(keeper.end)
    keeper.look()
    return keeper
