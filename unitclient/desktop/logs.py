"""The log of the desktop: home/logs/desktop.log, rotating, without numbers that could be a person's."""

from __future__ import annotations

import logging
import re
from logging.handlers import RotatingFileHandler
from pathlib import Path

from PyQt6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

LOG_NAME = "desktop.log"
_MOST_BYTES = 1_000_000
_KEPT = 3
_LONG_NUMBER = re.compile(r"\d{11,}[Xx]?")
_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}
_qt = logging.getLogger("qt")


class _Redacting(logging.Formatter):
    """Numbers as long as a phone's or a resident ID's are not written."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, without them."""
        return _LONG_NUMBER.sub("#", super().format(record))


def start_logging(folder: Path) -> None:
    """Write warnings of everybody, and what this program says, to the folder's log file; Qt's messages too."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handler = RotatingFileHandler(folder / LOG_NAME, maxBytes=_MOST_BYTES, backupCount=_KEPT, encoding="utf-8")
    except OSError:
        return
    handler.setFormatter(_Redacting("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.getLogger().addHandler(handler)
    logging.getLogger("unitclient").setLevel(logging.INFO)
    qInstallMessageHandler(_on_qt)


def _on_qt(kind: QtMsgType, _context: QMessageLogContext, message: str | None) -> None:
    _qt.log(_LEVELS.get(kind, logging.WARNING), "%s", message)
