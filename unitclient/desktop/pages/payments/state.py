"""What the payments page shows, as plain values."""

from __future__ import annotations

from dataclasses import dataclass

from unitclient.workflows.bills import Bill, BillSums, bill_sums
from unitclient.workflows.estimates import BackEstimate, FeeEstimate


@dataclass(frozen=True)
class PaymentsState:
    """Everything the view needs. `insurances` are offered by the back payment's form, the unit's own first."""

    reading: bool = True
    bills: tuple[Bill, ...] = ()
    current: str = ""
    paying: bool = False
    insurances: tuple[str, ...] = ()
    own_insurances: frozenset[str] = frozenset()
    fee: FeeEstimate | None = None
    back: BackEstimate | None = None

    def bill(self) -> Bill | None:
        """The bill in front."""
        return next((bill for bill in self.bills if bill.bill_id == self.current), None)

    def sums(self) -> BillSums:
        """Sums of all bills."""
        return bill_sums(self.bills)


@dataclass(frozen=True, slots=True)
class Paid:
    """What asking again led to: the amount, and how the money track stands now."""

    total_fen: int
    state: str
    code: str
