"""The queries page's presenter: choose a query, fill it in, run, export."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, pyqtSignal

from unitclient.desktop.dialogs.service import FileAsk, FileMode
from unitclient.desktop.pages.queries import work
from unitclient.desktop.pages.queries.model import InputKind, Query, QueryInput, load_queries
from unitclient.desktop.pages.queries.sources import SOURCES
from unitclient.desktop.pages.queries.state import Answer, QueriesState
from unitclient.desktop.tasks import Lane
from unitclient.domain.period import Period
from unitclient.errors import Cancelled, UserError
from unitclient.paths import resources_root
from unitclient.texts import say

if TYPE_CHECKING:
    from unitclient.desktop.services import Services


class QueriesPresenter(QObject):
    """Leads the queries page. `folder` is where the query files lie."""

    changed = pyqtSignal(object)
    """QueriesState."""
    exported = pyqtSignal(object)
    """Path of the workbook that was written."""
    batch_done = pyqtSignal(object)
    """Batch."""
    refused = pyqtSignal(object)
    """UserError."""

    def __init__(self, services: Services, folder: Path | None = None) -> None:
        super().__init__()
        self._services = services
        known = {name: source.inputs for name, source in SOURCES.items()}
        queries, problems = load_queries(folder or resources_root() / "queries", known)
        self._run = 0
        self.state = QueriesState(queries, problems)

    def refresh(self) -> None:
        """The data changed: a query that was run is run again."""
        if not self.state.current and self.state.queries:
            self.choose(self.state.queries[0].id)
        elif self.state.answer is not None and not self._asks_centre():
            self.run(self.state.values)

    def _asks_centre(self) -> bool:
        """What the centre answered stays until it is asked for again."""
        query = self.state.query()
        return query is not None and query.asks_centre

    def choose(self, query_id: str) -> None:
        """Put a query in front, with what its inputs start with."""
        query = next((one for one in self.state.queries if one.id == query_id), None)
        if query is None or query_id == self.state.current:
            return
        self._run += 1
        values = {one.name: self._default(one) for one in query.inputs}
        self._set(current=query.id, values=values, wrong={}, answer=None, running=False)

    def run(self, typed: Mapping[str, str]) -> None:
        """Run the query in front with what was typed."""
        query = self.state.query()
        if query is None:
            return
        values, wrong = read_inputs(query, typed)
        self._set(values=dict(typed), wrong=wrong)
        if wrong:
            return
        self._run += 1
        number = self._run
        self._set(running=True)

        def done(answer: Answer) -> None:
            if number == self._run:
                self._set(running=False, answer=answer)

        def failed(fault: BaseException) -> None:
            if number == self._run:
                self._set(running=False)
            self._refuse(fault)

        lane, run = (Lane.NET, work.ask_centre) if query.asks_centre else (Lane.DB, work.run_query)
        self._services.tasks.run(lane, "d-queries-running", lambda context: run(context, query, values),
                                 done=done, failed=failed)  # fmt: skip

    def watch(self) -> None:
        """Watch the question that was answered for change, or watch it no more."""
        query, answer = self.state.query(), self.state.answer
        if query is None or answer is None or not query.asks_centre:
            return
        values, wanted = read_inputs(query, self.state.values)[0], not answer.watched

        def done(on: bool) -> None:
            if self.state.answer is answer:
                self._set(answer=replace(answer, watched=on))

        self._services.tasks.run(Lane.DB, "d-queries-watching",
                                 lambda context: work.set_watched(context, query, values, on=wanted),
                                 done=done, failed=self._refuse)  # fmt: skip

    def export(self) -> None:
        """Ask for a name and write the answer as a workbook."""
        query, answer = self.state.query(), self.state.answer
        if query is None or answer is None or not answer.rows:
            return
        masked = self._services.session.masked()
        name = f"{query.title}-{self._services.session.period()}.xlsx"
        ask = FileAsk(FileMode.SAVE, "d-queries-export", (("d-queries-files", "*.xlsx"),), name)

        def chosen(path: Path | None) -> None:
            if path is not None:
                self._services.tasks.run(
                    Lane.DB, "d-queries-exporting",
                    lambda context: work.write_workbook(context, query, answer, path, masked=masked),
                    done=self.exported.emit, failed=self._refuse,
                )  # fmt: skip

        self._services.dialogs.choose_file(ask, chosen)

    def ask_sheet(self) -> None:
        """Ask for a workbook with a row a question, and for the name of the workbook with the answers."""
        query = self.state.query()
        if query is None or not query.asks_centre:
            return
        sheets = (("d-queries-sheets", "*.xlsx *.xls *.ods *.csv"),)
        name = say("d-queries-batch-name", title=query.title)

        def save(sheet: Path | None) -> None:
            if sheet is not None:
                ask = FileAsk(FileMode.SAVE, "d-queries-batch-save", (("d-queries-files", "*.xlsx"),), f"{name}.xlsx")
                self._services.dialogs.choose_file(ask, lambda out: self._ask_all(query, sheet, out))

        self._services.dialogs.choose_file(FileAsk(FileMode.OPEN, "d-queries-batch-open", sheets), save)

    def _ask_all(self, query: Query, sheet: Path, out: Path | None) -> None:
        if out is not None:
            self._services.tasks.run(
                Lane.NET, "d-queries-batch-running", lambda context: work.ask_sheet(context, query, sheet, out),
                done=self.batch_done.emit, failed=self._refuse,
            )  # fmt: skip

    def _default(self, one: QueryInput) -> str:
        if one.kind is InputKind.MONTH and one.default:
            return str(self._services.session.period() + int(one.default))
        return one.default

    def _refuse(self, fault: BaseException) -> None:
        if isinstance(fault, UserError):
            self.refused.emit(fault)
        elif not isinstance(fault, Cancelled):
            raise fault

    def _set(self, **changes: object) -> None:
        self.state = replace(self.state, **changes)  # type: ignore[arg-type]  # names of the state's own members
        self.changed.emit(self.state)


def read_inputs(query: Query, typed: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """(values, what is wrong by name). A month may be typed 2026-11, 202611, 2026.11 or 2026年11月."""
    values: dict[str, str] = {}
    wrong: dict[str, str] = {}
    for one in query.inputs:
        text = typed.get(one.name, "").strip()
        if one.required and not text:
            wrong[one.name] = say("d-queries-required", title=one.title)
        elif one.kind is InputKind.MONTH and text:
            month = read_month(text)
            if month is None:
                wrong[one.name] = say("d-queries-no-month", value=text)
            values[one.name] = month or ""
        else:
            values[one.name] = text
    if not wrong and values.get("since") and values.get("until") and values["since"] > values["until"]:
        wrong["until"] = say("d-queries-span")
    return values, wrong


def read_month(text: str) -> str | None:
    """A month as people write it, as "YYYY-MM"; None when it is none."""
    digits = "".join(letter if letter.isdigit() else " " for letter in text).split()
    if len(digits) == 1 and len(digits[0]) == 6:
        digits = [digits[0][:4], digits[0][4:]]
    try:
        year, month = digits
        return str(Period(int(year), int(month))) if len(year) == 4 else None
    except ValueError:
        return None
