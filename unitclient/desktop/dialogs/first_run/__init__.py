"""The first-run wizard: practice or real centre, the unit by its certificate, backup folder, operator, passphrase."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PyQt6.QtWidgets import QWidget

    from unitclient.desktop.services import Services


def open_dialog(services: Services, parent: QWidget | None, params: Mapping[str, Any],
                done: Callable[[Any], None]) -> None:  # fmt: skip
    """Open it; `done` gets the unit's number, or None when it was given up.

    Params: "mode" "unit" adds one more unit and asks nothing about this computer.
    """
    from unitclient.desktop.dialogs.first_run.dialog import FirstRunDialog

    FirstRunDialog(services, done, only_unit=params.get("mode") == "unit", parent=parent).open()
