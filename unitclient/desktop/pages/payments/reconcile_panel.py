"""The tab of the reconciliation: open a payroll, see what differs, take it away as a workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from unitclient.desktop.models.columns import ColumnSpec, Kind
from unitclient.desktop.models.list_table import ListTableModel
from unitclient.desktop.pages.payments.reconcile_presenter import ReconcileState
from unitclient.desktop.pages.sign.words import yuan
from unitclient.desktop.widgets.basic import boxed, button, label, row
from unitclient.desktop.widgets.empty_state import EmptyState
from unitclient.desktop.widgets.table_view import TableView
from unitclient.texts import say
from unitclient.workflows.reconciling_table import PLACES

if TYPE_CHECKING:
    from unitclient.desktop.services import Services

COLUMNS = (
    ColumnSpec("kind", "reconcile-kind", width=20),
    ColumnSpec("name", "name", width=10),
    ColumnSpec("id_number", "id-number", Kind.ID, 20, sensitive=True),
    ColumnSpec("insurance", "insurance", width=10),
    ColumnSpec("side", "reconcile-side", width=9),
    ColumnSpec("difference", "reconcile-difference", Kind.MONEY, 11, sensitive=True),
    *(ColumnSpec(place, f"reconcile-{place}", Kind.MONEY, 11, sensitive=True) for place in PLACES),
)
_NOTES = 3
"""So many notes on the sheet are shown; more are only counted."""


class ReconcilePanel(QWidget):
    """Shows a ReconcileState."""

    open_asked = pyqtSignal()
    export_asked = pyqtSignal()

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        session = services.session
        self.open = button(say("d-reconcile-open"), self.open_asked.emit, "primary")
        self.export = button(say("d-reconcile-export"), self.export_asked.emit)
        self.words = label("", "secondary", wrap=True, selectable=True)
        self.notes = label("", "warning", wrap=True, selectable=True)
        self.model = ListTableModel(COLUMNS)
        self.table = TableView(say("d-reconcile-table"))
        self.table.set_model(self.model)
        session.masking_changed.connect(self.model.set_masked)
        self._session = session
        self.empty = EmptyState("", "")
        self.pages = QStackedWidget()
        self.pages.addWidget(self.empty)
        self.pages.addWidget(self.table)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 12, 0, 0)
        box.setSpacing(8)
        box.addWidget(boxed(row(self.open, self.export, 1)))
        box.addWidget(self.words)
        box.addWidget(self.notes)
        box.addWidget(self.pages, 1)
        self.render_state(ReconcileState())

    def render_state(self, state: ReconcileState) -> None:
        """Show a state."""
        told = state.told
        self.open.setEnabled(not state.running)
        self.export.setEnabled(told is not None and bool(told["rows"]))
        self.model.set_masked(self._session.masked())
        self.model.set_rows(told["rows"] if told else ())
        self.pages.setCurrentIndex(1 if told and told["rows"] else 0)
        self.empty.tell(*_empty_words(state))
        self.words.setText(_words(state))
        self.words.setVisible(told is not None)
        notes = list(told["notes"]) if told else []
        more = [say("and-more", count=len(notes) - _NOTES).strip()] if len(notes) > _NOTES else []
        self.notes.setText("\n".join([*notes[:_NOTES], *more]))
        self.notes.setVisible(bool(notes))


def _empty_words(state: ReconcileState) -> tuple[str, str]:
    if state.running:
        return say("d-reconcile-working"), ""
    if state.told is not None and state.told["agrees"]:
        return say("reconcile-agrees"), ""
    return say("d-reconcile-empty"), say("d-reconcile-empty-why")


def _words(state: ReconcileState) -> str:
    if state.told is None or state.path is None:
        return ""
    told = state.told
    return say(
        "d-reconcile-told",
        file=state.path.name,
        period=told["period"],
        columns=say("list-comma").join(told["columns"]),
        payroll=yuan(told["payroll"]),
        declared=yuan(told["declared"]),
        difference=yuan(told["payroll"] - told["declared"]),
        count=len(told["rows"]),
    )
