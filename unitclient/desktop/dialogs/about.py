"""About: version, licence, and what the program is built from."""

from __future__ import annotations

import platform
from importlib import metadata

from PyQt6.QtCore import PYQT_VERSION_STR, qVersion
from PyQt6.QtWidgets import QDialog, QVBoxLayout, QWidget

from unitclient import __version__
from unitclient.desktop.services import Services
from unitclient.desktop.theme.icons import pixmap
from unitclient.desktop.widgets.basic import button, label, line, row
from unitclient.texts import say

_NAMED = ("cryptography", "peewee", "sqlcipher3", "python-pkcs11", "python-calamine", "openpyxl", "requests", "fpdf2")


class About(QDialog):
    """Who made it, under which licence, from what."""

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.finished.connect(self.deleteLater)
        self.setWindowTitle(say("d-act-about"))
        self.setAccessibleName(say("d-act-about"))
        picture = label()
        picture.setPixmap(pixmap("app", 40, "accent", self.devicePixelRatioF()))
        title = row(picture, label(say("d-app-name"), "pageTitle"), 1, label(say("d-version", version=__version__)))
        box = QVBoxLayout(self)
        box.setContentsMargins(24, 16, 24, 16)
        box.setSpacing(12)
        box.addLayout(title)
        box.addWidget(line())
        for text, kind in ((say("d-about-licence"), ""), (say("d-about-warranty"), ""), (built_from(), "secondary")):
            words = label(text, kind, wrap=True, selectable=True)  # type: ignore[arg-type]  # one of the kinds
            words.setMinimumWidth(460)
            box.addWidget(words)
        box.addWidget(label(say("d-about-home", path=str(services.home)), "hint", wrap=True, selectable=True))
        close = button(say("d-close"), self.accept, "primary")
        close.setDefault(True)
        box.addLayout(row(1, close))


def built_from() -> str:
    """The libraries with their versions."""
    parts = [f"Python {platform.python_version()}", f"Qt {qVersion()}", f"PyQt {PYQT_VERSION_STR}"]
    for name in _NAMED:
        try:
            parts.append(f"{name} {metadata.version(name)}")
        except metadata.PackageNotFoundError:
            continue
    return say("d-about-built", parts=say("comma").join(parts))
