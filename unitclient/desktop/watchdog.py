"""The watchdog: logs every time the window's thread was busy for more than 100 ms at a stretch, and where.

Costs nothing while the window idles: Qt tells when its loop wakes up and when it goes to sleep. While it is awake, a
thread sends it a ping now and then; a loop that is answering pings is busy, but not blocked.
"""

from __future__ import annotations

import logging
import sys
import threading
import time
import traceback
from dataclasses import dataclass
from pathlib import Path

from PyQt6.QtCore import QAbstractEventDispatcher, QObject, pyqtSignal, pyqtSlot

LIMIT_S = 0.1
_LOOK_S = 0.025
_log = logging.getLogger("unitclient.watchdog")


@dataclass(frozen=True, slots=True)
class Block:
    """One stretch during which nothing on the screen answered: how long, and where it was seen."""

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
        self._busy_since = 0.0
        self._seen = ""
        self._awake = threading.Event()
        self._leave = threading.Event()
        self._watched = threading.get_ident()
        self._thread = threading.Thread(target=self._watch, name="watchdog", daemon=True)
        self._ping.connect(self._answer)

    def start(self) -> None:
        """Watch from now on."""
        dispatcher = QAbstractEventDispatcher.instance()
        assert dispatcher is not None
        dispatcher.awake.connect(self._on_awake)
        dispatcher.aboutToBlock.connect(self._on_sleep)
        self._thread.start()

    def stop(self) -> None:
        """Stop watching."""
        dispatcher = QAbstractEventDispatcher.instance()
        if dispatcher is not None and self._thread.is_alive():
            dispatcher.awake.disconnect(self._on_awake)
            dispatcher.aboutToBlock.disconnect(self._on_sleep)
        self._leave.set()
        self._awake.set()
        if self._thread.is_alive():
            self._thread.join(1)

    def _on_awake(self) -> None:
        self._busy_since = time.monotonic()
        self._awake.set()

    def _on_sleep(self) -> None:
        self._awake.clear()
        self._measure()
        self._busy_since = 0.0

    @pyqtSlot()
    def _answer(self) -> None:
        self._measure()
        if self._busy_since:
            self._busy_since = time.monotonic()

    def _measure(self) -> None:
        seconds = time.monotonic() - self._busy_since if self._busy_since else 0.0
        seen, self._seen = self._seen, ""
        if seconds > self._limit:
            block = Block(seconds, seen)
            self.blocks.append(block)
            _log.info("window blocked for %d ms at %s", round(seconds * 1000), seen or "?")
            self.blocked.emit(block)

    def _watch(self) -> None:
        while not self._leave.is_set():
            self._awake.wait()
            asked = 0.0
            while self._awake.is_set() and not self._leave.wait(_LOOK_S):
                since = self._busy_since
                if since and since != asked:
                    asked = since
                    self._ping.emit()
                elif since and time.monotonic() - since > self._limit and not self._seen:
                    self._seen = self._where()

    def _where(self) -> str:
        frame = sys._current_frames().get(self._watched)
        stack = traceback.extract_stack(frame, limit=None)[-4:] if frame is not None else []
        return " < ".join(f"{Path(one.filename).stem}:{one.lineno} {one.name}" for one in reversed(stack))
