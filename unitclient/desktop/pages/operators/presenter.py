"""The operators page's presenter: who there is, and what a 单位主管 does with them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, pyqtSignal

from unitclient.desktop.pages.operators import work
from unitclient.desktop.pages.operators.state import Act, OperatorsState
from unitclient.desktop.tasks import Lane
from unitclient.desktop.theme.tokens import State
from unitclient.errors import Cancelled, UserError
from unitclient.texts import say

if TYPE_CHECKING:
    from unitclient.desktop.services import Services

_ASKED = (Act.ADD, Act.ROLE, Act.DEPUTY, Act.RESET)
"""What the dialog `operator` asks for, and does."""


class OperatorsPresenter(QObject):
    """Leads the table of operators."""

    changed = pyqtSignal(object)
    """OperatorsState."""
    told = pyqtSignal(object, str)
    """What was done: a State and a sentence."""
    refused = pyqtSignal(object)
    """UserError."""

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        self.state = OperatorsState()

    def refresh(self) -> None:
        """Read again."""
        self._services.tasks.run(Lane.DB, "d-operators-reading", work.read, done=self._show, failed=self._refuse)

    def select(self, name: str) -> None:
        """Put one in front."""
        self._set(replace(self.state, current=name))

    def act(self, act: Act) -> None:
        """Do something with the operator in front, after asking for what it needs."""
        if act not in self.state.possible():
            return
        line = self.state.line()
        name = line.name if line else ""
        if act in _ASKED:
            others = tuple(one.name for one in self.state.operators if one.name != name)
            asked = {"act": act, "name": name, "role": line.role if line else "", "others": others,
                     "first": not self.state.operators}  # fmt: skip
            self._services.dialogs.open_wizard("operator", asked, lambda done: self._asked(act, done))
            return
        text = say(f"d-operators-{act}-ask", name=name)
        title = f"d-operators-{act}"

        def answered(yes: bool) -> None:
            if yes:
                self._do(act, name)

        self._services.dialogs.confirm(title, text, title, answered, danger=act is Act.BLOCK)

    def _do(self, act: Act, name: str) -> None:
        self._services.tasks.run(Lane.DB, "d-operators-writing", lambda context: work.do(context, act, name),
                                 done=lambda _none: self._done(act, name), failed=self._refuse)  # fmt: skip

    def _asked(self, act: Act, name: object) -> None:
        if not isinstance(name, str):
            return
        first = not self.state.operators
        if first:
            # From here on the home is its operators': the window goes on as the one who was just added.
            self._services.session.sign_in(name)
        self._done(act, name, "d-operators-first-done" if first else "")

    def _done(self, act: Act, name: str, text: str = "") -> None:
        self.select(name)
        self.refresh()
        self.told.emit(State.OK, say(text or f"d-operators-{act}-done", name=name))

    def _show(self, read: OperatorsState) -> None:
        known = {one.name for one in read.operators}
        first = read.operators[0].name if read.operators else ""
        current = self.state.current if self.state.current in known else first
        self._set(replace(read, current=current, has_unit=self._services.session.unit() is not None))

    def _refuse(self, fault: BaseException) -> None:
        if isinstance(fault, UserError):
            self.refused.emit(fault)
        elif not isinstance(fault, Cancelled):
            raise fault

    def _set(self, state: OperatorsState) -> None:
        self.state = state
        self.changed.emit(state)
