"""TaskCenter: what is being done now, how far it is, and a way to stop it."""

from __future__ import annotations

from PyQt6.QtCore import QPoint
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from unitclient.desktop.tasks import TaskHandle, TaskState
from unitclient.desktop.widgets.basic import boxed, button, clear_layout, column, label, row
from unitclient.texts import say

_SHOWN_ENDED = 5


class TaskCenter(QWidget):
    """A word in the status bar; a click opens the list of tasks."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._handles: list[TaskHandle] = []
        self._button = button(say("d-tasks-none"), self.open_list, "flat", name=say("d-tasks-name"))
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedSize(96, 8)
        self._bar.setAccessibleName(say("d-tasks-progress"))
        self._panel: _TaskList | None = None
        box = QHBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        box.addWidget(self._button)
        box.addWidget(self._bar)
        self._render()

    def add(self, handle: TaskHandle) -> None:
        """A new task to show."""
        ended = [one for one in self._handles if one.ended()]
        for old in ended[: max(0, len(ended) - _SHOWN_ENDED)]:
            self._handles.remove(old)
        self._handles.append(handle)
        handle.changed.connect(self._render)
        self._render()

    def running(self) -> list[TaskHandle]:
        """Tasks that wait or run."""
        return [handle for handle in self._handles if not handle.ended()]

    def open_list(self) -> None:
        """Show all tasks above the status bar."""
        self._panel = _TaskList(self._handles, self.window())
        self._panel.adjustSize()
        corner = self.mapToGlobal(QPoint(self.width(), 0))
        self._panel.move(corner - QPoint(self._panel.width(), self._panel.height() + 4))
        self._panel.show()

    def _render(self) -> None:
        running = self.running()
        self._bar.setVisible(bool(running))
        if not running:
            self._button.setText(say("d-tasks-none"))
            return
        first = running[0]
        done, total = first.progress
        self._bar.setRange(0, max(total, 1))
        self._bar.setValue(min(done, total))
        text = task_line(first)
        self._button.setText(text if len(running) == 1 else say("d-tasks-more", text=text, more=len(running) - 1))


def task_line(handle: TaskHandle) -> str:
    """A task in one line: what it is and how far."""
    return say("d-task-line", title=handle.title(), state=task_state(handle))


def task_state(handle: TaskHandle) -> str:
    """How far a task is: what it said last and how much is done while it runs, else its state."""
    if handle.state is not TaskState.RUNNING:
        return say(f"d-task-{handle.state.value}")
    done, total = handle.progress
    far = say("d-task-progress", done=done, total=total) if total else ""
    return " ".join(filter(None, (handle.said, far))) or say("d-task-running")


class _TaskList(QFrame):
    """The tasks, newest first, each with a button that stops it."""

    def __init__(self, handles: list[TaskHandle], parent: QWidget | None) -> None:
        super().__init__(parent)
        from PyQt6.QtCore import Qt

        self.setWindowFlag(Qt.WindowType.Popup)
        self.setObjectName("card")
        self.setAccessibleName(say("d-tasks-name"))
        self._handles = list(reversed(handles))
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(16, 12, 16, 12)
        self.setMinimumWidth(380)
        for handle in self._handles:
            handle.changed.connect(self._render)
        self._render()

    def _render(self) -> None:
        clear_layout(self._box)
        self._box.addWidget(label(say("d-tasks-title"), "sectionTitle"))
        if not self._handles:
            self._box.addWidget(label(say("d-tasks-none"), "secondary"))
        for handle in self._handles:
            self._box.addWidget(boxed(self._entry(handle)))

    def _entry(self, handle: TaskHandle) -> QHBoxLayout:
        words = boxed(column(label(handle.title(), "strong"), label(task_state(handle), "secondary"), gap=0))
        stop = button(say("d-task-cancel"), handle.cancel, name=say("d-task-cancel-name", title=handle.title()))
        if handle.ended():
            stop.hide()
        made = row(words, stop, gap=12)
        made.setStretch(0, 1)
        return made
