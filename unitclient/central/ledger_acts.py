"""Rows that do something to money that arrived: give part of it back (退费), or move it to another month (所属期更正).

A row becomes bookings whose sum is what leaves the unit's account: all of a refund, nothing of a correction.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from unitclient.catalog.model import Form, LedgerAct
from unitclient.central.decision import Booking, Decision, Payout
from unitclient.central.ledger import CentreLedger
from unitclient.domain.insurance import ACCOUNT_INSURANCES
from unitclient.domain.ledger import Arrived, split_amount
from unitclient.domain.money import format_fen

RIGHT_MONTH_PAID = "RIGHT_MONTH_PAID"


class LedgerClerk:
    """Judges and books the rows of one submission; `ledger` follows, so that no money is moved twice."""

    def __init__(self, form: Form, ledger: CentreLedger) -> None:
        self._act = form.ledger_act
        self._moves = form.moves
        self._ledger = ledger

    def refuse(self, index: int, row: Mapping[str, Any], decision: Decision) -> bool:
        """Whether the money that a row is about is not there, or where it should go there is some already."""
        if self._act is None:
            return False
        most = self._there(row).part(row.get("side"))
        if not most:
            decision.refuse(index, "B702", "amount", month=row["month"])
        elif row["amount"] > most:
            decision.refuse(index, "REFUND_TOO_MUCH", "amount", most=format_fen(most))
        elif self._act is LedgerAct.REBOOK and self._target(row).total_fen:
            decision.refuse(index, RIGHT_MONTH_PAID, "right_month", month=row["right_month"])
        else:
            return False
        return True

    def apply(self, index: int, row: Mapping[str, Any], decision: Decision) -> None:
        """Book an accepted row."""
        if self._act is None:
            return
        there = self._there(row)
        unit_fen, person_fen = split_amount(there, row["amount"], row.get("side"))
        base_fen = there.base_fen if row["amount"] == there.total_fen else 0
        leaves = _booking(index, row, row["month"], -base_fen, -unit_fen, -person_fen)
        booked = [leaves]
        if self._act is LedgerAct.REBOOK:
            booked.append(_booking(index, row, row["right_month"], base_fen, unit_fen, person_fen))
        else:
            decision.payouts.append(self._payout(index, row))
        decision.bookings += booked
        for booking in booked:
            self._ledger.book(booking)

    def _there(self, row: Mapping[str, Any]) -> Arrived:
        return self._ledger.arrived(row["id_number"], row["insurance"], row["month"])

    def _target(self, row: Mapping[str, Any]) -> Arrived:
        return self._ledger.arrived(row["id_number"], row["insurance"], row["right_month"])

    def _payout(self, index: int, row: Mapping[str, Any]) -> Payout:
        (move,) = self._moves
        return Payout(
            row=index,
            id_number=row["id_number"],
            insurance=row["insurance"],
            month=row["month"],
            side=row["side"],
            amount_fen=row["amount"],
            receiver=row["receiver"],
            account_name=row["account_name"],
            bank_name=row["bank_name"],
            account=row["bank_account"],
            entry=(move.register, move.key_of(row)),
        )


def _booking(index: int, row: Mapping[str, Any], month: str, base_fen: int, unit_fen: int, person_fen: int) -> Booking:
    account_fen = person_fen if row["insurance"] in ACCOUNT_INSURANCES else 0
    return Booking(index, row["id_number"], row["insurance"], month, base_fen, unit_fen, person_fen, account_fen)
