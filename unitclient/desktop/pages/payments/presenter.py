"""The payments page's presenter: bills, asking for a debit again, the bill as PDF, and estimates."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from PyQt6.QtCore import QObject, pyqtSignal

from unitclient.desktop.pages.payments.state import Paid, PaymentsState
from unitclient.desktop.pages.sign.words import bank_reason, yuan
from unitclient.desktop.pages.sign.work import follow
from unitclient.desktop.tasks import Lane, TaskContext
from unitclient.domain.period import Period
from unitclient.errors import Cancelled, UserError
from unitclient.texts import say
from unitclient.workflows.bills import Bill, bills
from unitclient.workflows.estimates import all_insurances, back_payment_estimate, late_fee_estimate
from unitclient.workflows.paying import ask_again
from unitclient.workflows.statements import write_papers

if TYPE_CHECKING:
    from unitclient.desktop.services import Services

T = TypeVar("T")
MOVED = frozenset({"declarations", "documents", "outbox", "roster", "items"})
FOLLOW_S = 60.0
"""How long the bank's answer is waited for; the automatic sync goes on afterwards."""


@dataclass(frozen=True, slots=True)
class BackWish:
    """What a back payment is estimated for."""

    first: Period
    last: Period
    wage_fen: int
    insurances: tuple[str, ...]
    paid_on: date


class PaymentsPresenter(QObject):
    """Leads the payments page."""

    changed = pyqtSignal(object)
    """PaymentsState."""
    paid = pyqtSignal(object)
    """Paid."""
    paper_made = pyqtSignal(object)
    """Path of the bill."""
    refused = pyqtSignal(object)
    """UserError."""

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        self._read = 0
        self.state = PaymentsState()

    def refresh(self) -> None:
        """Read the bills again."""
        self._read += 1
        number = self._read
        period = self._services.session.period()

        def work(context: TaskContext) -> tuple[list[Bill], tuple[str, ...], frozenset[str]]:
            desk, unit = context.desk(), context.unit()
            return bills(desk, unit), _offered(context, period), frozenset(unit.insurances)

        def done(read: tuple[list[Bill], tuple[str, ...], frozenset[str]]) -> None:
            if number == self._read:
                found, offered, own = read
                self._set(reading=False, bills=tuple(found), insurances=offered, own_insurances=own)

        self._services.tasks.run(Lane.DB, "d-payments-reading", work, done=done)

    def select(self, bill_id: str) -> None:
        """Put a bill in front."""
        self._set(current=bill_id)

    # -- acts on the bill in front

    def pay_again(self) -> None:
        """Ask, then have the centre debit the bill in front again, and wait for the bank's word."""
        bill = self.state.bill()
        if bill is None or not bill.payable or self.state.paying:
            return
        text = say("d-pay-again-ask", total=yuan(bill.total_fen), number=bill.number, reason=bank_reason(bill.reason))

        def answer(yes: bool) -> None:
            if yes:
                self._pay(bill)

        self._services.dialogs.confirm("d-pay-again", text, "d-pay-again", answer)

    def _pay(self, bill: Bill) -> None:
        def work(context: TaskContext) -> Paid:
            desk, unit = context.desk(), context.unit()
            told = ask_again(desk, unit, bill.declaration_id)
            follow(context, lambda _known, _event: None, FOLLOW_S)
            now = next(one for one in bills(desk, unit) if one.bill_id == bill.bill_id)
            return Paid(told["total_fen"], now.state, now.reason)

        def done(paid: Paid) -> None:
            self._set(paying=False)
            self.paid.emit(paid)

        def failed(fault: BaseException) -> None:
            self._set(paying=False)
            self._refuse(fault)

        self._set(paying=True)
        self._services.tasks.run(Lane.NET, "d-pay-asking", work, done=done, failed=failed, topics=MOVED)

    def statement(self) -> None:
        """Make the bill as PDF."""
        bill = self.state.bill()
        if bill is None:
            return

        def work(context: TaskContext) -> Path:
            desk = context.desk()
            return write_papers(desk, context.unit(), bill.declaration_id, desk.exports)["settlement"]

        self._act("d-records-papers-making", work, self.paper_made.emit)

    # -- estimates

    def estimate_fee(self, period: Period, principal_fen: int, paid_on: date) -> None:
        """Estimate a late fee."""

        def work(context: TaskContext) -> Any:
            return late_fee_estimate(context.desk(), context.unit(), period, principal_fen, paid_on)

        self._act("d-estimate-working", work, lambda fee: self._set(fee=fee))

    def estimate_back(self, wish: BackWish) -> None:
        """Estimate a back payment."""

        def work(context: TaskContext) -> Any:
            desk, unit = context.desk(), context.unit()
            return back_payment_estimate(
                desk, unit, wish.first, wish.last, wish.wage_fen, wish.insurances, wish.paid_on
            )

        self._act("d-estimate-working", work, lambda back: self._set(back=back))

    def forget_estimates(self) -> None:
        """Show none: what is filled in changed into something that makes no sense."""
        self._set(fee=None, back=None)

    # -- small

    def _act(self, title_key: str, work: Callable[[TaskContext], T], done: Callable[[T], Any]) -> None:
        self._services.tasks.run(Lane.DB, title_key, work, done=done, failed=self._refuse)

    def _refuse(self, fault: BaseException) -> None:
        if isinstance(fault, UserError):
            self.refused.emit(fault)
        elif not isinstance(fault, Cancelled):
            raise fault

    def _set(self, **changes: object) -> None:
        self.state = replace(self.state, **changes)  # type: ignore[arg-type]  # names of the state's own members
        self.changed.emit(self.state)


def _offered(context: TaskContext, period: Period) -> tuple[str, ...]:
    """The insurances of the region; none where nobody knows its policy."""
    try:
        return all_insurances(context.desk(), context.unit(), period)
    except UserError:
        return ()
