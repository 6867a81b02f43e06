"""The payments page's widgets: sums, bills, the bill in front, and the calculators."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QSplitter, QStackedWidget, QTabWidget, QWidget

from unitclient.clock import CHINA
from unitclient.desktop.actions.spec import ActionSpec, Scope
from unitclient.desktop.models.list_table import ListTableModel
from unitclient.desktop.pages.base import Page
from unitclient.desktop.pages.payments.bill_panel import BillPanel
from unitclient.desktop.pages.payments.calculators import BackPanel, FeePanel
from unitclient.desktop.pages.payments.reconcile_panel import ReconcilePanel
from unitclient.desktop.pages.payments.rows import COLUMNS, bill_row
from unitclient.desktop.pages.payments.state import Paid, PaymentsState
from unitclient.desktop.pages.sign.words import MONEY, bank_reason, track_word, yuan
from unitclient.desktop.theme.tokens import State
from unitclient.desktop.widgets.basic import boxed, column, label, row
from unitclient.desktop.widgets.card import Card
from unitclient.desktop.widgets.empty_state import EmptyState
from unitclient.desktop.widgets.table_view import TableView
from unitclient.desktop.widgets.table_view_layout import TableLayout
from unitclient.domain.money import format_fen
from unitclient.texts import say

if TYPE_CHECKING:
    from unitclient.desktop.services import Services

_SUMS = ("total", "paid", "open", "failed")

ACTS = (
    ActionSpec("payments-again", "d-pay-again", "", Scope.PAGE, "pay_again", "d-act-pay-again-help", "can_pay"),
    ActionSpec(
        "payments-statement", "d-pay-statement", "", Scope.PAGE, "statement_one", "d-act-statement-help", "has_bill"
    ),
    ActionSpec("payments-fee", "d-payments-tab-fee", "", Scope.PAGE, "open_fee", "d-act-fee-help", ""),
    ActionSpec("payments-back", "d-payments-tab-back", "", Scope.PAGE, "open_back", "d-act-back-help", ""),
    ActionSpec(
        "payments-reconcile", "d-payments-tab-reconcile", "", Scope.PAGE, "open_reconcile", "d-act-reconcile-help", ""
    ),
)


class PaymentsView(Page):
    """Shows a PaymentsState."""

    page_id, title_key, help_id = "payments", "d-payments", "d-payments-help"
    topics = frozenset({"declarations", "documents", "units"})

    intent_refresh = pyqtSignal()
    intent_select = pyqtSignal(str)
    intent_again = pyqtSignal()
    intent_statement = pyqtSignal()

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(services, parent)
        self.state = PaymentsState()
        self._wanted = ""
        self.sums = {name: label("0", "sectionTitle", selectable=True) for name in _SUMS}
        self.model = ListTableModel(COLUMNS)
        self.table = TableView(say("d-payments-table"))
        self.table.set_model(self.model)
        self.table.keep_layout(TableLayout(services.settings, "payments"))
        self.table.current_changed.connect(self._on_current)
        self.panel = BillPanel({"again": self.intent_again.emit, "statement": self.intent_statement.emit,
                                "record": self._to_record})  # fmt: skip
        self.empty = EmptyState(say("d-payments-empty"), say("d-payments-empty-why"))
        self.fee, self.back = FeePanel(), BackPanel()
        self.reconcile = ReconcilePanel(services)
        # From the page inwards: what is put into its place is dressed once, not once more for every box around it.
        self.tabs = QTabWidget()
        self.body.addWidget(self.tabs, 1)
        self.tabs.setDocumentMode(True)
        self.tabs.setAccessibleName(say("d-payments"))
        self.pages = QStackedWidget()
        self.tabs.addTab(self.pages, say("d-payments-tab-bills"))
        self.tabs.addTab(self.fee, say("d-payments-tab-fee"))
        self.tabs.addTab(self.back, say("d-payments-tab-back"))
        self.tabs.addTab(self.reconcile, say("d-payments-tab-reconcile"))
        self.pages.addWidget(self.empty)
        bills = QWidget()
        self.pages.addWidget(bills)
        self._fill_bills(bills)

    # -- the shell's calls

    def refresh(self) -> None:
        """Read again."""
        self.intent_refresh.emit()
        session = self.services.session
        today = session.now().astimezone(CHINA).date()
        self.fee.fill(session.period() + -1, "", today)
        self.back.fill(session.period(), today)

    def main_action(self) -> None:
        """Ask for the debit of the bill in front again, estimate, or open a payroll."""
        acts = (self.pay_again, self.fee.ask, self.back.ask, self.reconcile.open.click)
        acts[self.tabs.currentIndex()]()

    def next_finding(self) -> None:
        """To the next bill whose debit failed."""
        failed = [place for place, one in enumerate(self.model.rows()) if self._bill_fails(str(one["id"]))]
        after = [place for place in failed if place > self.table.current_row()]
        if failed:
            self.table.go((after or failed)[0])

    def receive(self, target: Mapping[str, str]) -> None:
        """Led here with a declaration: its bill comes to the front, once it is read."""
        self._wanted = target.get("declaration", "")
        if self._wanted:
            self.tabs.setCurrentIndex(0)
        self._go_wanted()

    def page_actions(self) -> tuple[ActionSpec, ...]:
        """See Page."""
        return ACTS

    def pay_again(self) -> None:
        """Ask for the debit of the bill in front again."""
        self.intent_again.emit()

    def can_pay(self) -> bool:
        """Whether its last debit failed."""
        return self._bill_fails(self.state.current) and not self.state.paying

    def statement_one(self) -> None:
        """The bill in front as PDF."""
        self.intent_statement.emit()

    def has_bill(self) -> bool:
        """Whether a bill is in front."""
        return self.state.bill() is not None

    def open_fee(self) -> None:
        """To the late-fee calculator."""
        self._open(1, self.fee.period.line)

    def open_back(self) -> None:
        """To the back-payment calculator."""
        self._open(2, self.back.first.line)

    def open_reconcile(self) -> None:
        """To the reconciliation."""
        self.tabs.setCurrentIndex(3)
        self.reconcile.open.setFocus(Qt.FocusReason.ShortcutFocusReason)

    # -- rendering

    def render_state(self, state: PaymentsState) -> None:
        """Show a state."""
        self.state = state
        self.model.set_rows(bill_row(bill) for bill in state.bills)
        self.pages.setCurrentIndex(1 if state.bills else 0)
        self.empty.tell(say("d-reading") if state.reading else say("d-payments-empty"),
                        "" if state.reading else say("d-payments-empty-why"))  # fmt: skip
        self._show_sums(state)
        self.panel.render_state(state)
        self.back.offer(state)
        self.fee.render_estimate(state.fee)
        self.back.render_estimate(state.back)
        self._go_wanted()

    def tell_paid(self, paid: Paid) -> None:
        """What asking again led to."""
        colour = MONEY[paid.state][0]
        failed = colour is State.ERR
        result = (say("d-pay-result-failed", reason=bank_reason(paid.code)) if failed
                  else say("d-pay-result", state=track_word("money", paid.state)))  # fmt: skip
        self.banner.tell(colour, say("d-pay-asked", total=yuan(paid.total_fen), result=result))

    def tell_paper(self, path: Path) -> None:
        """Where the bill lies."""
        self.banner.tell(State.OK, say("d-records-papers-made", files=path.name), say("d-show-folder"),
                         lambda: self.services.files.show(path))  # fmt: skip

    def tell_written(self, path: Path) -> None:
        """Where the differences lie."""
        self.banner.tell(State.OK, say("reconcile-written", path=path.name), say("d-show-folder"),
                         lambda: self.services.files.show(path))  # fmt: skip

    def _show_sums(self, state: PaymentsState) -> None:
        sums = state.sums()
        texts = (yuan(sums.total_fen), yuan(sums.paid_fen), yuan(sums.open_fen),
                 say("d-payments-failed-count", count=sums.failed))  # fmt: skip
        for name, text in zip(_SUMS, texts, strict=True):
            self.sums[name].setText(text)
            self.sums[name].setAccessibleName(f"{say(f'd-payments-sum-{name}')} {text}")

    # -- small

    def _open(self, tab: int, field: QLineEdit) -> None:
        self.tabs.setCurrentIndex(tab)
        field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        field.selectAll()

    def _go_wanted(self) -> None:
        bill = next((bill for bill in self.state.bills if bill.declaration_id == self._wanted), None)
        if bill is not None:
            self._wanted = ""
            self.table.go(self.model.row_of(bill.bill_id))

    def _fill_bills(self, place: QWidget) -> None:
        split = QSplitter(Qt.Orientation.Vertical)
        whole = column(boxed(self._cards()), split, gap=12, margins=(0, 12, 0, 0))
        whole.setStretch(1, 1)
        place.setLayout(whole)
        split.addWidget(self.table)
        split.addWidget(self.panel)
        split.setSizes([280, 300])
        split.setChildrenCollapsible(False)
        split.setHandleWidth(12)

    def _cards(self) -> QHBoxLayout:
        cards: list[QWidget] = []
        for name in _SUMS:
            card = Card()
            word: QLabel = label(say(f"d-payments-sum-{name}"), "secondary")
            card.body.addLayout(column(word, self.sums[name], gap=2))
            cards.append(card)
        return row(*cards, gap=12)

    def _bill_fails(self, bill_id: str) -> bool:
        return any(bill.bill_id == bill_id and bill.payable for bill in self.state.bills)

    def _to_record(self) -> None:
        bill = self.state.bill()
        if bill is not None:
            self.services.shell.go("records", declaration=bill.declaration_id)

    def _on_current(self, place: int, _column: int) -> None:
        found = self.model.row(place)
        wanted = str(found["id"]) if found else ""
        if wanted != self.state.current:
            self.intent_select.emit(wanted)
        bill = self.state.bill()
        if bill is not None and bill.payable:
            self.fee.period.put(bill.period)
            self.fee.principal.put(format_fen(bill.total_fen))
