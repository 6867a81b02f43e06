"""One window for one home: a second start asks the first to come forward, and ends.

The right to be the window is the lock of desktop.start; here is the way by which the second one asks.
"""

from __future__ import annotations

import hashlib
import time
from pathlib import Path

from PyQt6.QtCore import QObject, pyqtSignal
from PyQt6.QtNetwork import QLocalServer, QLocalSocket

from unitclient.errors import UserError

_RAISE = b"raise\n"
_ONCE_MS = 500
_PATIENCE_S = 5.0


def server_name(home: Path) -> str:
    """The name under which the window of a home listens."""
    return f"unitclient-{hashlib.sha256(str(home.resolve()).encode()).hexdigest()[:16]}"


class Listener(QObject):
    """Hears other starts."""

    asked = pyqtSignal()
    """Another start asks the window to come forward."""

    def __init__(self, home: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._on_connection)
        # What a dead process left under the name is in the way; we hold the lock, so nobody living is there.
        QLocalServer.removeServer(server_name(home))
        self._server.listen(server_name(home))

    def _on_connection(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.disconnected.connect(socket.deleteLater)
            self.asked.emit()


def ask_first(home: Path, patience_s: float = _PATIENCE_S) -> None:
    """Ask the window there is to come forward; it may just be starting. UserError d-window-silent."""
    until = time.monotonic() + patience_s
    while not _ask(server_name(home)):
        if time.monotonic() > until:
            raise UserError("d-window-silent", mendable=False, home=home)
        time.sleep(0.1)


def _ask(name: str) -> bool:
    socket = QLocalSocket()
    socket.connectToServer(name)
    if not socket.waitForConnected(_ONCE_MS):
        return False
    socket.write(_RAISE)
    answered = socket.waitForBytesWritten(_ONCE_MS)
    socket.disconnectFromServer()
    return answered
