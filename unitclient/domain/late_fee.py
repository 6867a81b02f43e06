"""Late fees (滞纳金): always an estimate until the centre says the amount."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType

from unitclient.domain.money import PPM, Rounding, round_fraction
from unitclient.domain.period import Period

RATE_PPM = 500
"""0.05 % a day (社会保险法 art. 86, in force from 2011-07-01)."""
OLD_RATE_PPM = 2000
"""0.2 % a day before that (社会保险费征缴暂行条例 art. 13)."""
LAW_IN_FORCE = date(2011, 7, 1)


class LateFeeStart(StrEnum):
    """From which day a region counts."""

    DAY_AFTER_DEADLINE = "day_after_deadline"
    FIRST_OF_NEXT_MONTH = "first_of_next_month"
    FIXED_DAY = "fixed_day"
    """`start_day` of the month owed (济南 until 2019: the 11th)."""


@dataclass(frozen=True, slots=True)
class LateFee:
    """Days counted (both ends) and the estimated fee in fen."""

    days: int
    fee_fen: int


@dataclass(frozen=True, slots=True)
class LateFeeRule:
    """One region's rule. `waived` maps a month owed to the last day on which it may be paid without a fee.

    `since` is the first month owed the rule is for (None = always); `cap_at_principal` follows 行政强制法 art. 45 where
    a region reads it so; `until_day_before` counts to the day before the bill instead of the day of payment.
    """

    rate_ppm: int = RATE_PPM
    start_rule: LateFeeStart = LateFeeStart.DAY_AFTER_DEADLINE
    start_day: int = 0
    since: Period | None = None
    waived: Mapping[Period, date] = field(default_factory=lambda: MappingProxyType({}))
    cap_at_principal: bool = False
    until_day_before: bool = False
    source: str = ""
    confidence: str = "low"
    confirmed: bool = False

    @property
    def waived_months(self) -> frozenset[Period]:
        """Months owed for which the region waived the fee, if paid by the day in `waived`."""
        return frozenset(self.waived)


def late_fee(principal_fen: int, start: date, end: date, rate_ppm: int | None = None) -> LateFee:
    """Simple daily fee from `start` to `end`, both counted; the total is rounded half-up to the fen once.

    Without a rate the legal one is used, and days before 2011-07-01 count at 0.2 %. Paid before the start: no fee.
    """
    if principal_fen < 0:
        raise ValueError("principal")
    if end < start:
        return LateFee(0, 0)
    days = (end - start).days + 1
    return LateFee(
        days, round_fraction(principal_fen * _day_rates(start, end, days, rate_ppm), PPM, Rounding.FEN_HALF_UP)
    )


def _day_rates(start: date, end: date, days: int, rate_ppm: int | None) -> int:
    if rate_ppm is not None:
        return days * rate_ppm
    old_days = min(days, max(0, (LAW_IN_FORCE - start).days))
    return old_days * OLD_RATE_PPM + (days - old_days) * RATE_PPM


def late_fee_span(period: Period, paid_on: date, rule: LateFeeRule, deadline: date | None = None) -> tuple[date, date]:
    """First and last day counted for a month owed, by the region's rule; the last is before the first when in time.

    `deadline` is needed where counting starts on the day after it. A month waived and paid in time counts no day.
    """
    start = _start(period, rule, deadline)
    end = paid_on - timedelta(days=1) if rule.until_day_before else paid_on
    last_free = rule.waived.get(period)
    if last_free is not None and paid_on <= last_free:
        return start, start - timedelta(days=1)
    return start, end


def _start(period: Period, rule: LateFeeRule, deadline: date | None) -> date:
    if rule.start_rule is LateFeeStart.FIRST_OF_NEXT_MONTH:
        return (period + 1).first_day
    if rule.start_rule is LateFeeStart.FIXED_DAY:
        return date(period.year, period.month, rule.start_day)
    if deadline is None:
        raise ValueError("this region counts from the day after the deadline")
    return deadline + timedelta(days=1)


def late_fee_for(
    principal_fen: int, period: Period, paid_on: date, rule: LateFeeRule, deadline: date | None = None
) -> LateFee:
    """The estimated fee of one month owed and paid on a day, by the region's rule."""
    start, end = late_fee_span(period, paid_on, rule, deadline)
    rate = None if rule.rate_ppm == RATE_PPM else rule.rate_ppm
    fee = late_fee(principal_fen, start, end, rate)
    return LateFee(fee.days, min(fee.fee_fen, principal_fen)) if rule.cap_at_principal else fee
