"""Assessment (核定): what is due on the accepted lines, by the unit-total method of the package, and the late fee."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from unitclient.central.regions import late_fees
from unitclient.domain.contribution import unit_total
from unitclient.domain.insurance import Insurance
from unitclient.domain.late_fee import LateFee
from unitclient.domain.period import Period
from unitclient.domain.policy import PolicyPackage


@dataclass(frozen=True)
class InsuranceTotal:
    """One insurance of one month: the unit's part, the persons' part (fen), and how many persons."""

    period: Period
    insurance: str
    unit_fen: int
    person_fen: int
    persons: int


@dataclass(frozen=True)
class Assessed:
    """Totals by month and insurance, and the late fee on them."""

    totals: tuple[InsuranceTotal, ...]
    late_fee: LateFee

    @property
    def contributions_fen(self) -> int:
        """Everything due, without the late fee."""
        return sum(total.unit_fen + total.person_fen for total in self.totals)

    def by_insurance(self) -> dict[str, dict[str, int]]:
        """{insurance: {"unit", "person", "persons"}} over all months; persons are counted once a month."""
        summed: dict[str, dict[str, int]] = {}
        for total in self.totals:
            into = summed.setdefault(total.insurance, {"unit": 0, "person": 0, "persons": 0})
            into["unit"] += total.unit_fen
            into["person"] += total.person_fen
            into["persons"] += total.persons
        return summed

    def members(self, submission_id: str, period: str, package: PolicyPackage, declared_fen: int) -> dict[str, Any]:
        """The members of the assessment document."""
        return {
            "submission_id": submission_id,
            "period": period,
            "method": package.unit_total_method.value,
            "totals": self.by_insurance(),
            "total_fen": self.contributions_fen,
            "late_fee_fen": self.late_fee.fee_fen,
            "late_fee_days": self.late_fee.days,
            "difference_fen": self.contributions_fen - declared_fen,
            "policy": {"region": package.region, "id": package.id, "sha256": package.sha256},
        }


def assess(
    connection: sqlite3.Connection, unit_number: str, submission_id: str, package: PolicyPackage, today: date
) -> Assessed:
    """Assess the accepted lines of a submission as of `today`."""
    totals = tuple(_totals(connection, unit_number, submission_id, package))
    owed: dict[Period, int] = {}
    for total in totals:
        owed[total.period] = owed.get(total.period, 0) + total.unit_fen + total.person_fen
    charged = tuple(_charged(connection, unit_number, submission_id))  # fixed amounts: nothing is late on them
    return Assessed((*totals, *charged), late_fees(package, owed.items(), today))


def _charged(connection: sqlite3.Connection, unit_number: str, submission_id: str) -> Iterator[InsuranceTotal]:
    rows = connection.execute(
        "SELECT period, insurance, sum(unit_fen), sum(person_fen), count(*) FROM charge"
        " WHERE unit_number = ? AND submission_id = ? GROUP BY period, insurance ORDER BY period, insurance",
        (unit_number, submission_id),
    )
    for month, insurance, unit_fen, person_fen, rows_of in rows:
        yield InsuranceTotal(Period.parse(month), insurance, unit_fen, person_fen, rows_of)


def _totals(
    connection: sqlite3.Connection, unit_number: str, submission_id: str, package: PolicyPackage
) -> Iterator[InsuranceTotal]:
    rows = connection.execute(
        "SELECT period, insurance, group_concat(base_fen), sum(person_fen), count(*) FROM line"
        " WHERE unit_number = ? AND submission_id = ? GROUP BY period, insurance ORDER BY period, insurance",
        (unit_number, submission_id),
    )
    for month, insurance, bases, person_fen, persons in rows.fetchall():
        period = Period.parse(month)
        rule = package.month(period).rules[Insurance(insurance)]
        unit = unit_total(package.unit_total_method, [int(base) for base in bases.split(",")], rule)
        yield InsuranceTotal(period, insurance, unit.total_fen, person_fen, persons)
