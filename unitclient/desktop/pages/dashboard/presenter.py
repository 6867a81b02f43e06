"""The dashboard's presenter: reads the month in the db lane, then the trends, and leads to where things are done."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from unitclient.desktop.dialogs.service import FileAsk, FileMode
from unitclient.desktop.pages.dashboard.state import DashboardState, Trends
from unitclient.desktop.pages.dashboard.words import STEP_PAGES, dashboard, pen_word, trends_of
from unitclient.desktop.tasks import Lane
from unitclient.errors import Cancelled, UserError
from unitclient.texts import say

if TYPE_CHECKING:
    from unitclient.desktop.services import Services
    from unitclient.desktop.tasks import TaskContext
    from unitclient.domain.period import Period
    from unitclient.store.backup import BackupReport
    from unitclient.workflows.month_state import MonthState
    from unitclient.workflows.month_to_dos import ToDo
    from unitclient.workflows.pen_state import Pen
    from unitclient.workflows.trends import MonthPoint


class DashboardPresenter:
    """Reads, says it in words, and acts. `render` and `render_trends` show, `told` and `refused` speak of acts."""

    def __init__(
        self,
        services: Services,
        render: Callable[[DashboardState], None],
        render_trends: Callable[[Trends], None],
        told: Callable[[str], None],
        refused: Callable[[UserError], None],
    ) -> None:
        self._services = services
        self._render, self._render_trends = render, render_trends
        self._told, self._refused = told, refused
        self._asked = 0
        self._to_dos: tuple[ToDo, ...] = ()
        self.state: DashboardState | None = None

    def refresh(self) -> None:
        """Read the month again; an older answer that comes later is dropped."""
        self._asked += 1
        number = self._asked
        period = self._services.session.period()
        self._services.tasks.run(
            Lane.DB,
            "d-dash-reading",
            lambda context: _read(context, period),
            done=lambda told: self._show(told) if number == self._asked else None,
            failed=self._on_fault,
        )
        self._services.tasks.run(
            Lane.DB,
            "d-dash-reading-trends",
            lambda context: _read_trends(context, period),
            done=lambda points: self._render_trends(trends_of(points)) if number == self._asked else None,
            failed=self._on_fault,
        )

    def read_now(self) -> None:
        """The same on the window's thread: some milliseconds, for a picture of the page."""
        from unitclient.workflows.month_state import month_state
        from unitclient.workflows.trends import trends

        self._asked += 1
        session = self._services.session
        asked = session.desk(), session.need_unit(), session.period()
        self._show(month_state(*asked))
        self._render_trends(trends_of(trends(*asked)))

    def go_to_step(self, step: str) -> None:
        """Show the page a step belongs to, at the month in front."""
        self._services.shell.go(STEP_PAGES[step], period=str(self._services.session.period()))

    def do(self, key: str) -> None:
        """Do what a to-do asks for: its act here, or its page."""
        chosen = self._to_dos[int(key)]
        if chosen.act == "backup":
            self.back_up()
        elif chosen.act.startswith("pen-"):
            self._move_pen(chosen.act.removeprefix("pen-"))
        else:
            self._services.shell.go(chosen.page, **chosen.target)

    def do_next(self) -> None:
        """The first to-do; nothing when there is none."""
        if self.state is not None and self.state.next.key:
            self.do(self.state.next.key)

    def _move_pen(self, act: str) -> None:
        """Take, ask for or give the pen, or look at it, in the net lane."""

        def done(pen: Pen) -> None:
            self._told(pen_word(pen))
            self.refresh()

        self._services.tasks.run(
            Lane.NET, "d-pen-task", lambda context: _pen(context, act), done=done, failed=self._on_fault
        )

    def back_up(self) -> None:
        """Ask where, then back up in the db lane."""
        from unitclient.workflows.safekeeping import backup_name

        suggested = backup_name(self._services.session.desk())
        filters = (("d-dash-backup-files", f"*{suggested.suffix}"),)
        ask = FileAsk(FileMode.SAVE, "d-dash-backup-where", filters, str(suggested))
        self._services.dialogs.choose_file(ask, self._back_up_to)

    def _back_up_to(self, path: Path | None) -> None:
        if path is None:
            return
        self._services.tasks.run(
            Lane.DB,
            "d-dash-backup-task",
            lambda context: _back_up(context, path),
            done=lambda report: self._told(say("d-dash-backup-done", path=report.path)),
            failed=self._on_fault,
            topics=frozenset({"settings"}),
        )

    def _show(self, told: MonthState) -> None:
        forms = self._services.session.parts().catalog.forms
        self._to_dos = told.to_dos
        self.state = dashboard(told, {form.id: str(form.title) for form in forms.values()})
        self._render(self.state)

    def _on_fault(self, fault: BaseException) -> None:
        if isinstance(fault, UserError):
            self._refused(fault)
        elif not isinstance(fault, Cancelled):
            raise fault


def _read(context: TaskContext, period: Period) -> MonthState:
    from unitclient.workflows.month_state import month_state

    return month_state(context.desk(), context.unit(), period)


def _read_trends(context: TaskContext, period: Period) -> tuple[MonthPoint, ...]:
    from unitclient.workflows.trends import trends

    # The library that draws them is large: here it is read beside the window, which finds it there afterwards.
    import_module("unitclient.desktop.pages.dashboard.trends")
    return trends(context.desk(), context.unit(), period)


def _back_up(context: TaskContext, path: Path) -> BackupReport:
    from unitclient.workflows.safekeeping import back_up

    return back_up(context.desk(), path)


def _pen(context: TaskContext, act: str) -> Pen:
    from unitclient.workflows.pen import move_pen

    return move_pen(context.desk(), context.unit(), act)
