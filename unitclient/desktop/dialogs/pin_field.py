"""PinField: takes a PIN by keys alone. No clipboard, no dropping, no input method, no menu; emptied after use."""

from __future__ import annotations

import contextlib
import sys

from PyQt6.QtCore import QEvent, Qt, pyqtSignal
from PyQt6.QtGui import QContextMenuEvent, QInputMethodEvent, QKeyEvent, QKeySequence, QMouseEvent
from PyQt6.QtWidgets import QLineEdit, QWidget

from unitclient.texts import say

MOST_CHARACTERS = 64
_HINTS = (
    Qt.InputMethodHint.ImhHiddenText
    | Qt.InputMethodHint.ImhNoPredictiveText
    | Qt.InputMethodHint.ImhSensitiveData
    | Qt.InputMethodHint.ImhNoAutoUppercase
)
_CLIPBOARD = (
    QKeySequence.StandardKey.Paste,
    QKeySequence.StandardKey.Copy,
    QKeySequence.StandardKey.Cut,
    QKeySequence.StandardKey.Undo,
    QKeySequence.StandardKey.Redo,
)
_EXCLUDE_FROM_CAPTURE = 0x11


class PinField(QLineEdit):
    """A password field that is harder to look at, to fill from outside, and to read afterwards."""

    touched = pyqtSignal()
    """A key was pressed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.setMaxLength(MOST_CHARACTERS)
        self.setInputMethodHints(_HINTS)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.setAcceptDrops(False)
        self.setDragEnabled(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.setMinimumWidth(24 * self.fontMetrics().horizontalAdvance("0"))
        self.setAccessibleName(say("d-pin-field"))

    def take(self) -> str:
        """What was typed; the field is empty afterwards, and nothing can bring it back."""
        typed = self.text()
        self.forget()
        return typed

    def forget(self) -> None:
        """Empty it."""
        self.setText("")

    def keyPressEvent(self, event: QKeyEvent | None) -> None:  # noqa: N802 - Qt's name
        """Keys alone: what would use the clipboard does nothing."""
        if event is None:
            return
        if any(event.matches(key) for key in _CLIPBOARD):
            event.accept()
            return
        super().keyPressEvent(event)
        self.touched.emit()

    def inputMethodEvent(self, event: QInputMethodEvent | None) -> None:  # noqa: N802 - Qt's name
        """An input method has no say here: it would keep what is typed."""
        if event is not None:
            event.ignore()

    def mouseReleaseEvent(self, event: QMouseEvent | None) -> None:  # noqa: N802 - Qt's name
        """The middle button pastes the selection on X11: not here."""
        if event is not None and event.button() == Qt.MouseButton.MiddleButton:
            event.accept()
            return
        super().mouseReleaseEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent | None) -> None:  # noqa: N802 - Qt's name
        """No menu: it would offer the clipboard."""
        if event is not None:
            event.accept()

    def event(self, event: QEvent | None) -> bool:
        """The window's own shortcuts for the clipboard do not reach it either."""
        if event is not None and event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            event.accept()
            return True
        return super().event(event)


def hide_from_capture(window: QWidget) -> None:
    """Keep the window out of screen captures where the system can (Windows 10 2004 and later)."""
    if sys.platform == "win32":
        import ctypes

        with contextlib.suppress(OSError, AttributeError):
            ctypes.windll.user32.SetWindowDisplayAffinity(int(window.winId()), _EXCLUDE_FROM_CAPTURE)
