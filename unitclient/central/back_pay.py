"""Back payments (补缴): the contributions of past months, each by the rules of its own month."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from unitclient.central.decision import Decision, Line
from unitclient.central.roster import Roster
from unitclient.domain.back_payment import months_between
from unitclient.domain.contribution import contribution
from unitclient.domain.insurance import Insurance
from unitclient.domain.period import Period
from unitclient.domain.policy import MonthPolicy

DIFFERENCES = frozenset({"13", "20"})
"""Reasons (AAE143) for which a month that was paid is paid up to the right amount: 补基数, 补比例."""


@dataclass(frozen=True)
class Paid:
    """What effective lines have for one person, insurance and month, in fen."""

    unit_fen: int = 0
    person_fen: int = 0


PaidLines = Mapping[tuple[str, str, str], Paid]
"""By (id number, insurance, period)."""


class BackPayAssessor:
    """Decides the rows of one back-payment submission."""

    def __init__(self, roster: Roster, policy: Callable[[Period], MonthPolicy | None], paid: PaidLines) -> None:
        self._roster = roster
        self._policy = policy
        self._paid = paid
        self._taken: set[tuple[str, str, str]] = set()

    def decide(self, index: int, row: Mapping[str, Any], decision: Decision) -> None:
        """Judge one row: all its months and insurances, or none."""
        if self._roster.get(row["id_number"]) is None:
            decision.refuse(index, "NOT_ENROLLED", "id_number", insurance="", period=str(row["from_month"]))
            return
        lines: list[Line] = []
        for month in months_between(Period.parse(row["from_month"]), Period.parse(row["to_month"])):
            for insurance in row["insurances"]:
                line = self._line(index, row, month, insurance, decision)
                if line is None:
                    return
                lines.append(line)
        decision.accepted += 1
        decision.lines += lines
        self._taken.update((line.id_number, line.insurance, line.period) for line in lines)

    def _line(
        self, index: int, row: Mapping[str, Any], month: Period, insurance: str, decision: Decision
    ) -> Line | None:
        key = (row["id_number"], insurance, str(month))
        policy = self._policy(month)
        rule = policy.rules.get(Insurance(insurance)) if policy else None
        if rule is None:
            decision.refuse(index, "NO_RULE", "insurances", insurance=insurance, period=str(month))
            return None
        paid = self._paid.get(key)
        if key in self._taken or (paid is not None and row.get("reason") not in DIFFERENCES):
            decision.refuse(index, "MONTH_COVERED", "from_month", insurance=insurance, period=str(month))
            return None
        due, before = contribution(row["wage"], rule), paid or Paid()
        unit_fen, person_fen = due.unit_fen - before.unit_fen, due.person_fen - before.person_fen
        if unit_fen < 0 or person_fen < 0:
            # Less than was paid is a refund, which is another business.
            decision.refuse(index, "REFUND_NOT_HERE", "wage", insurance=insurance, period=str(month))
            return None
        return Line(*key, due.base_fen, unit_fen, person_fen)
