"""What is changed in the roster: cells typed, blocks pasted, many set at once, undone and done again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, pyqtSignal
from PyQt6.QtGui import QUndoStack

from unitclient.desktop.dialogs.service import texts_of
from unitclient.desktop.models.columns import ColumnSpec
from unitclient.desktop.pages.roster import columns as col
from unitclient.desktop.pages.roster.paste import lines_of, one_cell
from unitclient.desktop.pages.roster.presenter import RosterPresenter
from unitclient.desktop.pages.roster.source import Draft
from unitclient.desktop.pages.roster.state import BulkAsk, BulkChoice, RefusedRow
from unitclient.desktop.pages.roster.undo import EditCommand
from unitclient.desktop.pages.roster.words import sentence
from unitclient.desktop.tasks import Lane, TaskContext
from unitclient.desktop.theme.tokens import State
from unitclient.domain.period import Period
from unitclient.errors import Cancelled, UserError
from unitclient.store.people import numbers_of, people
from unitclient.store.units import Unit
from unitclient.texts import language, say
from unitclient.workflows.desk import Desk
from unitclient.workflows.roster_edits import ENROL_FORM, WAGE_FORM, Edited, Refused, move_people
from unitclient.workflows.roster_lines import clear_wages, paste_lines, set_wages, type_wages, wage_of

if TYPE_CHECKING:
    from unitclient.desktop.services import Services

ITEMS = frozenset({"items"})
EXAMPLES = 3
Span = tuple[int, int]
Work = Callable[[TaskContext], Edited]


class RosterEditor(QObject):
    """The acts that change something. What they did is told by `told`; undo steps are on `stack`."""

    told = pyqtSignal(object, str, bool)
    """(State, what was done, whether it can be undone)."""

    def __init__(self, presenter: RosterPresenter) -> None:
        super().__init__(presenter)
        self._page = presenter
        self._services: Services = presenter.services
        self.stack = QUndoStack(self)
        self.stack.setUndoLimit(50)
        self.stack.indexChanged.connect(self._show_undo)
        presenter.model.edit = self.edit_cell
        presenter.unit_changed.connect(self._forget)

    def _forget(self, _unit_number: str) -> None:
        self.stack.clear()

    # One cell

    def edit_cell(self, row: int, column: ColumnSpec, text: str) -> bool:
        """A cell was typed into."""
        note, number = self._page.model.key_at(row), self._page.id_number_at(row)
        if not isinstance(note, int) or not number or self._page.state.busy:
            return False
        if column.key == col.DEPARTMENT:
            self._move({number: text})
        else:
            self._page.drafts.pop(number, None)
            period = self._page.period()
            self._run("d-roster-staging", lambda c: type_wages(c.desk(), c.unit(), {note: text}, period))
        return True

    def _move(self, departments: Mapping[str, str]) -> None:
        self._run("d-roster-moving", lambda c: Edited(moved=move_people(c.desk(), c.unit(), departments)))

    # Many

    def ask_bulk(self, spans: Sequence[Span]) -> None:
        """Ask what is to be done to everybody in the selection, and do it."""
        ids = list(self._page.model.ids_of(spans))
        source = self._page.source
        if not ids or source is None or self._page.state.busy:
            return
        listed = people(source.desk.store, source.unit.unit_number, ids[:EXAMPLES])
        period = self._page.period()
        table = source.desk.catalog.form(WAGE_FORM).field("reason").table
        ask = BulkAsk(
            len(ids),
            tuple((listed[one].name, wage_of(listed[one])) for one in ids[:EXAMPLES] if one in listed),
            str(period),
            tuple(str(period + months) for months in (0, 1)),
            tuple((row.code, row.label(language())) for row in table.rows) if table is not None else (),
            self._page.state.departments,
            source.masked,
        )
        self._services.dialogs.open_wizard("roster_bulk", {"ask": ask}, lambda choice: self._bulk(ids, choice))

    def _bulk(self, ids: Sequence[int], choice: BulkChoice | None) -> None:
        if choice is None:
            return
        rule = choice.rule
        if rule is None:
            self._fill_department(ids, choice.department)
            return
        period, reason = Period.parse(choice.month), choice.reason
        self._run(
            "d-roster-staging",
            lambda c: set_wages(c.desk(), c.unit(), ids, rule, period, reason, c.progress),
            many=True,
        )

    def _fill_department(self, ids: Sequence[int], department: str) -> None:
        def work(context: TaskContext) -> Edited:
            wished = dict.fromkeys(numbers_of(context.desk().store, ids).values(), department)
            return Edited(moved=move_people(context.desk(), context.unit(), wished))

        self._run("d-roster-moving", work, many=True)

    def clear(self, spans: Sequence[Span], columns: Sequence[int]) -> None:
        """Delete was pressed: pending wages are taken back where the new wage is selected; drafts go too."""
        place = self._page.model.places[col.NEW_WAGE]
        if place not in columns or self._page.state.busy:
            return
        ids = list(self._page.model.ids_of(spans))
        for first, last in spans:
            for row in range(first, last + 1) if self._page.drafts else ():
                self._page.drafts.pop(self._page.id_number_at(row), None)
        self._run("d-roster-staging", lambda c: clear_wages(c.desk(), c.unit(), ids))

    # Pasting

    def paste(self, text: str, spans: Sequence[Span], row: int, keys: Sequence[str]) -> None:
        """A block is pasted at `row`; `keys` are the shown columns from there on. One cell fills the selection."""
        source = self._page.source
        if source is None or self._page.state.busy:
            return
        single, rows = one_cell(text), sum(last - first + 1 for first, last in spans)
        if single is not None and keys and rows > 1:
            self._fill(single, list(self._page.model.ids_of(spans)), keys[0])
            return
        model, period = self._page.model, self._page.period()

        def note_at(number: int) -> int | None:
            key = model.key_at(row + number) if row >= 0 else None
            return key if isinstance(key, int) else None

        try:
            lines = lines_of(text, source.desk.catalog, keys, note_at)
        except UserError as refusal:
            self._services.dialogs.refuse(texts_of(refusal))
            return
        self._run(
            "d-roster-pasting",
            lambda c: paste_lines(c.desk(), c.unit(), lines, period, c.progress),
            many=len(lines) > 1 or any(line.note is None for line in lines),
        )

    def _fill(self, text: str, ids: Sequence[int], key: str) -> None:
        if key == col.DEPARTMENT:
            self._fill_department(ids, text)
        elif key == col.NEW_WAGE:
            period, typed = self._page.period(), dict.fromkeys(ids, text)
            self._run("d-roster-staging", lambda c: type_wages(c.desk(), c.unit(), typed, period), many=True)
        else:
            self._services.dialogs.refuse(texts_of(UserError("roster-paste-nothing")))

    # Undo

    def undo(self) -> None:
        """Take the last act back."""
        if not self._page.state.busy:
            self.stack.undo()

    def redo(self) -> None:
        """Do again what was taken back last."""
        if not self._page.state.busy:
            self.stack.redo()

    def _run_undo(self, work: Callable[[Desk, Unit], int], told_key: str) -> None:
        self._page.change(busy=True)
        self._services.tasks.run(
            Lane.DB,
            "d-roster-undoing",
            lambda context: work(context.desk(), context.unit()),
            done=lambda rows: self._undone(rows, told_key),
            failed=self._failed,
            topics=ITEMS,
        )

    def _undone(self, rows: int, told_key: str) -> None:
        self._page.keep_rows = False
        self._page.change(busy=False, refused=())
        self.told.emit(State.OK if rows else State.WARN, say(told_key, count=f"{rows:,}"), False)

    def _show_undo(self, _index: int) -> None:
        self._page.change(undo=self.stack.undoText(), redo=self.stack.redoText())

    # What became of it

    def _run(self, title_key: str, work: Work, *, many: bool = False) -> None:
        self._page.change(busy=True)
        self._services.tasks.run(
            Lane.DB, title_key, work, done=lambda told: self._done(told, many), failed=self._failed, topics=ITEMS
        )

    def _failed(self, fault: BaseException) -> None:
        self._page.change(busy=False)
        if isinstance(fault, UserError):
            self._services.dialogs.refuse(texts_of(fault))
        elif not isinstance(fault, Cancelled):
            raise fault

    def _done(self, edited: Edited, many: bool) -> None:
        self._page.keep_rows = not any(step.form == ENROL_FORM for step in edited.steps)
        for step in edited.steps:
            row = step.after or step.before
            self._page.drafts.pop(row.person_id if row is not None else "", None)
        for one in edited.refused:
            self._keep_draft(one)
        rows = tuple(self._refused_row(one) for one in edited.refused) if many else self._page.state.refused
        self._page.change(busy=False, refused=rows)
        if edited.steps or edited.moved:
            self.stack.push(EditCommand(_act_text(edited), self._run_undo, edited.steps, edited.moved))
        self._tell(edited, many)

    def _keep_draft(self, one: Refused) -> None:
        wage = one.wish.raw.get("wage")
        if one.person_id and wage not in (None, ""):
            draft = Draft(str(wage), one.wish.form, one.findings)
            self._page.drafts[one.person_id] = {col.NEW_WAGE: draft}

    def _refused_row(self, one: Refused) -> RefusedRow:
        source = self._page.source
        form = source.desk.catalog.forms.get(one.wish.form) if source is not None else None
        reasons = " ".join(sentence(finding, form) for finding in one.findings)
        raw = one.wish.raw
        return RefusedRow(
            one.wish.label, str(raw.get("name", "")), one.person_id or str(raw.get("id_number", "")), reasons,
            str(raw.get("wage", "")),
        )  # fmt: skip

    def _tell(self, edited: Edited, many: bool) -> None:
        taken = len(edited.steps) + len(edited.moved)
        if not many:
            self._services.shell.say(say(_word_of_one(edited)))
            return
        counted = (
            ("staged", len(edited.steps)),
            ("moved", len(edited.moved)),
            ("same", edited.same),
            ("noticed", len(edited.noticed)),
            ("refused", len(edited.refused)),
        )
        parts = [say(f"d-roster-told-{name}", count=f"{count:,}") for name, count in counted if count]
        state = State.WARN if edited.refused else State.OK
        text = say("d-roster-told-comma").join(parts) or say("d-roster-nothing-changed")
        self.told.emit(state, text, bool(taken))


def _word_of_one(edited: Edited) -> str:
    """The text about one cell that was changed."""
    if edited.refused:
        return "d-roster-not-taken"
    return (
        "d-roster-staged-one" if edited.steps else "d-roster-moved-one" if edited.moved else "d-roster-nothing-changed"
    )


def _act_text(edited: Edited) -> str:
    wages = sum(step.form == WAGE_FORM for step in edited.steps)
    joining = len(edited.steps) - wages
    parts = (("d-roster-did-wages", wages), ("d-roster-did-people", joining), ("d-roster-did-moved", len(edited.moved)))
    return say("d-roster-comma").join(say(key, count=f"{count:,}") for key, count in parts if count)
