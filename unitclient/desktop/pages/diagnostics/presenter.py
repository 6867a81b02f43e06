"""Diagnostics: runs the checks in the database lane and makes the report that may be handed on."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, pyqtSignal

from unitclient.desktop.dialogs.service import FileAsk, FileMode, texts_of
from unitclient.desktop.errors import about_machine
from unitclient.desktop.masking import mask
from unitclient.desktop.pages.diagnostics.state import DiagnosticsState, Line
from unitclient.desktop.tasks import Lane, TaskContext
from unitclient.desktop.theme.tokens import State
from unitclient.errors import UserError
from unitclient.texts import say

if TYPE_CHECKING:
    from unitclient.desktop.dialogs.diagnosis.dialog import Secret
    from unitclient.desktop.services import Services
    from unitclient.workflows.diagnosis import Check

_STATES = {"good": State.OK, "notice": State.INFO, "bad": State.ERR}
_LONG_NUMBER = re.compile(r"\d{8,}[\dXx]?")
_LOG_LINES = 40


class DiagnosticsPresenter(QObject):
    """Gives `changed(DiagnosticsState)`."""

    changed = pyqtSignal(object)

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        self.state = DiagnosticsState()

    def check(self) -> None:
        """Run all checks; a second call while they run does nothing."""
        if self.state.busy:
            return
        self._show(replace(self.state, busy=True, facts=self._facts(), said=""))
        self._services.tasks.run(Lane.DB, "d-diag-task", self._work(), done=self._done, failed=self._failed)

    def copy(self) -> None:
        """The report to the clipboard."""
        self._services.files.copy_text(self.state.report)
        self._show(replace(self.state, said=say("d-copied")))

    def save(self) -> None:
        """The diagnostics file for a help desk: whom it is encrypted for, and where it goes."""

        def chosen(secret: Secret) -> None:
            ask = FileAsk(FileMode.SAVE, "d-diag-save", (("d-diag-file", "*.ucdiag"),), "unitclient.ucdiag")
            self._services.dialogs.choose_file(ask, lambda path: self._write(secret, path) if path else None)

        self._services.dialogs.open_wizard("diagnosis", {}, lambda secret: chosen(secret) if secret else None)

    def open_folder(self) -> None:
        """Show the data folder."""
        self._services.files.open(self._services.home)

    def _work(self) -> Callable[[TaskContext], list[Check]]:
        has_unit = self._services.session.unit() is not None

        def work(context: TaskContext) -> list[Check]:
            from unitclient.workflows.diagnosis import diagnose

            return diagnose(context.desk(), context.unit() if has_unit else None, context.progress)

        return work

    def _done(self, checks: list[Check]) -> None:
        lines = tuple(line_of(check) for check in checks)
        self._show(replace(self.state, busy=False, lines=lines, report=self._report(lines)))

    def _failed(self, fault: BaseException) -> None:
        if not isinstance(fault, UserError):
            self._show(replace(self.state, busy=False))
            raise fault
        text = " ".join(texts_of(fault))
        lines = (Line("database", State.ERR, say("d-diag-database"), text),)
        self._show(replace(self.state, busy=False, lines=lines, report=self._report(lines)))

    def _facts(self) -> tuple[tuple[str, str], ...]:
        session = self._services.session
        unit = session.unit()
        machine = about_machine()
        return (
            (say("d-diag-program"), machine[0]),
            (say("d-diag-built"), machine[1]),
            (say("d-diag-system"), machine[2]),
            (say("d-diag-home"), str(self._services.home)),
            (say("d-diag-unit"), unit.name if unit else say("d-unit-none")),
            (say("d-diag-centre"), unit.centre_url if unit else "—"),
        )

    def _report(self, lines: Iterable[Line]) -> str:
        checks = [f"[{line.state.value}] {line.id}: {line.text}" for line in lines]
        unit = self._services.session.unit()
        about = [f"unit {mask('id', unit.unit_number)}", f"centre {unit.centre_url}"] if unit else ["no unit"]
        text = "\n".join([*about_machine(), *about, "", *checks, "", *_log_tail(self._services.home), ""])
        return _LONG_NUMBER.sub(lambda found: mask("id", found[0]), text.replace(str(Path.home()), "~"))

    def _write(self, secret: Secret, path: Path) -> None:
        password, certificate = secret
        has_unit = self._services.session.unit() is not None

        def work(context: TaskContext) -> None:
            from unitclient.workflows.diagnosis_file import write_diagnosis

            unit = context.unit() if has_unit else None
            write_diagnosis(context.desk(), unit, path, password=password, certificate=certificate)

        def failed(fault: BaseException) -> None:
            if not isinstance(fault, UserError):
                raise fault
            self._show(replace(self.state, said=" ".join(texts_of(fault))))

        def done(_none: None) -> None:
            self._show(replace(self.state, said=say("d-saved-to", path=path)))

        self._services.tasks.run(Lane.DB, "d-diag-writing", work, done=done, failed=failed)

    def _show(self, state: DiagnosticsState) -> None:
        self.state = state
        self.changed.emit(state)


def line_of(check: Check) -> Line:
    """A check in words."""
    return Line(check.id, _STATES[check.level.value], say(f"d-diag-{check.id}"),
                say(f"diagnosis-{check.code}", **check.params))  # fmt: skip


def _log_tail(home: Path) -> list[str]:
    from unitclient.desktop.logs import LOG_NAME

    try:
        return (home / "logs" / LOG_NAME).read_text("utf-8", "replace").splitlines()[-_LOG_LINES:]
    except OSError:
        return []
