"""The business page's acts: choose a business, type a row with live checking, save, edit, take back, undo."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PyQt6.QtCore import QObject, QTimer, pyqtSignal

from unitclient.catalog.checking import check_row
from unitclient.catalog.model import Form
from unitclient.desktop.dialogs.service import texts_of
from unitclient.desktop.masking import mask
from unitclient.desktop.pages.business.noting import noted
from unitclient.desktop.pages.business.state import NOTHING, BusinessLine, BusinessState, EntryState
from unitclient.desktop.pages.business.words import SENSITIVE, entered_forms, shown, typed
from unitclient.desktop.tasks import Lane, TaskContext
from unitclient.errors import Cancelled, UserError
from unitclient.store.items import Item, ItemState
from unitclient.store.staged import rows_by_form, staged_rows
from unitclient.texts import say
from unitclient.workflows.entering import Entered, Outcome, entry_context, put_back, stage_one, withdraw

if TYPE_CHECKING:
    from unitclient.catalog.context import CheckContext, CheckedRow
    from unitclient.desktop.services import Services

CHECK_AFTER_MS = 200
"""How long typing must rest before the row is checked."""
ITEMS = frozenset({"items"})


class BusinessPresenter(QObject):
    """Holds the page's state; `changed` is emitted with the new one."""

    changed = pyqtSignal(object)
    """BusinessState."""
    form_chosen = pyqtSignal(object)
    """Another Form is in front."""
    said = pyqtSignal(str, bool)
    """(what was done, whether it can be undone)."""

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        self.state = BusinessState()
        self._raw: dict[str, Any] = {}
        self._touched: set[str] = set()
        self._tried = False
        self._context: CheckContext | None = None
        self._undo: tuple[Form, tuple[int, ...]] | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(CHECK_AFTER_MS)
        self._timer.timeout.connect(self.check_now)

    # The list of businesses

    def refresh(self) -> None:
        """Read the businesses and their counts again; what is being typed stays, and is checked anew."""
        session = self._services.session
        counts = rows_by_form(session.desk().store, session.unit_number())
        forms = entered_forms(session.desk().catalog)
        lines = tuple(
            BusinessLine(
                form.id,
                str(form.title),
                str(form.summary),
                *counts.get(form.id, (0, 0)),
                group=say(f"form-group-{form.group or 'other'}"),
            )
            for form in forms
        )
        self._set(replace(self.state, lines=lines))
        self._context = None
        if self.state.form is None and forms:
            self._show(forms[0])
        elif self.state.form is not None:
            self.check_now()

    def choose(self, form_id: str, then: Callable[[], None] | None = None) -> None:
        """Put another business in front; asks first when something typed would be lost."""
        if self.state.form is not None and form_id == self.state.form.id:
            if then is not None:
                then()
            return

        def go() -> None:
            self._show(self._services.session.desk().catalog.form(form_id))
            if then is not None:
                then()

        self.leave(lambda may: go() if may else self._set(self.state))

    def leave(self, done: Callable[[bool], None]) -> None:
        """Whether what was typed may be given up: asked when there is something."""
        if not self.state.entry.dirty:
            done(True)
            return
        self._services.dialogs.confirm("d-business-leave", say("d-business-leave-why"), "d-business-leave-act", done)

    def reset(self) -> None:
        """Another unit, or the database was closed: nothing that was typed counts any more."""
        self._undo = None
        form = self.state.form
        self._set(BusinessState(form=form))
        self._begin()

    # Typing a row

    def new(self) -> None:
        """Begin an empty row; asks first when something typed would be lost."""
        self.leave(lambda may: self._begin(focus=True) if may else None)

    def fill(self, values: Mapping[str, Any]) -> None:
        """Begin a row with these values, to be finished by hand; asks first when something typed would be lost."""

        def go(may: bool) -> None:
            if may:
                self._begin(focus=True)
                self._raw = dict(values)
                self._set_entry(values=dict(values), serial=self.state.entry.serial + 1, dirty=True)
                self.check_now()

        self.leave(go)

    def edit(self, item_id: int) -> None:
        """Take a row into the inputs; asks first when something typed would be lost."""
        self.leave(lambda may: self._take(item_id) if may else None)

    def type(self, raw: Mapping[str, Any], field: str) -> None:
        """The inputs hold `raw`, and `field` was changed. The row is checked when typing rests."""
        self._raw.update(raw)
        self._touched.add(field)
        if not self.state.entry.dirty:
            self._set_entry(dirty=True)
        self._timer.start()

    def touch(self, field: str) -> None:
        """The focus left a field: now it may be told that it is empty."""
        if field not in self._touched:
            self._touched.add(field)
            if self.state.entry.dirty:
                self._timer.start()

    def reveal(self, field: str) -> None:
        """Show a masked value of the row being edited; the journal says which field."""
        self._services.session.note_unmask(field)
        entry = self.state.entry
        values = {**entry.values, **{name: self._raw.get(name) for name in entry.values if name not in entry.hidden}}
        hidden = {name: text for name, text in entry.hidden.items() if name != field}
        self._set_entry(hidden=hidden, values={**values, field: self._raw.get(field)}, serial=entry.serial + 1)

    def mask(self) -> None:
        """Masking was switched: sensitive values of the row being edited are hidden, or shown."""
        entry, form = self.state.entry, self.state.form
        if form is not None and entry.editing is not None:
            self._set_entry(hidden=self._hidden(form, self._raw), values=dict(self._raw), serial=entry.serial + 1)
            self.check_now()

    def check_now(self) -> None:
        """Check what is typed and show what was found."""
        self._timer.stop()
        form, entry, session = self.state.form, self.state.entry, self._services.session
        if form is None or entry.locked or entry.saving or not session.is_open() or session.unit() is None:
            return
        row = check_row(form, self._raw, self._need_context(form))
        self._show_row(form, row, row.findings)

    def save(self) -> None:
        """Check and stage the row; with errors the first wrong field gets the focus."""
        form, entry = self.state.form, self.state.entry
        if form is None or entry.locked or entry.saving:
            return
        self._tried = True
        self._timer.stop()
        period, raw, editing = self._services.session.period(), dict(self._raw), entry.editing
        self._set_entry(saving=True)

        def work(context: TaskContext) -> Entered:
            return stage_one(context.desk(), context.unit(), form, raw, period, replaces=editing)

        def failed(fault: BaseException) -> None:
            self._set_entry(saving=False)
            if isinstance(fault, UserError):
                self._services.dialogs.refuse(texts_of(fault))
            elif not isinstance(fault, Cancelled):
                raise fault

        self._services.tasks.run(
            Lane.DB, "d-business-saving", work, done=lambda told: self._saved(form, told), failed=failed, topics=ITEMS
        )

    # Rows that wait

    def withdraw(self, ids: Sequence[int]) -> None:
        """Take pending rows back, after asking."""
        form = self.state.form
        if form is None or not ids:
            return
        chosen = tuple(ids)

        def go(yes: bool) -> None:
            if yes:
                self._services.tasks.run(
                    Lane.DB,
                    "d-business-withdrawing",
                    lambda context: withdraw(context.desk(), form.id, chosen),
                    done=lambda gone: self._withdrawn(form, gone),
                    topics=ITEMS,
                )

        text = say("d-business-withdraw-why", count=len(chosen), form=form.title)
        self._services.dialogs.confirm("d-business-withdraw", text, "d-business-withdraw-act", go, danger=True)

    def can_undo(self) -> bool:
        """Whether rows were taken back that can be put back."""
        return self._undo is not None

    def undo(self) -> None:
        """Put back the rows that were taken back last."""
        if self._undo is None:
            return
        form, ids = self._undo
        self._undo = None
        self._services.tasks.run(
            Lane.DB,
            "d-business-restoring",
            lambda context: put_back(context.desk(), context.unit(), form, ids),
            done=lambda count: self.said.emit(say("d-business-restored", count=count), False),
            topics=ITEMS,
        )

    # Inside

    def _show(self, form: Form) -> None:
        self._set(replace(self.state, form=form))
        self._begin()
        self.form_chosen.emit(form)

    def _begin(self, *, focus: bool = False) -> None:
        self._raw, self._touched, self._tried = {}, set(), False
        self._context = None
        serial, asked = self.state.entry.serial + 1, self.state.entry.focus_serial
        self._set(replace(self.state, entry=EntryState(serial=serial, focus_serial=asked)))
        self.check_now()
        if focus and self.state.form is not None:
            self._focus(self.state.form.screen.sections[0].fields[0])

    def _take(self, item_id: int) -> None:
        form = self.state.form
        item = staged_rows(self._services.session.desk().store, [item_id]).get(item_id)
        if form is None or item is None:
            return
        self._begin()
        values = {field.name: typed(field, item.values.get(field.name)) for field in form.fields}
        self._raw = dict(values)
        locked = item.state is not ItemState.PENDING
        entry = self.state.entry
        taken = replace(
            entry,
            serial=entry.serial + 1,
            editing=item.id,
            values=values,
            hidden=self._hidden(form, values),
            locked=locked,
        )
        self._set(replace(self.state, entry=taken))
        if locked:
            self._show_item(form, item)
        else:
            self.check_now()
            self._focus(form.screen.sections[0].fields[0])

    def _hidden(self, form: Form, values: Mapping[str, Any]) -> Mapping[str, str]:
        """Masked texts of the sensitive fields of a row that is there already; what is typed anew is never masked."""
        if not self._services.session.masked():
            return NOTHING
        return {
            field.name: mask(SENSITIVE[field.type], str(values[field.name]))
            for field in form.fields
            if field.type in SENSITIVE and values.get(field.name)
        }

    def _show_row(self, form: Form, row: CheckedRow, findings: Sequence[Any]) -> None:
        entry = self.state.entry
        touched = set(form.by_name) if self._tried or entry.editing is not None else self._touched
        notes, row_notes = noted(form, findings, row.consequences, touched, entry.hidden)
        insurances = self._services.session.desk().catalog.tables.get("insurance")
        filled = {name: shown(form.field(name), row.values[name], insurances) for name in row.defaulted}
        ticked = {name: tuple(row.values[name]) for name in row.defaulted if isinstance(row.values[name], list)}
        self._set_entry(notes=notes, row_notes=row_notes, filled=filled, ticked=ticked)

    def _show_item(self, form: Form, item: Item) -> None:
        notes, row_notes = noted(form, item.findings, (), set(form.by_name), self.state.entry.hidden)
        self._set_entry(notes=notes, row_notes=row_notes)

    def _saved(self, form: Form, told: Entered) -> None:
        self._set_entry(saving=False)
        if told.outcome is Outcome.REFUSED:
            self._show_row(form, told.row, told.findings)
            self._focus(next((one.field for one in told.findings if one.severity == "error"), form.key[0]))
            return
        self.said.emit(say(f"d-business-saved-{told.outcome.value}", form=form.title), False)
        self._set_entry(dirty=False)
        self._begin(focus=True)

    def _withdrawn(self, form: Form, gone: tuple[int, ...]) -> None:
        self._undo = (form, gone) if gone else self._undo
        if self.state.entry.editing in gone:
            self._set_entry(dirty=False)
            self._begin()
        self.said.emit(say("d-business-withdrawn", count=len(gone)), bool(gone))

    def _focus(self, field: str) -> None:
        self._set_entry(focus=field, focus_serial=self.state.entry.focus_serial + 1)

    def _need_context(self, form: Form) -> CheckContext:
        if self._context is None:
            session = self._services.session
            self._context = entry_context(session.desk(), session.need_unit(), form, session.period())
        return self._context

    def _set_entry(self, **changes: Any) -> None:
        self._set(replace(self.state, entry=replace(self.state.entry, **changes)))

    def _set(self, state: BusinessState) -> None:
        self.state = state
        self.changed.emit(state)
