"""Ways back in: a new password by the printed code or the unit's certificate, and the code when it was just made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PyQt6.QtWidgets import QWidget

    from unitclient.desktop.services import Services


def open_dialog(services: Services, parent: QWidget | None, params: Mapping[str, Any],
                done: Callable[[Any], None]) -> None:  # fmt: skip
    """Open it over a home that is still closed; `done` gets True when a new password was set, or None.

    Params: "code" shows a recovery code that was just made, "name" is who tried to sign in.
    """
    if params.get("code"):
        from unitclient.desktop.dialogs.recover.shown import ShownCode

        ShownCode(services, str(params["code"]), done, parent).open()
        return
    from unitclient.desktop.dialogs.recover.dialog import RecoverDialog

    RecoverDialog(services, done, str(params.get("name", "")), parent).open()
