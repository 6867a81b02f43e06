"""The FileService of the running program: other programs' windows and the clipboard."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from PyQt6.QtCore import QUrl
from PyQt6.QtGui import QDesktopServices, QGuiApplication


class QtFiles:
    """Opens files with the system's programs."""

    def open(self, path: Path) -> bool:
        """See FileService."""
        return QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))

    def show(self, path: Path) -> bool:
        """See FileService. On Windows the file is marked in its folder."""
        if sys.platform == "win32":
            subprocess.Popen(["explorer", f"/select,{path}"])  # noqa: S603, S607 - the system's own program
            return True
        return self.open(path.parent)

    def copy_text(self, text: str) -> None:
        """See FileService."""
        clipboard = QGuiApplication.clipboard()
        if clipboard is not None:
            clipboard.setText(text)
