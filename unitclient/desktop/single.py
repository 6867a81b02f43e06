"""One window for one home: a second start asks the first to come forward, and ends."""

from __future__ import annotations

import hashlib
from pathlib import Path

from PyQt6.QtCore import QLockFile, QObject, pyqtSignal
from PyQt6.QtNetwork import QLocalServer, QLocalSocket

_RAISE = b"raise\n"
_WAIT_MS = 2000


class SingleWindow(QObject):
    """The right to be the window of a home."""

    asked = pyqtSignal()
    """Another start asks the window to come forward."""

    def __init__(self, home: Path) -> None:
        super().__init__()
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        digest = hashlib.sha256(str(home.resolve()).encode()).hexdigest()[:16]
        self._name = f"unitclient-{digest}"
        self._lock = QLockFile(str(home / "desktop.lock"))
        self._lock.setStaleLockTime(0)
        self._server = QLocalServer()
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._on_connection)

    def take(self) -> bool:
        """Become the window of the home. False when another process is; a dead one's lock is taken over."""
        if not self._lock.tryLock(0):
            return False
        QLocalServer.removeServer(self._name)
        self._server.listen(self._name)
        return True

    def ask_first(self) -> bool:
        """Ask the window there is to come forward; False when it does not answer."""
        socket = QLocalSocket()
        socket.connectToServer(self._name)
        if not socket.waitForConnected(_WAIT_MS):
            return False
        socket.write(_RAISE)
        answered = socket.waitForBytesWritten(_WAIT_MS)
        socket.disconnectFromServer()
        return answered

    def release(self) -> None:
        """Give the right up."""
        self._server.close()
        self._lock.unlock()

    def _on_connection(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.disconnected.connect(socket.deleteLater)
            self.asked.emit()
