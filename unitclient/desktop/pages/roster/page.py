"""RosterPage: brings presenter, editor, table and view together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PyQt6.QtWidgets import QMenu, QWidget

from unitclient.desktop.actions.spec import ActionSpec, Scope
from unitclient.desktop.pages.base import Page
from unitclient.desktop.pages.documents.state import SIGNED_DOCUMENT
from unitclient.desktop.pages.roster.editing import RosterEditor
from unitclient.desktop.pages.roster.presenter import RosterPresenter
from unitclient.desktop.pages.roster.state import RosterState
from unitclient.desktop.pages.roster.view import RosterView
from unitclient.desktop.tasks import Lane
from unitclient.desktop.theme.tokens import State
from unitclient.desktop.widgets.basic import button
from unitclient.desktop.widgets.table_view_layout import TableLayout
from unitclient.errors import Cancelled, UserError
from unitclient.store.people import note_id
from unitclient.texts import say
from unitclient.workflows.other_papers import ask_roster

if TYPE_CHECKING:
    from unitclient.desktop.services import Services


def _act(name: str, shortcut: str, handler: str, when: str = "", icon: str = "") -> ActionSpec:
    key = f"d-roster-act-{name}"
    return ActionSpec(f"roster-{name}", key, shortcut, Scope.PAGE, handler, f"{key}-help", when, icon)


_ACTIONS = (
    _act("bulk", "Ctrl+B", "bulk_edit", "has_selection", "edit"),
    _act("undo", "Ctrl+Z", "undo", "can_undo", "undo"),
    _act("redo", "Ctrl+Y; Ctrl+Shift+Z", "redo", "can_redo"),
    _act("life", "Ctrl+L", "toggle_life", icon="clock"),
    _act("reveal", "Ctrl+Shift+R", "reveal_cell", "is_masked", "eye"),
    _act("enrol", "Ctrl+N", "enrol"),
    _act("import", "Ctrl+I", "import_people", icon="import"),
    _act("signed", "", "signed_paper", icon="documents"),
)


class RosterPage(Page):
    """参保花名册."""

    page_id = "roster"
    title_key = "d-roster-title"
    help_id = "d-roster-help"
    topics = frozenset({"items", "roster", "units", "declarations"})

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(services, parent)
        self.presenter = RosterPresenter(services)
        self.editor = RosterEditor(self.presenter)
        self.view = RosterView()
        self.view.table.set_model(self.presenter.model)
        self._undo = button(say("d-roster-undo"), self.undo, icon="undo")
        self._bulk = button(say("d-roster-bulk"), self.bulk_edit, icon="edit")
        signed = button(say("d-roster-act-signed"), self.signed_paper, icon="documents")
        bring = button(say("d-roster-import"), self.import_people, icon="import")
        for widget in (self._undo, self._bulk, signed, bring):
            self.head.addWidget(widget)
        self.body.addWidget(self.view, 1)
        self.setFocusProxy(self.view.table)
        self._connect()
        self._render(self.presenter.state)

    # What the shell asks for

    def refresh(self) -> None:
        """See Page."""
        self.presenter.refresh()

    def receive(self, target: Mapping[str, str]) -> None:
        """`filter` narrows ("state:pending", "show:findings"), `text` is searched, `person` is gone to by ID number."""
        name, _, value = target.get("filter", "").partition(":")
        if "filter" in target or "text" in target or "person" in target:
            self.view.filters.choose([(name, value)] if name else [], target.get("text", ""))
        if "person" in target:
            self._go_to_person(target["person"])

    def main_action(self) -> None:
        """See Page: change those who are selected."""
        self.bulk_edit()

    def focus_search(self) -> None:
        """See Page."""
        self.view.filters.focus_search()

    def next_finding(self) -> None:
        """See Page."""
        self.presenter.next_finding(self.view.table.current_row(), 1)

    def previous_finding(self) -> None:
        """See Page."""
        self.presenter.next_finding(max(0, self.view.table.current_row()), -1)

    def page_actions(self) -> tuple[ActionSpec, ...]:
        """See Page."""
        return _ACTIONS

    # Acts

    def bulk_edit(self) -> None:
        """Change everybody in the selection at once."""
        self.editor.ask_bulk(self.view.table.spans())

    def has_selection(self) -> bool:
        """Whether somebody is selected."""
        return bool(self.view.table.spans())

    def undo(self) -> None:
        """Take the last act back."""
        self.editor.undo()

    def can_undo(self) -> bool:
        """Whether there is something to take back."""
        return self.editor.stack.canUndo()

    def redo(self) -> None:
        """Do again what was taken back."""
        self.editor.redo()

    def can_redo(self) -> bool:
        """Whether something was taken back."""
        return self.editor.stack.canRedo()

    def toggle_life(self) -> None:
        """Show the life line of the current person, or close it."""
        if self.presenter.state.life_open:
            self.presenter.hide_life()
        else:
            self.presenter.show_life(self.view.table.current_row())

    def reveal_cell(self) -> None:
        """Show the current cell although values are masked."""
        self.presenter.reveal(self.view.table.current())

    def is_masked(self) -> bool:
        """Whether values are masked."""
        return self.services.session.masked()

    def signed_paper(self) -> None:
        """Ask the centre for its signed roster, and show it among the papers."""
        self.services.tasks.run(
            Lane.NET,
            "d-roster-signed-asking",
            lambda context: ask_roster(context.desk(), context.unit()),
            done=lambda sha256: self.services.shell.go("documents", declaration=f"{SIGNED_DOCUMENT}{sha256}"),
            failed=self._not_signed,
        )

    def _not_signed(self, fault: BaseException) -> None:
        if isinstance(fault, UserError):
            self.banner.refuse(fault)
        elif not isinstance(fault, Cancelled):
            raise fault

    def enrol(self) -> None:
        """Enter somebody new."""
        self.services.shell.go("business", form="enrol")

    def import_people(self) -> None:
        """Bring people in from a sheet."""
        self.services.dialogs.open_wizard("import_wizard", {"form": "enrol"}, lambda _answer: None)

    # Between the parts

    def _connect(self) -> None:
        presenter, editor, view, table = self.presenter, self.editor, self.view, self.view.table
        presenter.changed.connect(self._render)
        presenter.found.connect(self._go)
        presenter.unit_changed.connect(self._keep_layout)
        editor.told.connect(self._tell)
        view.filters.changed.connect(lambda: presenter.query(view.filters.text(), view.filters.filters()))
        view.import_wanted.connect(self.import_people)
        view.clear_wanted.connect(view.filters.clear)
        view.strip.life_wanted.connect(self.toggle_life)
        view.life.closed.connect(presenter.hide_life)
        view.refused.closed.connect(lambda: presenter.change(refused=()))
        view.refused.row_wanted.connect(self._go_to_person)
        table.current_changed.connect(lambda row, _column: presenter.show_person(row))
        table.selection_changed.connect(lambda: presenter.change(selected=table.selected_count()))
        table.pasted.connect(self._paste)
        table.cleared.connect(lambda: editor.clear(table.spans(), table.selected_columns()))
        table.copy_many.connect(presenter.copy_many)
        table.menu_wanted.connect(self._fill_menu)
        presenter.model.dataChanged.connect(lambda *_range: presenter.show_person(table.current_row()))

    def _render(self, state: RosterState) -> None:
        self.view.render_state(state, masked=self.services.session.masked())
        self._undo.setEnabled(bool(state.undo) and not state.busy)
        self._undo.setToolTip(say("d-roster-undo-of", what=state.undo) if state.undo else say("d-roster-undo"))
        self._bulk.setEnabled(state.selected > 0 and not state.busy)

    def _keep_layout(self, unit_number: str) -> None:
        self.view.table.keep_layout(TableLayout(self.services.settings, f"roster@{unit_number}"))
        self.banner.hide()
        self.view.filters.clear()

    def _tell(self, state: State, text: str, undoable: bool) -> None:
        self.banner.tell(state, text, say("d-roster-undo") if undoable else "", self.undo if undoable else None)

    def _paste(self, text: str, row: int, column: int) -> None:
        table = self.view.table
        shown = table.shown_columns()
        from_here = shown[shown.index(column) :] if column in shown else []
        keys = [self.presenter.model.columns[place].key for place in from_here]
        self.editor.paste(text, table.spans(), row, keys)

    def _go(self, row: int, column: int) -> None:
        self.view.table.go(row, column)
        self.view.table.panes.pane_of(column).setFocus()

    def _go_to_person(self, id_number: str) -> None:
        session = self.services.session
        note = note_id(session.desk().store, session.unit_number(), id_number)
        row = self.presenter.model.row_of(note)
        if row >= 0:
            self._go(row, 0)

    def _fill_menu(self, menu: QMenu) -> None:
        menu.addSeparator()
        for spec in _ACTIONS[:5]:
            act = menu.addAction(say(spec.title_key))
            assert act is not None
            act.setEnabled(not spec.enabled_when or getattr(self, spec.enabled_when)())
            act.triggered.connect(lambda _checked=False, name=spec.handler_id: getattr(self, name)())
