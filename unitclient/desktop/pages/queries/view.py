"""The queries page's widgets: the list of queries, the inputs of one, and its answer."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import QSize, Qt, pyqtSignal
from PyQt6.QtGui import QTextDocument
from PyQt6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from unitclient.desktop.dialogs.first_run.beside import beside
from unitclient.desktop.models.columns import yuan
from unitclient.desktop.models.list_table import ListTableModel
from unitclient.desktop.pages.base import Page
from unitclient.desktop.pages.documents.state import SIGNED_DOCUMENT
from unitclient.desktop.pages.queries.model import InputKind, Query, QueryInput
from unitclient.desktop.pages.queries.printing import html_of
from unitclient.desktop.pages.queries.state import Answer, Batch, QueriesState
from unitclient.desktop.theme.tokens import State
from unitclient.desktop.widgets.basic import boxed, button, clear_layout, label, row
from unitclient.desktop.widgets.card import Card
from unitclient.desktop.widgets.empty_state import EmptyState
from unitclient.desktop.widgets.form_field import FormField
from unitclient.desktop.widgets.table_view import TableView
from unitclient.desktop.widgets.table_view_layout import TableLayout
from unitclient.texts import error_texts, say

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from unitclient.desktop.services import Services

_LIST_WIDTH = 176
_CHANGES_SHOWN = 6
"""Lines of what changed; the answer itself has them all."""
_ROW_HEIGHT = 30
_FIELD_EDGES = 24
_FIELD_CHARACTERS = {InputKind.MONTH: 10, InputKind.TEXT: 20, InputKind.CHOICE: 16}


class QueriesView(Page):
    """Shows a QueriesState."""

    page_id, title_key, help_id = "queries", "d-queries", "d-queries-help"
    topics = frozenset({"declarations", "items", "roster", "documents", "units"})

    intent_refresh = pyqtSignal()
    intent_choose = pyqtSignal(str)
    intent_run = pyqtSignal(object)
    """{input: what was typed}."""
    intent_export = pyqtSignal()
    intent_batch = pyqtSignal()
    intent_watch = pyqtSignal()

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(services, parent)
        self.state = QueriesState()
        self.fields: dict[str, FormField] = {}
        self._query = ""
        self._told: Answer | None = None
        self.list = QListWidget()
        self.list.setAccessibleName(say("d-queries-list"))
        self.list.setFixedWidth(_LIST_WIDTH)
        self.list.currentRowChanged.connect(self._on_row)
        self.form = Card()
        self.hint = label("", "secondary", wrap=True)
        self.inputs = QHBoxLayout()
        self.inputs.setSpacing(16)
        self.run = button(say("d-queries-run"), self._run, "primary", icon="search")
        self.batch = button(say("d-queries-batch"), self.intent_batch.emit, icon="import")
        self.run_box = beside(self.run, self.batch)
        self.form.body.addWidget(self.hint)
        self.form.body.addLayout(self.inputs)
        self.table: TableView | None = None
        self.tables: dict[str, tuple[TableView, ListTableModel]] = {}
        self.model = ListTableModel(())
        self.held = QStackedWidget()
        self.sums = label("", "strong", wrap=True, selectable=True)
        self.count = label("", "secondary")
        self.export = button(say("d-queries-export"), self.intent_export.emit, icon="export")
        self.watch = button(say("d-queries-watch"), self.intent_watch.emit, icon="eye")
        self.signed = button(say("d-queries-signed"), self._show_signed, icon="documents")
        self.print = button(say("d-queries-print"), self._print, icon="print")
        self.empty = EmptyState(say("d-queries-ready"), say("d-queries-ready-why"))
        self.answer = QStackedWidget()
        self.answer.addWidget(self.empty)
        listed = QVBoxLayout()
        listed.setContentsMargins(0, 0, 0, 0)
        listed.addWidget(self.held, 1)
        below = row(self.count, self.sums)
        below.setStretch(1, 1)
        for act in (self.watch, self.signed, self.print, self.export):
            self.head.addWidget(act)
        listed.addLayout(below)
        self.answer.addWidget(boxed(listed))
        right = QVBoxLayout()
        right.setSpacing(12)
        right.addWidget(self.form)
        right.addWidget(self.answer, 1)
        across = QHBoxLayout()
        across.setSpacing(12)
        across.addWidget(self.list)
        across.addLayout(right, 1)
        self.body.addLayout(across, 1)

    # -- the shell's calls

    def refresh(self) -> None:
        """Run again what was run."""
        self.intent_refresh.emit()

    def main_action(self) -> None:
        """Run the query in front."""
        self.run.click()

    def focus_search(self) -> None:
        """Into the first input."""
        for field in self.fields.values():
            field.editor.setFocus()
            return

    def receive(self, target: Mapping[str, str]) -> None:
        """Led here with a query, and perhaps with inputs: then it is run."""
        if "query" not in target:
            return
        self.intent_choose.emit(target["query"])
        given = {name: value for name, value in target.items() if name in self.fields}
        if given or "run" in target:
            for name, value in given.items():
                _put(self.fields[name].editor, value)
            self._run()

    # -- rendering

    def render_state(self, state: QueriesState) -> None:
        """Show a state."""
        before, self.state = self.state, state
        if before.queries != state.queries or self.list.count() != len(state.queries):
            self._render_list(state)
        query = state.query()
        if query is not None and query.id != self._query:
            self._render_query(query, state)
        for name, field in self.fields.items():
            if name in state.wrong:
                field.tell(State.ERR, state.wrong[name])
            else:
                field.clear()
        self.run.setEnabled(query is not None and not state.running)
        # One by one is quicker where nothing has to be given.
        self.batch.setVisible(query is not None and query.asks_centre and any(one.required for one in query.inputs))
        self._render_answer(state)

    def _render_list(self, state: QueriesState) -> None:
        self.list.blockSignals(True)
        self.list.clear()
        for query in state.queries:
            item = QListWidgetItem(str(query.title))
            item.setSizeHint(QSize(0, _ROW_HEIGHT))
            self.list.addItem(item)
        self.list.blockSignals(False)
        if state.problems:
            told = [error_texts(one.code, one.params) for one in state.problems]
            self.banner.tell(State.WARN, "\n".join(f"{texts.what}{texts.why}" for texts in told))

    def _render_query(self, query: Query, state: QueriesState) -> None:
        self._query = query.id
        self.list.blockSignals(True)
        self.list.setCurrentRow([one.id for one in state.queries].index(query.id))
        self.list.blockSignals(False)
        self.form.set_title(str(query.title))
        self.hint.setText(str(query.hint))
        self.hint.setVisible(bool(str(query.hint)))
        self.run_box.setParent(None)
        clear_layout(self.inputs)
        self.fields = {}
        for one in query.inputs:
            field = FormField(str(one.title), _editor(one, state.values.get(one.name, ""), self._run), str(one.hint),
                              required=one.required)  # fmt: skip
            # A field is as narrow as what is typed into it; what is wrong with it reads on one line all the same.
            field.note.setWordWrap(False)
            self.fields[one.name] = field
            self.inputs.addWidget(field, 0, Qt.AlignmentFlag.AlignTop)
        self.inputs.addWidget(self.run_box, 0, Qt.AlignmentFlag.AlignTop)
        self.inputs.addStretch(1)
        self._take_table(query)

    def _take_table(self, query: Query) -> None:
        """Every query has a table of its own: its columns stay as the person left them."""
        if query.id not in self.tables:
            table, model = TableView(str(query.title)), ListTableModel(query.columns)
            table.set_model(model)
            table.keep_layout(TableLayout(self.services.settings, f"query-{query.id}"))
            self.services.session.masking_changed.connect(model.set_masked)
            self.held.addWidget(table)
            self.tables[query.id] = table, model
        self.table, self.model = self.tables[query.id]
        self.model.set_masked(self.services.session.masked())
        self.held.setCurrentWidget(self.table)

    def _render_answer(self, state: QueriesState) -> None:
        answer = state.answer
        filled = answer is not None and bool(answer.rows)
        self.answer.setCurrentIndex(1 if filled else 0)
        self._render_watch(state)
        for act in (self.print, self.export):
            act.setVisible(filled)
        self.signed.setVisible(filled and answer is not None and bool(answer.document))
        if state.running:
            self.empty.tell(say("d-queries-running"), "")
        elif answer is None:
            self.empty.tell(say("d-queries-ready"), say("d-queries-ready-why"))
        elif not filled:
            self.empty.tell(say("d-queries-nothing"), say("d-queries-nothing-why"))
        if answer is None or not filled:
            self.model.set_rows(())
            return
        self.model.set_rows({**one, "id": place} for place, one in enumerate(answer.rows))
        counted = say("d-queries-cut" if answer.cut else "d-queries-count", count=len(answer.rows))
        self.count.setText(f"{counted}　{answer.told}" if answer.told else counted)
        self.sums.setText(self._sums_text(answer))

    def _render_watch(self, state: QueriesState) -> None:
        """What the centre answers can be watched; what changed since it was seen stands above the answer."""
        query, answer = state.query(), state.answer
        self.watch.setVisible(answer is not None and query is not None and query.asks_centre)
        if answer is None or answer is self._told:
            return
        self._told = answer
        self.watch.setText(say("d-queries-unwatch" if answer.watched else "d-queries-watch"))
        if answer.changes and not self.services.session.masked():
            left = len(answer.changes) - _CHANGES_SHOWN
            more = [say("d-queries-change-more", count=left)] if left > 0 else []
            self.banner.tell(State.INFO, "\n".join([*answer.changes[:_CHANGES_SHOWN], *more]))

    def _sums_text(self, answer: Answer) -> str:
        query = self.state.query()
        masked = self.services.session.masked()
        shown = [
            say("d-queries-sum", title=column.title(), amount=column.masked_text(answer.sums[column.key])
                if masked else yuan(answer.sums[column.key]))
            for column in (query.columns if query else ()) if column.key in answer.sums
        ]  # fmt: skip
        return "　".join(shown)

    def tell_exported(self, path: Path) -> None:
        """Where the workbook lies."""
        self.banner.tell(State.OK, say("d-saved-to", path=path), say("d-show-folder"),
                         lambda: self.services.files.show(path))  # fmt: skip

    def tell_batch(self, batch: Batch) -> None:
        """Where the answers lie, and how many rows have none."""
        text = say("d-queries-batch-done", path=batch.path, rows=batch.rows, refused=batch.refused)
        self.banner.tell(State.WARN if batch.refused else State.OK, text, say("d-open-file"),
                         lambda: self.services.files.open(batch.path))  # fmt: skip

    def _show_signed(self) -> None:
        """The answer as the centre signed it, among the papers."""
        if self.state.answer is not None:
            self.services.shell.go("documents", declaration=f"{SIGNED_DOCUMENT}{self.state.answer.document}")

    def typed(self) -> dict[str, str]:
        """What stands in the inputs."""
        return {name: _text(field.editor) for name, field in self.fields.items()}

    def _run(self) -> None:
        self.intent_run.emit(self.typed())

    def _print(self) -> None:
        from unitclient.desktop.pages.documents.printing import ask_printer, paint_text

        query, answer = self.state.query(), self.state.answer
        if query is None or answer is None:
            return
        unit = self.services.session.unit()
        document = QTextDocument()
        document.setHtml(html_of(query, answer, unit.name if unit else "", masked=self.services.session.masked()))
        ask_printer(self, str(query.title), lambda printer: paint_text(document, printer), wide=len(query.columns) > 6)

    def _on_row(self, place: int) -> None:
        if 0 <= place < len(self.state.queries):
            self.intent_choose.emit(self.state.queries[place].id)


def _editor(one: QueryInput, value: str, run: Callable[[], None]) -> QWidget:
    width = _FIELD_CHARACTERS[one.kind]
    if one.kind is InputKind.CHOICE:
        box = QComboBox()
        for choice, title in one.choices:
            box.addItem(str(title), choice)
        _put(box, value)
        return box
    line = QLineEdit(value)
    line.setFixedWidth(line.fontMetrics().horizontalAdvance("0") * width + _FIELD_EDGES)
    line.returnPressed.connect(run)
    return line


def _text(editor: QWidget) -> str:
    if isinstance(editor, QComboBox):
        return str(editor.currentData() or "")
    return editor.text() if isinstance(editor, QLineEdit) else ""


def _put(editor: QWidget, value: str) -> None:
    if isinstance(editor, QComboBox):
        editor.setCurrentIndex(max(0, editor.findData(value)))
    elif isinstance(editor, QLineEdit):
        editor.setText(value)
