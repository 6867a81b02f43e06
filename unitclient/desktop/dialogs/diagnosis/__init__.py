"""For whom a diagnostics file is encrypted: the help desk's certificate, or a password told on another way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PyQt6.QtWidgets import QWidget

    from unitclient.desktop.services import Services


def open_dialog(services: Services, parent: QWidget | None, _params: Mapping[str, Any],
                done: Callable[[Any], None]) -> None:  # fmt: skip
    """Open it; `done` gets (password, None) or (None, the certificate's file), or None when it was given up."""
    from unitclient.desktop.dialogs.diagnosis.dialog import EncryptFor

    EncryptFor(services, done, parent).open()
