"""Nonces seen within the time in which a signed request is accepted: the same request is not taken twice.

Kept in memory and appended to a file, so that a restart (kill -9 included) opens no gap. Not forced to the disk: after
a power cut the machine takes longer to come up than the window is wide.
"""

from __future__ import annotations

import threading
from pathlib import Path

FILE_NAME = "nonces.log"


class NonceCache:
    """Remembers (key id, nonce) for `window_s` seconds of the requests' own time."""

    def __init__(self, home: Path, now_s: int, window_s: int) -> None:
        self._lock = threading.Lock()
        self._window_s = window_s
        self._seen: dict[str, int] = {}
        self._path = home / FILE_NAME
        self._load(now_s)
        self._log = self._path.open("w", encoding="ascii")
        for entry, created in self._seen.items():
            self._log.write(f"{created} {entry}\n")
        self._log.flush()

    def take(self, key_id: str, nonce: str, created_s: int, now_s: int) -> bool:
        """True when this pair is new; it is remembered from now on."""
        entry = f"{key_id}/{nonce}"
        with self._lock:
            if len(self._seen) > 10_000:
                self._forget(now_s)
            if entry in self._seen:
                return False
            self._seen[entry] = created_s
            self._log.write(f"{created_s} {entry}\n")
            self._log.flush()
            return True

    def close(self) -> None:
        """Let the file go."""
        self._log.close()

    def _load(self, now_s: int) -> None:
        if not self._path.exists():
            return
        for line in self._path.read_text("ascii").splitlines():
            created, _, entry = line.partition(" ")
            if created.isdigit() and entry:
                self._seen[entry] = int(created)
        self._forget(now_s)

    def _forget(self, now_s: int) -> None:
        self._seen = {entry: created for entry, created in self._seen.items() if abs(now_s - created) <= self._window_s}
