"""What follows the first paint: imports on a thread, then the content of the frame."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtWidgets import QApplication, QWidget

if TYPE_CHECKING:
    from unitclient.desktop.app import Desktop
    from unitclient.desktop.errors import FaultCatcher
    from unitclient.desktop.shell.frame import Frame
    from unitclient.desktop.watchdog import Watchdog

_MODULES = ("unitclient.desktop.app", "unitclient.desktop.single", "unitclient.desktop.watchdog")
FAILED = 3
TEXTS_CACHE = "texts.json"


def import_first(home: Path) -> None:
    """Import what the content is made of, and read the texts. Runs on a thread, before `make`."""
    from unitclient import texts

    for name in _MODULES:
        import_module(name)
    texts.speak_in_window()
    texts.remember_in(home / "cache" / TEXTS_CACHE)
    texts.catalogue()
    registry = import_module("unitclient.desktop.shell.registry")
    registry.import_first_page()


def make(app: QApplication, home: Path, language: str, frame: Frame) -> tuple[Desktop, FaultCatcher, Watchdog]:
    """Put the content into the frame and start everything that watches over it."""
    from unitclient.desktop.app import Desktop
    from unitclient.desktop.errors import FaultCatcher, watch_for_crashes
    from unitclient.desktop.logs import start_logging
    from unitclient.desktop.settings import Settings
    from unitclient.desktop.single import Listener
    from unitclient.desktop.watchdog import Watchdog
    from unitclient.texts import LANGUAGES, use_language

    logs = home / "logs"
    catcher = FaultCatcher(logs)
    catcher.install()
    crash = watch_for_crashes(logs)
    start_logging(logs)
    settings = Settings(home)
    use_language(language if language in LANGUAGES else settings.get("language"))
    desktop = Desktop(app, home, settings, catcher)
    listener = Listener(home, desktop)
    listener.asked.connect(desktop.window.bring_forward)
    watchdog = Watchdog(parent=desktop)
    desktop.start(frame)
    watchdog.start()
    if crash:
        desktop.tell_crash(crash)
    return desktop, catcher, watchdog


def give_up(app: QApplication, home: Path, frame: QWidget, fault: BaseException) -> None:
    """The content could not be made: keep the report, say so in a plain box, and end with exit code 3."""
    from datetime import datetime

    from PyQt6.QtWidgets import QMessageBox

    from unitclient.desktop.errors import keep_report, report_of
    from unitclient.texts import error_texts

    report = report_of(fault, datetime.now().astimezone())
    path = keep_report(home / "logs", report.text)
    texts = error_texts("fault", {"path": str(path), "kind": report.kind})
    box = QMessageBox(QMessageBox.Icon.Critical, texts.what, "\n".join(texts[1:]), parent=frame)
    box.finished.connect(lambda _answer: app.exit(FAILED))
    box.open()
