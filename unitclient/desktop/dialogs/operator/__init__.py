"""What a 单位主管 enters about an operator: a new one, another role, whom to stand in for, a new password."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PyQt6.QtWidgets import QWidget

    from unitclient.desktop.services import Services


def open_dialog(services: Services, parent: QWidget | None, params: Mapping[str, Any],
                done: Callable[[Any], None]) -> None:  # fmt: skip
    """Open it; `done` gets the operator's name when it was done, or None.

    Params: "act" (an Act of the operators page), "name" and "role" of whom it is about, "others" (names of the other
    operators), "first" (the home has none yet).
    """
    from unitclient.desktop.dialogs.operator.dialog import OperatorDialog, Question

    OperatorDialog(services, Question(**params), done, parent).open()
