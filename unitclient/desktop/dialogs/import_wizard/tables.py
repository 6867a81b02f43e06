"""The tables of the import wizard: the first rows as they would be read, and the findings of a result."""

from __future__ import annotations

from typing import Any

from PyQt6.QtWidgets import QWidget

from unitclient.catalog.model import Form
from unitclient.desktop.dialogs.import_wizard.state import Found, PreviewRow, Result, WizardState
from unitclient.desktop.models.columns import ColumnSpec, Kind, of_field
from unitclient.desktop.models.list_table import ListTableModel
from unitclient.desktop.models.rows import MARKS, Mark
from unitclient.desktop.theme.tokens import State
from unitclient.desktop.widgets.basic import button, column, label, row
from unitclient.desktop.widgets.card import Card
from unitclient.desktop.widgets.table_view import TableView
from unitclient.texts import say

_STATES = {"error": State.ERR, "warning": State.WARN, "notice": State.INFO}
_NUMBER, _STATE = "_number", "_state"


def worst(findings: tuple[Found, ...]) -> State:
    """How a row with these findings stands."""
    found = {each.severity for each in findings}
    return next((_STATES[name] for name in _STATES if name in found), State.OK)


class PreviewStep(QWidget):
    """The first rows, read and checked."""

    def __init__(self) -> None:
        super().__init__()
        self.table = TableView(say("d-import-preview-table"))
        self.model: ListTableModel | None = None
        self.summary = label("", "sectionTitle", wrap=True)
        self.notes = label("", "secondary", wrap=True, selectable=True)
        self.detail = label("", "", wrap=True, selectable=True)
        self.table.current_changed.connect(self._on_current)
        self._rows: tuple[PreviewRow, ...] = ()
        self._fields: tuple[str, ...] = ()
        box = column(self.summary, self.notes, gap=8)
        box.addWidget(self.table, 1)
        box.addWidget(self.detail)
        self.setLayout(box)

    def render_state(self, state: WizardState, form: Form, *, masked: bool) -> None:
        """Show it."""
        if (state.preview, state.preview_fields) != (self._rows, self._fields) or self.model is None:
            self._rows, self._fields = state.preview, state.preview_fields
            self._show(form, masked)
        rows, wrong = len(state.preview), state.errors_ahead()
        look = state.look
        total = f"{look.rows:,}" if look is not None else ""
        self.summary.setText(say("d-import-preview-summary", rows=rows, wrong=wrong, total=total))
        self.notes.setText("\n".join(f"{each.why} {each.fix}".strip() for each in state.notes))
        self.notes.setVisible(bool(state.notes))

    def _show(self, form: Form, masked: bool) -> None:
        columns = [
            ColumnSpec(_NUMBER, "d-import-row", Kind.COUNT, 6, sortable=False),
            ColumnSpec(_STATE, "d-import-check", Kind.STATE, 8, sortable=False),
            *(of_field(form.field(name), sortable=False) for name in self._fields),
        ]
        self.model = ListTableModel(columns, _NUMBER)
        self.model.set_masked(masked)
        self.model.set_rows([self._row(row) for row in self._rows])
        self.table.set_model(self.model)
        self.detail.hide()

    def _row(self, row: PreviewRow) -> dict[str, Any]:
        state = worst(row.findings)
        marks: dict[str, Mark] = {}
        for name in {each.field for each in row.findings}:
            of_cell = tuple(each for each in row.findings if each.field == name)
            key = name if name in self._fields else _STATE
            marks[key] = Mark(worst(of_cell), tuple(f"{each.why} {each.fix}".strip() for each in of_cell))
        reasons = tuple(_named(each, each.why) for each in row.findings)
        marks[_STATE] = Mark(state, reasons)
        return {**row.cells, _NUMBER: row.number, _STATE: say(f"d-import-row-{state.value}"), MARKS: marks}

    def _on_current(self, place: int, _column: int) -> None:
        findings = self._rows[place].findings if 0 <= place < len(self._rows) else ()
        lines = [
            f"{each.title}：{each.why} {each.fix}" if each.title else f"{each.why} {each.fix}" for each in findings
        ]
        self.detail.setText("\n".join(lines))
        self.detail.setVisible(bool(lines))


