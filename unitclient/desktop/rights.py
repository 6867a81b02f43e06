"""What an operator has no right to cannot be pressed, and says why. The workflows refuse it in any case."""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import TYPE_CHECKING

from PyQt6.QtCore import QEvent, QObject

if TYPE_CHECKING:
    from PyQt6.QtWidgets import QWidget

    from unitclient.desktop.session import Session

ACTIONS = {
    "sign-sign": "sign", "sign-send": "send", "records-void": "prepare", "records-correct": "prepare",
    "records-papers": "export", "business-new": "enter", "business-save": "enter", "business-import": "enter",
    "business-declare": "prepare", "business-edit": "enter", "business-withdraw": "enter", "business-undo": "enter",
    "review-prepare": "prepare", "roster-bulk": "enter", "roster-undo": "enter", "roster-redo": "enter",
    "roster-enrol": "enter", "roster-import": "enter", "roster-reveal": "persons", "queue-sync": "send",
    "queue-one": "send", "queue-withdraw": "send", "queue-export": "send", "queue-reply": "send",
    "payments-again": "pay", "backup-now": "backup", "backup-word": "backup", "restore": "restore", "add-unit": "units",
    "mask": "persons", "operators": "operators",
}  # fmt: skip
"""{act of the window: the right it takes}."""

BUTTONS = {
    "sign": {"send": "send"},
    "business": {"declare_now": "prepare", "view.edit": "enter", "view.withdraw": "enter", "view.save": "enter"},
    "roster": {"_undo": "enter", "_bulk": "enter"},
    "queue": {"reply": "send", "send": "send", "one": "send", "withdraw": "send", "export": "send"},
    "units": {"add": "units"},
    "notices": {"mark_all": "notices"},
    "documents": {"export": "export", "envelope": "export", "save": "export"},
    "queries": {"run": "ask", "watch": "ask", "export": "export"},
    "dashboard": {"backup._act": "backup"},
    "operators": {**dict.fromkeys(("add", "role", "deputy", "end", "reset", "block", "unblock", "code", "certificate"),
                                  "operators"), "check": "diagnose", "check_file": "diagnose", "export": "journal"},
}  # fmt: skip
"""{page: {button: the right it takes}}."""


class RightGuard(QObject):
    """Keeps a button that is not allowed switched off, whatever its page thinks of it, and says why."""

    def __init__(self, button: QWidget, act: str, reason: Callable[[str], str]) -> None:
        super().__init__(button)
        self._button, self._act, self._reason = button, act, reason
        self._tip, self._held = button.toolTip(), False
        self._wanted = button.isEnabled()
        button.installEventFilter(self)
        self.look()

    def look(self) -> None:
        """Look again whether it is allowed: somebody else may have signed in."""
        why = self._reason(self._act)
        if why:
            self._wanted = self._wanted if self._held else self._button.isEnabled()
            self._held = True
            self._button.setEnabled(False)
            self._button.setToolTip(why)
        elif self._held:
            self._held = False
            self._button.setToolTip(self._tip)
            self._button.setEnabled(self._wanted)

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:  # noqa: N802 - Qt's name
        """A page that switches it on is remembered, and it stays off."""
        switched = event is not None and event.type() == QEvent.Type.EnabledChange
        if switched and self._held and self._button.isEnabledTo(self._button.parentWidget()):
            self._wanted = True
            self._button.setEnabled(False)
        return False


def guard_page(page: QWidget, page_id: str, session: Session) -> list[RightGuard]:
    """Guard the buttons of a page that was made."""
    found = BUTTONS.get(page_id, {})
    return [RightGuard(attrgetter(path)(page), act, session.why_not) for path, act in found.items()]
