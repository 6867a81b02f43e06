"""Countdown: how long until the deadline, by a clock that is given (the centre's), and where the deadline comes from.

The label is set once a minute and only when its text changed, so that a remote desktop has nothing to send meanwhile.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from PyQt6.QtCore import QPoint, QRect, QTimer
from PyQt6.QtGui import QPalette
from PyQt6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from unitclient.desktop.kept import Moving
from unitclient.desktop.theme.tokens import State
from unitclient.desktop.widgets.basic import discard, label, restyle, row
from unitclient.desktop.widgets.status_pill import StatusPill
from unitclient.texts import say

MINUTE_MS = 60_000
NEAR = timedelta(days=3)
"""From here on the number is coloured as a warning."""


@dataclass(frozen=True, slots=True)
class Remaining:
    """What is left, in words, and how pressing it is."""

    text: str
    state: State


def remaining(left: timedelta) -> Remaining:
    """The time left in its two largest units; days only once it is over."""
    minutes = int(left.total_seconds() // 60)
    if left < timedelta():
        days = -left // timedelta(days=1)
        return Remaining(say("d-left-over-days", days=days) if days else say("d-left-over"), State.ERR)
    state = State.WARN if left < NEAR else State.OK
    if left >= timedelta(days=1):
        return Remaining(say("d-left-days", days=minutes // 1440, hours=minutes // 60 % 24), state)
    return Remaining(say("d-left-hours", hours=minutes // 60, minutes=minutes % 60), State.ERR)


def same_for(left: timedelta) -> timedelta:
    """How long the words of `remaining(left)` stay true."""
    step = timedelta(hours=1) if left >= timedelta(days=1) else timedelta(minutes=1)
    return left % step if left >= timedelta() else timedelta()


class Countdown(QWidget):
    """A big number with lines below it. Without a deadline it says so."""

    def __init__(self, now: Callable[[], datetime], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._now = now
        self._until: datetime | None = None
        self._calm = False
        self.number = label("", "number")
        self.pills = QHBoxLayout()
        self.pills.setSpacing(8)
        self.until = label("", "secondary", wrap=True)
        self.source = label("", "hint", wrap=True)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(4)
        head = row(self.number)
        head.addLayout(self.pills)
        head.addStretch(1)
        box.addLayout(head)
        box.addWidget(self.until)
        box.addWidget(self.source)
        self._timer = QTimer(self)
        self._timer.setInterval(MINUTE_MS)
        self._timer.timeout.connect(self.tick)

    def show_deadline(self, until: datetime | None, lines: tuple[str, str], pills: tuple[tuple[State, str], ...],
                      *, calm: bool = False) -> None:  # fmt: skip
        """Count down to `until`. `lines`: what the deadline is, where it comes from; `calm`: it is met already."""
        self._until, self._calm = until, calm
        for place, text in zip((self.until, self.source), lines, strict=True):
            place.setText(text)
            place.setVisible(bool(text))
        self._show_pills(pills)
        self.tick()
        if until is not None and not calm:
            self._timer.start()
        else:
            self._timer.stop()

    def tick(self) -> None:
        """Show the time that is left now."""
        if self._until is None:
            told = Remaining(say("d-left-unknown"), State.OFF)
        else:
            told = remaining(self._until - self._now())
        if self._calm:
            told = Remaining(say("d-left-met"), State.OK)
        if self.number.text() == told.text:
            return
        self.number.setText(told.text)
        self.number.setProperty("tone", told.state.value)
        restyle(self.number)
        self.number.setAccessibleName(say("d-left-name", left=told.text, until=self.until.text()))

    def moving(self, window: QWidget) -> Moving | None:
        """The number's place in the window, and until when it reads as it does now; None when it stands still."""
        if self._until is None or self._calm:
            return None
        area = QRect(self.number.mapTo(window, QPoint()), self.number.size())
        ground = self.number.palette().color(QPalette.ColorRole.Base).name()
        lasts = same_for(self._until - self._now())
        return ((area.x(), area.y(), area.width(), area.height()), ground, time.time() + lasts.total_seconds())

    def _show_pills(self, pills: tuple[tuple[State, str], ...]) -> None:
        while self.pills.count():
            item = self.pills.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                discard(widget)
        for state, word in pills:
            self.pills.addWidget(StatusPill(state, word))
