"""One run of the window, from the hooks for faults to the clean end."""

from __future__ import annotations

import sys
from pathlib import Path

from PyQt6.QtWidgets import QApplication

from unitclient.desktop.app import Desktop
from unitclient.desktop.errors import FaultCatcher, stop_watching, watch_for_crashes
from unitclient.desktop.logs import start_logging
from unitclient.desktop.settings import Settings
from unitclient.desktop.single import SingleWindow
from unitclient.desktop.watchdog import Watchdog
from unitclient.errors import UserError
from unitclient.texts import LANGUAGES, use_language

SHOWN_ELSEWHERE = 0
"""Exit code when a window of this home is open already and was brought forward."""


def show(home: Path, language: str = "") -> int:
    """See desktop.main.run; there is a screen."""
    catcher = FaultCatcher(home / "logs")
    catcher.install()
    app = QApplication(sys.argv[:1])
    app.setApplicationName("unitclient")
    app.setDesktopFileName("unitclient")
    single = SingleWindow(home)
    if not single.take():
        catcher.uninstall()
        if single.ask_first():
            return SHOWN_ELSEWHERE
        raise UserError("d-window-silent", mendable=False, home=home)
    try:
        return _loop(app, home, language, catcher, single)
    finally:
        single.release()
        stop_watching()
        catcher.uninstall()


def _loop(app: QApplication, home: Path, language: str, catcher: FaultCatcher, single: SingleWindow) -> int:
    crash = watch_for_crashes(home / "logs")
    start_logging(home / "logs")
    settings = Settings(home)
    use_language(language if language in LANGUAGES else settings.get("language"))
    desktop = Desktop(app, home, settings, catcher)
    single.asked.connect(desktop.window.bring_forward)
    watchdog = Watchdog()
    desktop.window.first_paint.connect(watchdog.start)
    desktop.start()
    if crash:
        desktop.tell_crash(crash)
    code = app.exec()
    watchdog.stop()
    desktop.stop()
    return code
