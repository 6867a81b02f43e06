"""The PIN prompt of the signing lane: asks on the window's thread, and the lane waits for the answer."""

from __future__ import annotations

from queue import SimpleQueue

from PyQt6.QtCore import QObject, pyqtSignal

from unitclient.desktop.dialogs.service import DialogService, SignSummary
from unitclient.errors import Cancelled
from unitclient.tokens.keyref import PinAsk


class LanePrompt(QObject):
    """A PinPrompt. Made on the window's thread; `ask` is called on the lane's, `give_up` on any.

    The PIN is handed over once and kept nowhere here.
    """

    _asked = pyqtSignal(object)

    def __init__(self, dialogs: DialogService, summary: SignSummary) -> None:
        super().__init__()
        self._dialogs = dialogs
        self._summary = summary
        self._answers: SimpleQueue[str | None] = SimpleQueue()
        self._asked.connect(self._show)

    def about(self, summary: SignSummary) -> None:
        """What the next PIN signs; on the lane's thread, before it is asked for."""
        self._summary = summary

    def ask(self, question: PinAsk) -> str:
        """The PIN; Cancelled when the person gave up or the task was stopped."""
        self._asked.emit(question)
        pin = self._answers.get()
        if pin is None:
            raise Cancelled
        return pin

    def give_up(self) -> None:
        """Let the lane go on without an answer."""
        self._answers.put(None)

    def _show(self, question: PinAsk) -> None:
        self._dialogs.ask_pin(question, self._summary, self._answers.put)
