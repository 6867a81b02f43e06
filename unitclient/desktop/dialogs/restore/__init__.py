"""The restore wizard: a backup becomes the database of this home; the one that was there is kept aside."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PyQt6.QtWidgets import QWidget

    from unitclient.desktop.services import Services


def open_dialog(services: Services, parent: QWidget | None, params: Mapping[str, Any],
                done: Callable[[Any], None]) -> None:  # fmt: skip
    """Open it; `done` gets the RestoreReport, or None when it was given up. Params: "file" (a path), optional."""
    from unitclient.desktop.dialogs.restore.dialog import RestoreDialog

    RestoreDialog(services, done, str(params.get("file", "")), parent).open()
