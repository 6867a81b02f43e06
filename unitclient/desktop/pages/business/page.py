"""BusinessPage: brings presenter, table and view together."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtWidgets import QWidget

from unitclient.catalog.model import Form
from unitclient.desktop.actions.spec import ActionSpec, Scope
from unitclient.desktop.dialogs.import_wizard import first_sheet
from unitclient.desktop.dialogs.service import FileAsk, FileMode
from unitclient.desktop.models.paged import PagedTableModel
from unitclient.desktop.models.rows import QuerySpec
from unitclient.desktop.pages.base import Page
from unitclient.desktop.pages.business.cropping import fitted, needs_fitting
from unitclient.desktop.pages.business.declaring import declare
from unitclient.desktop.pages.business.presenter import ITEMS, BusinessPresenter
from unitclient.desktop.pages.business.source import StagedSource, columns_of, next_with_findings
from unitclient.desktop.pages.business.state import BusinessState
from unitclient.desktop.pages.business.view import BusinessView, template_button
from unitclient.desktop.pages.business.words import insurance_name
from unitclient.desktop.proc.orders import template_order
from unitclient.desktop.tasks import Lane, TaskContext
from unitclient.desktop.theme.delegates import ReasonRole
from unitclient.desktop.theme.tokens import State
from unitclient.desktop.widgets.basic import button
from unitclient.desktop.widgets.table_view_layout import TableLayout
from unitclient.store.items import ItemState
from unitclient.store.staged import staged_counts, staged_ids, staged_rows
from unitclient.texts import say
from unitclient.workflows.tickets import evidence

if TYPE_CHECKING:
    from unitclient.desktop.services import Services
    from unitclient.domain.period import Period

MANY = 20_000
"""Rows of a business beyond which they are listed off the window's thread."""
_ACTIONS = (
    ActionSpec("business-new", "d-business-act-new", "Ctrl+N", Scope.PAGE, "new_row", "d-business-act-new-help"),
    ActionSpec("business-save", "d-business-act-save", "Ctrl+S", Scope.PAGE, "main_action", "d-business-act-save-help"),
    ActionSpec("business-import", "d-business-act-import", "Ctrl+I", Scope.PAGE, "import_sheet",
               "d-business-act-import-help"),
    ActionSpec("business-template", "d-business-act-template", "", Scope.PAGE, "empty_template",
               "d-business-act-template-help"),
    ActionSpec("business-declare", "d-business-act-declare", "Ctrl+R", Scope.PAGE, "declare",
               "d-business-act-declare-help", enabled_when="can_declare"),
    ActionSpec("business-edit", "d-business-act-edit", "F2", Scope.PAGE, "edit_row", "d-business-act-edit-help"),
    ActionSpec("business-withdraw", "d-business-act-withdraw", "", Scope.PAGE, "withdraw_rows",
               "d-business-act-withdraw-help"),
    ActionSpec("business-undo", "d-business-act-undo", "Ctrl+Z", Scope.PAGE, "undo", "d-business-act-undo-help",
               enabled_when="can_undo"),
)  # fmt: skip


