"""The watchdog: logs every time the window's thread was busy for more than 100 ms at a stretch, and where.

A thread sends the window's loop a ping and looks when it is answered. (The loop's own signs of going to sleep and
waking up mean different things on different systems; a ping means the same everywhere.) The next ping is sent after
the answer, so an idle window is woken up some twenty times a second and does nothing else.
"""

from __future__ import annotations

import logging
import sys
import threading
import time
import traceback
from dataclasses import dataclass
from pathlib import Path

from PyQt6.QtCore import QObject, pyqtSignal, pyqtSlot

LIMIT_S = 0.1
_PERIOD_S = 0.05
_FRAMES = 4
_log = logging.getLogger("unitclient.watchdog")


@dataclass(frozen=True, slots=True)
class Block:
    """One stretch during which nothing on the screen answered: at least how long, and where it was seen."""

    seconds: float
    frames: str


class Watchdog(QObject):
    """Watches the thread it was made on."""

    blocked = pyqtSignal(object)
    """A Block, after it ended."""
    _ping = pyqtSignal()

    def __init__(self, limit_s: float = LIMIT_S, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.blocks: list[Block] = []
        self._limit = limit_s
        self._sent = 0.0
        self._seen = ""
        self._leave = threading.Event()
        self._watched = threading.get_ident()
        self._thread = threading.Thread(target=self._watch, name="watchdog", daemon=True)
        self._ping.connect(self._answer)

    def start(self) -> None:
        """Watch from now on."""
        self._thread.start()

    def stop(self) -> None:
        """Stop watching."""
        self._leave.set()
        if self._thread.is_alive():
            self._thread.join(1)

    @pyqtSlot()
    def _answer(self) -> None:
        seconds = time.monotonic() - self._sent
        seen, self._seen, self._sent = self._seen, "", 0.0
        if seconds > self._limit:
            block = Block(seconds, seen)
            self.blocks.append(block)
            _log.info("window blocked for %d ms at %s", round(seconds * 1000), seen or "?")
            self.blocked.emit(block)

    def _watch(self) -> None:
        while not self._leave.wait(_PERIOD_S):
            if not self._sent:
                self._sent = time.monotonic()
                self._ping.emit()
            elif not self._seen:
                self._seen = self._where()

    def _where(self) -> str:
        """The innermost frames of the watched thread; only the place is kept, no value."""
        frame = sys._current_frames().get(self._watched)
        stack = traceback.extract_stack(frame)[-_FRAMES:] if frame is not None else []
        return " < ".join(f"{Path(one.filename).stem}:{one.lineno} {one.name}" for one in reversed(stack))
