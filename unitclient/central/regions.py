"""What the centre publishes for a region: policy packages and the calendar.

The practice centre publishes dates of its own, and says so in `notice`: a month is open from its first day and may be
declared until its last. Where the region's package holds a real published entry for a period, that one is used.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any

from unitclient.clock import CHINA
from unitclient.domain.deadlines import CalendarEntry
from unitclient.domain.late_fee import RATE_PPM, LateFee, late_fee, late_fee_span
from unitclient.domain.period import Period
from unitclient.domain.policy import PolicyPackage

PRACTICE_NOTICE = "演练中心日历（演练用，非官方通知）"
_LAST_MOMENT = time(23, 59, 59, 999999, tzinfo=CHINA)


def calendar_entry(package: PolicyPackage, period: Period) -> CalendarEntry:
    """The published dates of a period."""
    published = [entry for entry in package.extensions if entry.period == period]
    if published:
        return published[-1]
    return CalendarEntry(
        period,
        deadline=period.last_day,
        opens=period.first_day,
        debit_until=datetime.combine(period.last_day, time(17, 0), CHINA),
        counter_until=period.last_day,
        late_fee_from=(period + 1).first_day,
        notice=PRACTICE_NOTICE,
    )


def deadline_instant(entry: CalendarEntry) -> datetime:
    """The last moment in time: the end of the deadline's day, China standard time (23:59:59 is in, 00:00:00 is out)."""
    return datetime.combine(entry.deadline, _LAST_MOMENT)


def calendar_entries(package: PolicyPackage, today: date) -> list[CalendarEntry]:
    """The periods of last year, this year and next, and every real entry of the package."""
    months = [Period(today.year - 1, 1) + n for n in range(36)]
    older = sorted({entry.period for entry in package.extensions} - set(months))
    return [calendar_entry(package, period) for period in (*older, *months)]


def entry_wire(entry: CalendarEntry) -> dict[str, Any]:
    """A calendar entry as a member of the calendar document."""
    return {
        "period": str(entry.period),
        "opens": _iso(entry.opens),
        "deadline": entry.deadline.isoformat(),
        "debit_until": _iso(entry.debit_until),
        "counter_until": _iso(entry.counter_until),
        "late_fee_from": _iso(entry.late_fee_from),
        "notice": entry.notice,
        "computed": entry.computed,
    }


def _iso(value: date | datetime | None) -> str | None:
    return value.isoformat() if value else None


def late_fee_owed(package: PolicyPackage, principal_fen: int, period: Period, paid_on: date) -> LateFee:
    """The late fee on one month's principal paid on a day.

    A published `late_fee_from` goes before the region's start rule; a waiver goes before both.
    """
    rule = package.late_fee_rule(period)
    entry = calendar_entry(package, period)
    start, end = late_fee_span(period, paid_on, rule, entry.deadline)
    if end < start and period in rule.waived:
        return LateFee(0, 0)
    if entry.late_fee_from is not None:
        start = entry.late_fee_from
    # Without a rate of its own the region follows the law, whose rate changed in 2011.
    fee = late_fee(principal_fen, start, end, None if rule.rate_ppm == RATE_PPM else rule.rate_ppm)
    return LateFee(fee.days, min(fee.fee_fen, principal_fen)) if rule.cap_at_principal else fee


def late_fees(package: PolicyPackage, principals: Iterable[tuple[Period, int]], paid_on: date) -> LateFee:
    """The fee over several months of debt: each month has its own day count; `days` is the longest."""
    fees = [late_fee_owed(package, fen, period, paid_on) for period, fen in principals]
    return LateFee(max((fee.days for fee in fees), default=0), sum(fee.fee_fen for fee in fees))
