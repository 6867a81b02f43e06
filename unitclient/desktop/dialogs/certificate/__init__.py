"""Renewal, upgrade and change of a unit's certificate: what the act does, and what has to be said for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PyQt6.QtWidgets import QWidget

    from unitclient.desktop.dialogs.certificate.dialog import ActChoice
    from unitclient.desktop.services import Services


def open_dialog(
    _services: Services, parent: QWidget | None, params: Mapping[str, Any], done: Callable[[ActChoice | None], None]
) -> None:
    """See DialogService.open_wizard. Params: "act" (renew, upgrade, change) and "unit", the unit's name."""
    from unitclient.desktop.dialogs.certificate.dialog import CertificateDialog

    CertificateDialog(str(params["act"]), str(params["unit"]), done, parent).open()