def _named(each: Found, text: str) -> str:
    """A sentence with the field it is about."""
    return say("d-business-finding", title=each.title, text=text) if each.title else text


_RESULT_COLUMNS = (
    ColumnSpec("severity", "d-import-severity", Kind.STATE, 7),
    ColumnSpec("row", "d-import-row", Kind.COUNT, 6),
    ColumnSpec("cell", "d-import-cell", Kind.TEXT, 14),
    ColumnSpec("value", "d-import-value", Kind.TEXT, 20),
    ColumnSpec("why", "d-import-why", Kind.TEXT, 50),
    ColumnSpec("fix", "d-import-fix", Kind.TEXT, 50),
)


class ResultStep(QWidget):
    """What the import did, by rows and cells with reasons."""

    def __init__(self) -> None:
        super().__init__()
        self.numbers = {name: label("0", "number") for name in ("taken", "unchanged", "refused")}
        line = row(gap=12)
        for name, number in self.numbers.items():
            card = Card(say(f"d-import-{name}"))
            card.body.addWidget(number)
            line.addWidget(card, 1)
        self.said = label("", "secondary", wrap=True, selectable=True)
        self.table = TableView(say("d-import-findings-table"), stretch_last=True)
        self.model = ListTableModel(_RESULT_COLUMNS, "key")
        self.table.set_model(self.model)
        self.table.current_changed.connect(self._on_current)
        self.detail = label("", "", wrap=True, selectable=True)
        self.open = button(say("d-import-open-errors"), icon="edit")
        self.save = button(say("d-import-save-errors"), icon="save")
        self.mended = button(say("d-import-take-mended"), icon="import")
        self.how = label(say("d-import-mend-how"), "hint", wrap=True)
        self._result: Result | None = None
        box = column(gap=8)
        box.addLayout(line)
        box.addWidget(self.said)
        box.addWidget(self.table, 1)
        box.addWidget(self.detail)
        box.addWidget(self.how)
        box.addLayout(row(self.open, self.save, self.mended, 1))
        self._rest = QWidget()
        box.addWidget(self._rest, 1)
        self.setLayout(box)

    def render_state(self, state: WizardState) -> None:
        """Show it."""
        result = state.result
        if result is None or result == self._result:
            return
        self._result = result
        for name, number in self.numbers.items():
            number.setText(f"{getattr(result, name):,}")
        self.said.setText("\n".join(_sentences(result)))
        self.said.setVisible(bool(self.said.text()))
        self.model.set_rows([_finding_row(number, each) for number, each in enumerate(result.findings)])
        self.table.setVisible(bool(result.findings))
        self._rest.setVisible(not result.findings)
        self.detail.hide()
        for widget in (self.open, self.save, self.mended, self.how):
            widget.setVisible(bool(result.error_workbook))
        if result.findings:
            self.table.go(0, 4)

    def _on_current(self, place: int, _column: int) -> None:
        row_shown = self.model.row(place)
        text = f"{row_shown['why']}\n{row_shown['fix']}".strip() if row_shown is not None else ""
        self.detail.setText(text)
        self.detail.setVisible(bool(text))


def _sentences(result: Result) -> list[str]:
    lines = [say("d-import-updated", count=f"{result.updated:,}")] if result.updated else []
    if result.defaulted:
        lines.append(say("d-import-defaulted", fields=say("d-business-list-comma").join(result.defaulted)))
    lines += list(result.consequences)
    if result.taken or result.updated:
        lines.append(say("d-import-and-now"))
    if result.untold:
        lines.append(say("d-import-untold", count=f"{result.untold:,}"))
    return lines


def _finding_row(number: int, each: Found) -> dict[str, Any]:
    where = f"{each.column} {each.title}".strip()
    word = say(f"severity-{each.severity}")
    marks = {"severity": Mark(_STATES[each.severity], (each.why, each.fix))}
    return {"key": number, "severity": word, "row": each.row or None, "cell": where, "value": each.value,
            "why": each.why, "fix": each.fix, MARKS: marks}  # fmt: skip
