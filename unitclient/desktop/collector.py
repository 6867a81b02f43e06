"""The collector of cycles runs on the window's thread only.

Python runs it on whatever thread happens to make one object too many. In a lane that would be the end of things that
belong to the window (an item of a list, a style option) on the wrong thread, which Qt does not survive every time.
"""

from __future__ import annotations

import gc

from PyQt6.QtCore import QObject, Qt, QTimer

_EVERY_MS = 2000


class Collector(QObject):
    """Collects on the thread it was made on, every two seconds, as much as Python itself would have."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._found_on = gc.isenabled()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.VeryCoarseTimer)
        self._timer.timeout.connect(self.collect)

    def start(self) -> None:
        """Take over."""
        self._found_on = gc.isenabled()
        gc.disable()
        self._timer.start(_EVERY_MS)

    def settle(self) -> None:
        """What is there by now (modules, the catalogue) stays for good: it is not looked at again."""
        gc.freeze()

    def stop(self) -> None:
        """Give it back as it was found: who had taken over before wants no window to end while it is painted."""
        self._timer.stop()
        if self._found_on:
            gc.unfreeze()
            gc.enable()

    def collect(self) -> None:
        """Collect the oldest generation whose threshold is passed."""
        for generation, (count, threshold) in reversed(
            list(enumerate(zip(gc.get_count(), gc.get_threshold(), strict=True)))
        ):
            if count > threshold:
                gc.collect(generation)
                return
