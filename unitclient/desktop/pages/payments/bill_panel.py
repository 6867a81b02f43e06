"""The panel of the bill in front: items, debits with the bank's reasons, slip, and what can be done."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtWidgets import QTabWidget, QWidget

from unitclient.desktop.models.list_table import ListTableModel
from unitclient.desktop.pages.payments.rows import DEBIT_COLUMNS, ITEM_COLUMNS, debit_row, item_row
from unitclient.desktop.pages.payments.state import PaymentsState
from unitclient.desktop.pages.sign.words import MONEY, bank_reason, named, second, track_word, yuan
from unitclient.desktop.widgets.basic import boxed, button, column, label, row
from unitclient.desktop.widgets.card import Card
from unitclient.desktop.widgets.status_pill import StatusPill
from unitclient.desktop.widgets.table_view import TableView
from unitclient.texts import say
from unitclient.workflows.bills import Bill
from unitclient.workflows.deliveries import delivery_line, overdue


class BillPanel(Card):
    """One bill. `acts` are called by the buttons: again, statement, record."""

    def __init__(self, acts: dict[str, Callable[[], object]], parent: QWidget | None = None) -> None:
        super().__init__(say("d-bill-pick"), parent)
        self.pill = StatusPill()
        self.head.insertWidget(self.head.count() - 1, self.pill)
        self.again = button(say("d-pay-again"), acts["again"], "primary", icon="refresh")
        self.statement = button(say("d-pay-statement"), acts["statement"], icon="documents")
        self.record = button(say("d-pay-record"), acts["record"], icon="records")
        self.note = label("", "warning", wrap=True)
        self.items_model, self.debits_model = ListTableModel(ITEM_COLUMNS), ListTableModel(DEBIT_COLUMNS)
        self.items, self.debits = TableView(say("d-items-table")), TableView(say("d-debits-table"))
        self.items.set_model(self.items_model)
        self.debits.set_model(self.debits_model)
        self.slip = label("", wrap=True, selectable=True)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.setAccessibleName(say("d-tabs-bill"))
        self.body.addWidget(self.note)
        self.body.addWidget(self.tabs, 1)
        self.tabs.addTab(self.items, "")
        self.tabs.addTab(self.debits, "")
        self.tabs.addTab(boxed(column(self.slip, 1, margins=(4, 8, 4, 8))), say("d-tab-slip"))
        self.tabs.setCornerWidget(boxed(row(self.record, self.statement, self.again, margins=(0, 0, 0, 4))))

    def render_state(self, state: PaymentsState) -> None:
        """Show the bill in front; without one say what to do."""
        bill = state.bill()
        for widget in (self.pill, self.again, self.statement, self.record, self.tabs):
            widget.setVisible(bill is not None)
        self.note.setText("")
        self.note.hide()
        if bill is None:
            self.set_title(say("d-bill-pick"))
            return
        self.set_title(say("d-bill-title", number=bill.number, name=named(bill.form_title, bill.period)))
        colour, sign = MONEY[bill.state]
        self.pill.show_state(colour, track_word("money", bill.state), sign)
        self.again.setVisible(bill.payable)
        self.again.setEnabled(not state.paying)
        self._show_note(bill)
        self.items_model.set_rows(item_row(place, item) for place, item in enumerate(bill.items))
        self.debits_model.set_rows([debit_row(place, step) for place, step in enumerate(bill.debits)][::-1])
        self.tabs.setTabText(0, say("d-tab-items", count=len(bill.items)))
        self.tabs.setTabText(1, say("d-tab-debits", count=bill.attempts))
        self._show_slip(bill)

    def _show_note(self, bill: Bill) -> None:
        """Why the debit failed; else which paper is overdue; else how the sum differs from what was declared."""
        difference = bill.total_fen - bill.declared_fen
        text = ""
        if bill.payable:
            text = say("d-bill-failed", reason=bank_reason(bill.reason))
        elif late := [delivery_line(one) for one in overdue(bill.papers)]:
            text = "\n".join(late)
        elif difference and bill.declared_fen:
            sign = say("d-bill-more" if difference > 0 else "d-bill-less")
            text = say("d-bill-differs", sign=sign, amount=yuan(abs(difference)))
        self.note.setText(text)
        self.note.setVisible(bool(text))

    def _show_slip(self, bill: Bill) -> None:
        slip = bill.slip
        text = say("d-slip-none")
        if slip is not None:
            text = say("d-slip-line", bank=slip.bank, serial=slip.serial, amount=yuan(slip.amount_fen),
                       at=second(slip.paid_at))  # fmt: skip
        text = "\n".join((text, "", *map(delivery_line, bill.papers)))
        self.slip.setText(text)
        self.slip.setAccessibleName(text)