class BusinessPage(Page):
    """增员, 减员 and every other business that is entered row by row."""

    page_id = "business"
    title_key = "d-business-title"
    help_id = "d-business-help"
    topics = frozenset({"items", "declarations", "roster", "units"})

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(services, parent)
        self.presenter = BusinessPresenter(services)
        self.view = BusinessView()
        self._model: PagedTableModel | None = None
        self._seen: tuple[str, Period | None] = ("", None)
        self._masked = services.session.masked()
        self.head.addWidget(template_button(self.empty_template, self.roster_template))
        self.head.addWidget(button(say("d-business-import"), self.import_sheet, icon="import"))
        self.declare_now = button(say("d-business-declare"), self.declare, icon="sign")
        self.head.addWidget(self.declare_now)
        self.body.addWidget(self.view, 1)
        self._connect()

    def refresh(self) -> None:
        """See Page. Another unit begins anew, another month too unless a row is being typed."""
        session, presenter = self.services.session, self.presenter
        seen = (session.unit_number(), session.period())
        if seen[0] != self._seen[0] or (seen != self._seen and not presenter.state.entry.dirty):
            presenter.reset()
            if presenter.state.form is not None:
                self._show_form(presenter.state.form)
        self._seen = seen
        presenter.refresh()
        if self._model is not None:
            self._model.refresh()
        if session.masked() != self._masked:
            self._mask(session.masked())
        self._show_counts()

    def receive(self, target: Mapping[str, str]) -> None:
        """`form` puts a business in front; `filter` narrows its rows ("state:pending", "findings:1"); `item` edits;
        `about` begins a ticket with what is known of that declaration, persons hidden.
        """

        def then() -> None:
            wanted = target.get("filter", "").partition(":")
            if wanted[0]:
                self.view.filters.choose([(wanted[0], wanted[2])])
            if target.get("item"):
                self.presenter.edit(int(target["item"]))
            if target.get("about"):
                self._ask_about(target["about"])

        form_id = target.get("form", "")
        if form_id:
            self.presenter.choose(form_id, then)
        else:
            then()

    def main_action(self) -> None:
        """See Page: save the row."""
        self.presenter.save()

    def focus_search(self) -> None:
        """See Page."""
        self.view.filters.focus_search()

    def next_finding(self) -> None:
        """See Page."""
        self._step(1)

    def previous_finding(self) -> None:
        """See Page."""
        self._step(-1)

    def may_leave(self, done: Callable[[bool], None]) -> None:
        """See Page."""
        self.presenter.leave(done)

    def page_actions(self) -> tuple[ActionSpec, ...]:
        """See Page."""
        return _ACTIONS

    def drop_files(self, paths: list[str]) -> bool:
        """See Page: a sheet is imported into the business in front."""
        sheet = first_sheet(paths)
        if sheet:
            self._open_import(sheet)
        return bool(sheet)

    # Acts

    def new_row(self) -> None:
        """Begin an empty row."""
        self.presenter.new()

    def edit_row(self) -> None:
        """Take the current row into the inputs."""
        current = self.view.table.current_row()
        if self._model is not None and current >= 0:
            self.presenter.edit(self._model.ids()[current])

    def withdraw_rows(self) -> None:
        """Take the selected rows back."""
        if self._model is not None:
            self.presenter.withdraw(list(self._model.ids_of(self.view.table.spans())))

    def undo(self) -> None:
        """Put back what was taken back last."""
        self.presenter.undo()

    def can_undo(self) -> bool:
        """Whether there is something to put back."""
        return self.presenter.can_undo()

    def declare(self) -> None:
        """Make a declaration of what waits in the business in front, and go to sign it."""
        form = self.presenter.state.form
        if form is not None:
            declare(self.services, form, self.banner.refuse)

    def can_declare(self) -> bool:
        """Whether a row of the business in front waits."""
        form = self.presenter.state.form
        return any(form is not None and line.form_id == form.id and line.pending for line in self.presenter.state.lines)

    def import_sheet(self) -> None:
        """Open the import wizard for the business in front."""
        self._open_import("")

    def empty_template(self) -> None:
        """Write the sheet to fill in."""
        self._template(False)

    def roster_template(self) -> None:
        """Write the sheet to fill in, with everybody of the roster in it."""
        self._template(True)

    def choose_file(self, name: str) -> None:
        """Ask for the file of a field; a picture that does not fit its limits is cut and scaled."""
        form = self.presenter.state.form
        limits = form.field(name).file if form is not None else None
        if form is None or limits is None:
            return
        known = " ".join(f"*.{kind}" for kind in limits.kinds) + (" *.jpeg" if "jpg" in limits.kinds else "")
        filters = (("d-business-file-kinds", known), ("d-import-filter-all", "*"))
        ask = FileAsk(FileMode.OPEN, "d-business-file-choose", filters)
        self.services.dialogs.choose_file(ask, lambda path: self._fit(form, name, path) if path is not None else None)

    # Inside

    def _fit(self, form: Form, name: str, path: Path) -> None:
        limits = form.field(name).file
        assert limits is not None

        def work(_context: TaskContext) -> Path:
            return fitted(path, limits) if needs_fitting(path, limits) else path

        def done(found: Path) -> None:
            if self.presenter.state.form is form:
                self.view.put_file(name, str(found))
                if found != path:
                    text = say("d-business-file-fitted", name=found.name, width=limits.width, height=limits.height)
                    self.banner.tell(State.INFO, text, say("d-open-file"), lambda: self.services.files.open(found))

        self.services.tasks.run(Lane.DB, "d-business-file-fitting", work, done=done)

    def _ask_about(self, declaration_id: str) -> None:
        self.services.tasks.run(
            Lane.DB,
            "d-business-evidence",
            lambda context: evidence(context.desk(), context.unit(), declaration_id),
            done=self.presenter.fill,
        )

    def _open_import(self, path: str) -> None:
        form = self.presenter.state.form
        params = {"form": form.id if form is not None else "", "path": path}
        self.services.dialogs.open_wizard("import_wizard", params, lambda _answer: None)

    def _template(self, with_roster: bool) -> None:
        form = self.presenter.state.form
        if form is None:
            return
        name = say("d-business-template-file", form=form.title)
        ask = FileAsk(FileMode.SAVE, "d-business-template", (("d-import-filter-xlsx", "*.xlsx"),), f"{name}.xlsx")
        self.services.dialogs.choose_file(ask, lambda path: self._write(form, path, with_roster) if path else None)

    def _write(self, form: Form, path: Path, with_roster: bool) -> None:
        self.services.tasks.run(
            Lane.PROC,
            "d-business-template-writing",
            template_order(self.services.session, form.id, path, with_roster),
            done=lambda told: self._written(Path(str(told["path"])), int(told["rows"])),
        )

    def _written(self, path: Path, count: int) -> None:
        text = say("d-business-template-written", path=path.name, count=count)
        self.banner.tell(State.OK, text, say("d-open-file"), lambda: self.services.files.open(path))

    def _connect(self) -> None:
        presenter, view = self.presenter, self.view
        presenter.changed.connect(self._render)
        presenter.form_chosen.connect(self._show_form)
        presenter.said.connect(self._say)
        view.form_wanted.connect(presenter.choose)
        view.save_wanted.connect(presenter.save)
        view.new_wanted.connect(presenter.new)
        view.edit_wanted.connect(self.edit_row)
        view.withdraw_wanted.connect(self.withdraw_rows)
        view.import_wanted.connect(self.import_sheet)
        view.typed.connect(presenter.type)
        view.left.connect(presenter.touch)
        view.reveal.connect(presenter.reveal)
        view.file_wanted.connect(self.choose_file)
        view.filters.changed.connect(self._query)
        view.filters.onward.connect(view.table.setFocus)
        view.table.selection_changed.connect(self._show_selected)
        view.table.current_changed.connect(lambda _row, _column: self._show_selected())
        view.table.cleared.connect(self.withdraw_rows)

    def _render(self, state: BusinessState) -> None:
        self.view.render_state(state)
        self.declare_now.setEnabled(self.can_declare())

    def _show_form(self, form: Form) -> None:
        session = self.services.session
        unit, table = session.unit(), session.desk().catalog.tables.get("insurance")
        held = [(code, insurance_name(code, table)) for code in unit.insurances] if unit is not None else []
        self.view.show_form(form, session.period(), held)
        source = StagedSource(session, form)
        self._model = PagedTableModel(columns_of(form), source, lambda query, done: self._ask(source, query, done))
        self._model.listed.connect(lambda _count: self._listed())
        self._model.set_masked(session.masked())
        self.view.table.set_model(self._model)
        self.view.table.keep_layout(TableLayout(self.services.settings, f"business.{form.id}.{session.unit_number()}"))
        self.view.filters.choose(())
        self.view.render_state(self.presenter.state)
        self._show_counts()

    def _query(self) -> None:
        if self._model is not None:
            query = QuerySpec(self.view.filters.text(), self.view.filters.filters(), self._model.query.order)
            self._model.set_query(query)
            self._show_counts()

    def _show_counts(self) -> None:
        if self._model is not None and not self._many():
            self.view.filters.set_counts(self._model.source.counts(QuerySpec(self.view.filters.text())))

    def _many(self) -> bool:
        """Whether the business has so many rows that listing them is no work for the window's thread."""
        form = self.presenter.state.form
        return any(form and line.form_id == form.id and line.rows > MANY for line in self.presenter.state.lines)

    def _ask(self, source: StagedSource, query: QuerySpec, done: Callable[[array[int]], None]) -> None:
        """Answer a query of the table: at once, or for many rows in the lane of the database with the counts."""
        if not self._many():
            done(source.ids(query))
            return
        asked = source.query(query)

        def work(context: TaskContext) -> tuple[array[int], dict[str, int]]:
            return staged_ids(context.desk().store, asked), staged_counts(context.desk().store, asked)

        def answered(told: tuple[array[int], dict[str, int]]) -> None:
            self.view.filters.set_counts(source.named(told[1]))
            done(told[0])

        self.services.tasks.run(Lane.DB, "d-business-listing", work, done=answered)

    def _listed(self) -> None:
        assert self._model is not None
        form, count = self.presenter.state.form, self._model.count()
        empty = None
        if not count and self.view.filters.is_narrow():
            empty = (say("d-business-no-match"), say("d-business-no-match-why"), say("d-filter-clear"))
        elif not count and form is not None:
            why = say("d-business-none-why", summary=form.summary)
            empty = (say("d-business-none", form=form.title), why, say("d-business-import"))
        self.view.show_rows(count, say("d-business-listed", count=f"{count:,}"), empty)
        self._show_selected()

    def _show_selected(self) -> None:
        table, model = self.view.table, self._model
        if model is None:
            return
        spans, count = table.spans(), table.selected_count()
        first = list(model.ids_of(spans[:1]))[:1]
        items = staged_rows(self.services.session.desk().store, first) if self.services.session.is_open() else {}
        pending = any(item.state is ItemState.PENDING for item in items.values()) or count > 1
        self.view.show_selected(count, pending, self._reasons(table.current_row()) if count == 1 else "")

    def _reasons(self, place: int) -> str:
        model = self._model
        if model is None or place < 0:
            return ""
        lines = []
        for column in range(len(model.columns)):
            reasons = model.index(place, column).data(ReasonRole) or ()
            lines += [say("d-business-finding", title=model.columns[column].title(), text=reason) for reason in reasons]
        return "\n".join(lines)

    def _step(self, step: int) -> None:
        model = self._model
        if model is None or not model.count():
            return
        source = model.source
        assert isinstance(source, StagedSource)
        place = next_with_findings(source, model.query, model.ids(), self.view.table.current_row(), step)
        if place < 0:
            self.services.shell.say(say("d-business-no-findings"))
            return
        self.view.table.go(place, 0)
        self.view.table.setFocus()

    def _mask(self, masked: bool) -> None:
        self._masked = masked
        if self._model is not None:
            self._model.set_masked(masked)
            self._show_selected()
        self.presenter.mask()

    def _say(self, text: str, undoable: bool) -> None:
        if undoable:
            self.banner.tell(State.OK, text, say("d-business-undo"), self.undo)
            return
        self.banner.dismiss()
        self.services.shell.say(text)


__all__ = ["ITEMS", "BusinessPage"]
