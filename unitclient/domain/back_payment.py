"""Back payment (补缴): every past month by the limits and rates of that month."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from unitclient.domain.contribution import Contribution, contribution
from unitclient.domain.insurance import Insurance
from unitclient.domain.period import Period
from unitclient.domain.policy import InsuranceRule


@dataclass(frozen=True, slots=True)
class BackPaymentRow:
    """One month and one insurance."""

    period: Period
    insurance: Insurance
    contribution: Contribution


@dataclass(frozen=True, slots=True)
class BackPayment:
    """All rows, with the sums of both sides in fen."""

    rows: tuple[BackPaymentRow, ...]

    @property
    def unit_fen(self) -> int:
        """The unit's part."""
        return sum(row.contribution.unit_fen for row in self.rows)

    @property
    def person_fen(self) -> int:
        """The person's part."""
        return sum(row.contribution.person_fen for row in self.rows)

    def month_fen(self, period: Period) -> int:
        """Both parts of one month: the principal of its late fee."""
        return sum(r.contribution.unit_fen + r.contribution.person_fen for r in self.rows if r.period == period)


def back_payment(wage_fen: int, months: Iterable[tuple[Period, InsuranceRule]]) -> BackPayment:
    """Amounts of a wage for past months; each month comes with the rule that held in it."""
    rows = (BackPaymentRow(period, rule.insurance, contribution(wage_fen, rule)) for period, rule in months)
    return BackPayment(tuple(rows))


def months_between(first: Period, last: Period) -> list[Period]:
    """All months from the first to the last, both in; empty when they are the wrong way round."""
    return [first + n for n in range(last - first + 1)]
