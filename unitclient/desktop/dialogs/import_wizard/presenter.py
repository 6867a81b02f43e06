"""The import wizard's acts: look, match, preview, run, and what can be done with the result."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PyQt6.QtCore import QObject, pyqtSignal

from unitclient.catalog.model import Form
from unitclient.desktop.dialogs.import_wizard import answers
from unitclient.desktop.dialogs.import_wizard.memory import Memory
from unitclient.desktop.dialogs.import_wizard.state import Look, Step, WizardState
from unitclient.desktop.dialogs.service import FileAsk, FileMode
from unitclient.desktop.proc.orders import import_order, look_order, preview_order
from unitclient.desktop.tasks import Lane, ProcJob, TaskHandle, TaskState
from unitclient.errors import Cancelled, UserError
from unitclient.sheets.reader import lacking_titles
from unitclient.texts import error_texts, say

if TYPE_CHECKING:
    from unitclient.desktop.services import Services

ITEMS = frozenset({"items"})
SHEET_FILTERS = (("d-import-filter", "*.xlsx *.xls *.xlsm *.et *.ods *.csv *.txt"), ("d-import-filter-all", "*"))


class ImportPresenter(QObject):
    """Holds the wizard's state; `changed` is emitted with the new one."""

    changed = pyqtSignal(object)
    """WizardState."""
    closed = pyqtSignal()
    """The wizard is done with."""

    def __init__(self, services: Services, forms: tuple[tuple[str, str], ...], form_id: str, path: str) -> None:
        super().__init__()
        self._services = services
        self._memory = Memory(services.session)
        self._task: TaskHandle | None = None
        self._columns: dict[str, str] = {}
        self._first_layout = ""
        """The layout as first seen: what a matching is remembered under, whatever header rows were chosen later."""
        self.state = WizardState(forms=forms, form_id=form_id, form_title=dict(forms).get(form_id, ""), path=path)

    def start(self) -> None:
        """Show the first step; a file that came with the wizard is looked at at once."""
        self._set()
        if self.state.path:
            self.look()

    # The file

    def set_form(self, form_id: str) -> None:
        """Import into this business; "" finds it by the titles."""
        title = dict(self.state.forms).get(form_id, "")
        self._set(form_id=form_id, form_title=title, look=None, step=Step.FILE, refusal=())

    def set_path(self, path: str) -> None:
        """Import this file; not looked at yet."""
        if path != self.state.path:
            self._set(path=path, look=None, refusal=())

    def choose_file(self) -> None:
        """Ask for the file, and look at it."""
        ask = FileAsk(FileMode.OPEN, "d-import-choose", SHEET_FILTERS)
        self._services.dialogs.choose_file(ask, lambda path: self.take(str(path)) if path is not None else None)

    def take(self, path: str) -> None:
        """A file was chosen or dropped: look at it."""
        if self.state.busy:
            return
        self._set(path=path, look=None, step=Step.FILE, refusal=(), result=None)
        self.look()

    def look(self, sheet: str | None = None, header_rows: tuple[int, int] | None = None) -> None:
        """See how the file is laid out, with another sheet or other header rows when they are given."""
        if not self.state.path or self.state.busy:
            return
        path, first = Path(self.state.path), header_rows is None
        order = look_order(self._services.session, self.state.form_id, path, sheet, header_rows)
        self._start(order, "d-import-looking", lambda told: self._looked(told, first))

    # The matching

    def match(self, field: str, letters: str) -> None:
        """Match a field to a column; "" to none."""
        self._columns = {name: value for name, value in self._columns.items() if name != field}
        if letters:
            self._columns[field] = letters
        self._show_matches()

    def automatic(self) -> None:
        """Forget what was matched by hand: back to what the titles say."""
        if self.state.look is not None:
            self._columns = dict(self.state.look.automatic)
            self._show_matches(remembered=False)

    def set_header(self, first: int, last: int) -> None:
        """The titles stand in these rows."""
        look = self.state.look
        if look is not None and first <= last and (first, last) != look.header_rows:
            self.look(look.sheet, (first, last))

    def set_sheet(self, sheet: str) -> None:
        """Read another sheet of the file."""
        if self.state.look is not None and sheet != self.state.look.sheet:
            self.look(sheet)

    # Steps

    def go_on(self) -> None:
        """The next step."""
        state = self.state
        if not state.can_go_on():
            return
        if state.step is Step.FILE:
            if state.look is None:
                self.look()
            else:
                self._set(step=Step.MATCH, refusal=())
        elif state.step is Step.MATCH:
            self._preview()
        elif state.step is Step.PREVIEW:
            self._run()
        elif state.step is Step.RESULT:
            self.closed.emit()

    def back(self) -> None:
        """The step before; not out of a result, which happened."""
        if not self.state.busy and Step.FILE < self.state.step < Step.RUN:
            self._set(step=Step(self.state.step - 1), refusal=())

    def cancel(self) -> None:
        """Stop what is being done; when nothing is, the wizard is done with."""
        if self._task is not None and not self._task.ended():
            self._task.cancel()
        else:
            self.closed.emit()

    # The result

    def open_errors(self) -> None:
        """Open the error workbook."""
        if self.state.result is not None and self.state.result.error_workbook:
            self._services.files.open(Path(self.state.result.error_workbook))

    def save_errors(self) -> None:
        """Save the error workbook somewhere else."""
        result = self.state.result
        if result is None or not result.error_workbook:
            return
        source = Path(result.error_workbook)
        ask = FileAsk(FileMode.SAVE, "d-import-save-errors", (("d-import-filter-xlsx", "*.xlsx"),), source.name)
        self._services.dialogs.choose_file(ask, lambda path: self._copy(source, path) if path is not None else None)

    def take_mended(self) -> None:
        """Take the mended error workbook back: the same wizard begins again with it."""
        result = self.state.result
        suggested = result.error_workbook if result is not None else ""
        ask = FileAsk(FileMode.OPEN, "d-import-mended", SHEET_FILTERS, suggested)
        self._services.dialogs.choose_file(ask, lambda path: self.take(str(path)) if path is not None else None)

    def taken(self) -> int | None:
        """How many rows were taken over; None when nothing was imported."""
        return self.state.result.taken if self.state.result is not None else None

    # Inside

    def _form(self) -> Form:
        return self._services.session.desk().catalog.form(self.state.form_id)

    def _looked(self, told: Mapping[str, Any], first: bool) -> None:
        look = answers.look_of(told, masked=self._services.session.masked())
        self._set(form_id=told["form"], form_title=dict(self.state.forms)[told["form"]], look=look)
        if first:
            self._first_layout = look.layout
        known = self._memory.recall(told["form"], self._first_layout)
        if first:
            rows = tuple(known.get("header_rows", ()))
            if len(rows) == 2 and rows != look.header_rows:
                self.look(look.sheet, (int(rows[0]), int(rows[1])))
                return
        kept = answers.fitting(known.get("columns"), self._form(), look)
        self._columns = kept if kept is not None else dict(look.automatic)
        self._set(step=Step.MATCH)
        self._show_matches(remembered=kept is not None and kept != dict(look.automatic))

    def _show_matches(self, remembered: bool | None = None) -> None:
        look = self.state.look
        assert look is not None
        form = self._form()
        self._set(
            matches=answers.match_lines(form, look, self._columns),
            lacking=tuple(lacking_titles(form, self._columns)),
            twice=answers.shared_columns(form, self._columns),
            remembered=self.state.remembered if remembered is None else remembered,
        )

    def _chosen(self, look: Look) -> dict[str, Any]:
        return {"columns": dict(self._columns), "sheet": look.sheet, "header_rows": list(look.header_rows)}

    def _preview(self) -> None:
        look = self.state.look
        assert look is not None
        session, path = self._services.session, Path(self.state.path)
        order = preview_order(session, self.state.form_id, path, self._chosen(look))
        self._start(order, "d-import-looking", self._previewed)

    def _previewed(self, told: Mapping[str, Any]) -> None:
        fields = tuple(field.name for field in self._form().columns() if field.name in self._columns)
        self._set(
            step=Step.PREVIEW,
            preview=answers.preview_rows(told),
            preview_fields=fields,
            notes=tuple(map(answers.found_of, told["notes"])),
        )

    def _run(self) -> None:
        look = self.state.look
        assert look is not None
        chosen = self._chosen(look)
        order = import_order(self._services.session, self.state.form_id, Path(self.state.path), chosen, look.rows)
        self._set(step=Step.RUN, progress=(0, look.rows))
        self._start(order, "d-import-running", self._ran, topics=ITEMS)

    def _ran(self, told: Mapping[str, Any]) -> None:
        look = self.state.look
        if look is not None:
            header = list(look.header_rows) if look.layout != self._first_layout else None
            self._memory.keep(self.state.form_id, self._first_layout, self._columns, header, dict(look.automatic))
        self._set(step=Step.RESULT, result=answers.result_of(told))

    def _copy(self, source: Path, target: Path) -> None:
        import shutil

        try:
            shutil.copyfile(source, target)
        except OSError:
            self._set(refusal=tuple(error_texts("file-unwritable", {"path": str(target)})))
            return
        self._services.shell.say(say("d-import-saved", path=target.name))

    def _start(self, order: ProcJob, title_key: str, done: Callable[[Any], None],
               topics: frozenset[str] = frozenset()) -> None:  # fmt: skip
        self._set(busy=say(title_key), refusal=())

        def answered(told: Any) -> None:
            self._task = None
            self._set(busy="")
            done(told)

        task = self._services.tasks.run(Lane.PROC, title_key, order, done=answered, failed=self._failed, topics=topics)
        if not task.ended():
            self._task = task
            task.changed.connect(self._show_progress)

    def _show_progress(self) -> None:
        task = self._task
        if task is not None and task.state is TaskState.RUNNING:
            self._set(
                progress=task.progress if task.progress[1] else self.state.progress, busy=task.said or self.state.busy
            )

    def _failed(self, fault: BaseException) -> None:
        self._task = None
        step = Step.PREVIEW if self.state.step is Step.RUN else self.state.step
        if isinstance(fault, Cancelled):
            self._set(busy="", step=step, refusal=(say("d-import-cancelled"),))
        elif isinstance(fault, UserError):
            self._set(busy="", step=step, refusal=tuple(error_texts(fault.code, fault.params)))
        else:
            self._set(busy="", step=step)
            raise fault

    def _set(self, **changes: Any) -> None:
        self.state = replace(self.state, **changes)
        self.changed.emit(self.state)
