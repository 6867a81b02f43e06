"""What watches over every test: how long each event keeps the window's thread, and what is logged as a warning.

What counts is the time the thread worked, or the time it slept; the time it waited for a processor on a busy machine
does not. The two are not added up: in the stories a centre and four lanes share the interpreter with the window, and on
a busy machine it waits for them a little in every longer event.
"""

from __future__ import annotations

import contextlib
import logging
import time
from pathlib import Path

from PyQt6.QtCore import QEvent, QObject
from PyQt6.QtWidgets import QApplication

LIMIT_S = 0.1
_WAITED = Path("/proc/thread-self/schedstat")


class WatchedApplication(QApplication):
    """Measures while `watching` is set; the outermost event counts, with everything it leads to."""

    watching = False
    inside = False
    blocks: list[str]

    def notify(self, receiver: QObject | None, event: QEvent | None) -> bool:
        """Hand the event on, and look at the clock."""
        if not self.watching or self.inside or event is None:
            return super().notify(receiver, event)
        kind, name = event.type(), type(receiver).__name__
        self.inside = True
        start, worked = _spent(), time.thread_time()
        try:
            return super().notify(receiver, event)
        finally:
            self.inside = False
            worked = time.thread_time() - worked
            seconds = max(worked, _spent() - start - worked)
            if seconds > LIMIT_S:
                self.blocks.append(f"{name} {kind.name} {seconds * 1000:.0f} ms")


class WatchedLog(logging.Handler):
    """Keeps the records of WARNING and worse, from any thread, for the fixture `no_warning`."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep it."""
        self.records.append(record)


def _spent() -> float:
    """Seconds of this thread, without those in which it waited for a processor (known on Linux)."""
    waited = 0.0
    with contextlib.suppress(OSError, ValueError, IndexError):
        waited = int(_WAITED.read_text("ascii").split()[1]) / 1e9
    return time.monotonic() - waited
