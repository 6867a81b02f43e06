"""The presenter of the reconciliation: a payroll is chosen, compared in the child process, written as a workbook."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PyQt6.QtCore import QObject, pyqtSignal

from unitclient.desktop.dialogs.service import FileAsk, FileMode
from unitclient.desktop.proc.orders import seat_of
from unitclient.desktop.tasks import Lane, ProcJob
from unitclient.errors import Cancelled, UserError

if TYPE_CHECKING:
    from unitclient.desktop.services import Services

SHEETS = (("d-import-filter", "*.xlsx *.xls *.xlsm *.et *.ods *.csv *.txt"), ("d-import-filter-all", "*"))
_JOB = "unitclient.desktop.proc.reconcile_job:compare"


@dataclass(frozen=True)
class ReconcileState:
    """What the tab shows: the payroll's file, whether it is being compared, and the outcome as the job tells it."""

    path: Path | None = None
    running: bool = False
    told: Mapping[str, Any] | None = None


class ReconcilePresenter(QObject):
    """Leads the tab of the reconciliation."""

    changed = pyqtSignal(object)
    """ReconcileState."""
    written = pyqtSignal(object)
    """Path of the workbook."""
    refused = pyqtSignal(object)
    """UserError."""

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        self._about = ("", "")
        self._run = 0
        self.state = ReconcileState()

    def refresh(self) -> None:
        """Another unit or month is in front: what is shown is about the old one, and goes."""
        if self.state.path is not None and self._about != self._front():
            self._run += 1
            self._set(path=None, running=False, told=None)

    def open(self) -> None:
        """Ask for the payroll, and compare it."""
        ask = FileAsk(FileMode.OPEN, "d-reconcile-open", SHEETS)
        self._services.dialogs.choose_file(ask, lambda path: self.take(path) if path is not None else None)

    def take(self, path: Path) -> None:
        """Compare this payroll with the month in front."""
        self._about = self._front()
        self._run += 1
        number = self._run
        self._set(path=path, running=True, told=None)

        def done(told: Mapping[str, Any]) -> None:
            if number == self._run:
                self._set(running=False, told=told)

        def failed(fault: BaseException) -> None:
            if number == self._run:
                self._set(path=None, running=False)
                self._refuse(fault)

        self._start(path, "", done, failed)

    def export(self) -> None:
        """Ask for a name and write the differences."""
        path = self.state.path
        if path is None or self.state.told is None:
            return
        suggested = f"{path.stem}-{self._about[1]}.xlsx"
        ask = FileAsk(FileMode.SAVE, "d-reconcile-export", (("d-queries-files", "*.xlsx"),), suggested)

        def chosen(out: Path | None) -> None:
            if out is not None:
                self._start(path, str(out), lambda _told: self.written.emit(out), self._refuse)

        self._services.dialogs.choose_file(ask, chosen)

    def _start(
        self, path: Path, out: str, done: Callable[[Mapping[str, Any]], None], failed: Callable[[BaseException], None]
    ) -> None:
        arguments = {"seat": seat_of(self._services.session), "path": str(path), "period": self._about[1], "out": out}
        self._services.tasks.run(Lane.PROC, "d-reconcile-working", ProcJob(_JOB, arguments), done=done, failed=failed)

    def _front(self) -> tuple[str, str]:
        session = self._services.session
        return session.unit_number(), str(session.period())

    def _refuse(self, fault: BaseException) -> None:
        if isinstance(fault, UserError):
            self.refused.emit(fault)
        elif not isinstance(fault, Cancelled):
            raise fault

    def _set(self, **changes: object) -> None:
        self.state = replace(self.state, **changes)  # type: ignore[arg-type]  # names of the state's own members
        self.changed.emit(self.state)
