"""The practice centre of a practice unit: started with the window where it does not run, ended with it.

The practice centre is a process of its own on this computer. A unit of a real centre has nothing to do with it.
"""

from __future__ import annotations

import contextlib
import os
import signal
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject

from unitclient.desktop.tasks import Lane, TaskContext
from unitclient.errors import Cancelled, UserError

if TYPE_CHECKING:
    from unitclient.desktop.services import Services
    from unitclient.desktop.shell.main_window import MainWindow


class PracticeKeeper(QObject):
    """Sees to it that a practice unit in front finds its centre."""

    def __init__(self, services: Services, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._started = 0
        """Process id of the centre this window started; 0 for none."""
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
        """End the centre that this window started. It stops by itself; nobody waits for it."""
        if self._started:
            with contextlib.suppress(OSError):  # it may be gone already
                os.kill(self._started, signal.SIGTERM)
            self._started = 0

    def _done(self, pid: int) -> None:
        self._asked = False
        self._started = pid or self._started

    def _failed(self, fault: BaseException) -> None:
        self._asked = False
        if not isinstance(fault, UserError | Cancelled):
            raise fault
        self._services.shell.say(str(fault))


def start_again(context: TaskContext) -> int:
    """Start the practice centre where it does not run; its process id, 0 when it ran before."""
    from unitclient.workflows import centre_process
    from unitclient.workflows.practice import start_practice

    desk = context.desk()
    ran = centre_process.running(desk.home) is not None
    practice = start_practice(desk)
    return 0 if ran else practice.centre.pid


def install(services: Services, window: MainWindow) -> PracticeKeeper:
    """Hang it into the window."""
    keeper = PracticeKeeper(services, window)
    services.session.unit_changed.connect(keeper.look)
    window.closing.connect(keeper.end)
    keeper.look()
    return keeper
