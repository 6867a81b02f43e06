"""The collector of cycles runs on the window's thread only.

Python runs it on whatever thread happens to make one object too many. In a lane that would be the end of things that
belong to the window (an item of a list, a style option) on the wrong thread, which Qt does not survive every time.
"""

from __future__ import annotations

import gc
import time

from PyQt6.QtCore import QObject, Qt, QTimer
from PyQt6.QtGui import QGuiApplication

_EVERY_MS = 2000
_MOST = 40_000
"""Objects of the oldest generation that are looked at while somebody works: about 30 ms."""
_AWAY_S = 60.0


class Collector(QObject):
    """Collects on the thread it was made on, every two seconds, as much as Python itself would have.

    A whole collection takes a quarter of a second once catalogue and pages are there. While somebody works in the
    window, what has grown so much is set aside instead; once the window has been left for a minute, all is looked at.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._found_on = gc.isenabled()
        self._aside = False
        self._left_at: float | None = None
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.VeryCoarseTimer)
        self._timer.timeout.connect(self.collect)

    def start(self) -> None:
        """Take over."""
        self._found_on = gc.isenabled()
        gc.disable()
        self._timer.start(_EVERY_MS)

    def settle(self) -> None:
        """What is there by now (modules, the catalogue) is set aside: it is not looked at while somebody works."""
        gc.freeze()

    def stop(self) -> None:
        """Give it back as it was found: who had taken over before wants no window to end while it is painted."""
        self._timer.stop()
        if self._found_on:
            gc.unfreeze()
            gc.enable()

    def collect(self) -> None:
        """Collect the oldest generation whose threshold is passed."""
        if self._is_left() and self._aside:
            self._collect_whole()
            return
        for generation, (count, threshold) in reversed(
            list(enumerate(zip(gc.get_count(), gc.get_threshold(), strict=True)))
        ):
            if count > threshold:
                self._collect(generation)
                return

    def _collect(self, generation: int) -> None:
        if generation == 2 and len(gc.get_objects(2)) > _MOST:
            gc.collect(1)
            gc.freeze()
            self._aside = True
        else:
            gc.collect(generation)

    def _collect_whole(self) -> None:
        gc.unfreeze()
        gc.collect()
        gc.freeze()
        self._aside = False

    def _is_left(self) -> bool:
        """Whether no window of ours has been in front for a minute."""
        if QGuiApplication.applicationState() is Qt.ApplicationState.ApplicationActive:
            self._left_at = None
            return False
        if self._left_at is None:
            self._left_at = time.monotonic()
        return time.monotonic() - self._left_at >= _AWAY_S
