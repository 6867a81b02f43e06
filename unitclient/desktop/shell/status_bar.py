"""The status bar: what was last said, tasks under way, remote mode, version."""

from __future__ import annotations

from PyQt6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QWidget

from unitclient import __version__
from unitclient.desktop.theme.tokens import State
from unitclient.desktop.widgets.basic import label
from unitclient.desktop.widgets.status_pill import StatusPill
from unitclient.desktop.widgets.task_center import TaskCenter
from unitclient.texts import say


class StatusBar(QFrame):
    """One line at the bottom."""

    def __init__(self, tasks: TaskCenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("statusBar")
        self._said = label("", "secondary")
        self._said.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.remote = StatusPill(State.INFO, say("d-remote-mode"), "⇄")
        self.remote.setToolTip(say("d-remote-tip"))
        self.remote.hide()
        self.setAccessibleName(say("d-status-name"))
        box = QHBoxLayout(self)
        box.setContentsMargins(12, 0, 12, 0)
        box.setSpacing(12)
        box.addWidget(self._said, 1)
        box.addWidget(tasks)
        box.addWidget(self.remote)
        version = label(say("d-version", version=__version__), "hint")
        box.addWidget(version)
        self.setFixedHeight(max(30, self.fontMetrics().height() + 14))

    def say(self, text: str) -> None:
        """Show a short word until the next one."""
        self._said.setText(text)
        self._said.setToolTip(text)
        self._said.setAccessibleName(text)

    def said(self) -> str:
        """What it shows."""
        return self._said.text()
