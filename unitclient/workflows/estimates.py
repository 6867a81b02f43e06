"""Estimates (预估) of late fees and back payments for the screen: the domain's rules with a region's policy package."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from unitclient.clock import CHINA
from unitclient.domain.back_payment import BackPaymentRow, back_payment, months_between
from unitclient.domain.deadlines import UnknownYear, deadline_for
from unitclient.domain.findings import Finding
from unitclient.domain.insurance import Insurance
from unitclient.domain.late_fee import LateFee, LateFeeStart, late_fee_for, late_fee_span
from unitclient.domain.period import Period
from unitclient.domain.policy import InsuranceRule, PolicyPackage
from unitclient.errors import UserError
from unitclient.store.units import Unit
from unitclient.workflows.calendar import deadline_of
from unitclient.workflows.desk import Desk

MOST_MONTHS = 600
"""As far back as anybody asks: fifty years."""


@dataclass(frozen=True, slots=True)
class FeeEstimate:
    """The late fee of one month owed: both days counted, rate in millionths a day, money in fen."""

    period: Period
    principal_fen: int
    first_day: date
    last_day: date
    days: int
    rate_ppm: int
    fee_fen: int
    source: str
    confirmed: bool


@dataclass(frozen=True, slots=True)
class BackEstimate:
    """A back payment, month by month and insurance by insurance, with what is to know about the rules used.

    `fee_fen` is the late fee to the day of payment; `fee_unknown` are the months whose deadline nobody knows.
    """

    rows: tuple[BackPaymentRow, ...]
    unit_fen: int
    person_fen: int
    fee_fen: int
    fee_unknown: tuple[Period, ...]
    findings: tuple[Finding, ...]
    reference: bool
    """Whether any rate is 参考数据: nobody has confirmed it."""

    @property
    def total_fen(self) -> int:
        """Both sides, without the fee."""
        return self.unit_fen + self.person_fen


def late_fee_estimate(desk: Desk, unit: Unit, period: Period, principal_fen: int, paid_on: date) -> FeeEstimate:
    """The fee on `principal_fen` owed for a month and paid on a day, by the rule of the unit's region.

    UserError policy-unknown-region, estimate-no-deadline where the region counts from a deadline nobody knows.
    """
    package = _package(desk, unit)
    rule = package.late_fee_rule(period)
    last = _deadline_day(desk, unit, package, period) if rule.start_rule is LateFeeStart.DAY_AFTER_DEADLINE else None
    if rule.start_rule is LateFeeStart.DAY_AFTER_DEADLINE and last is None:
        raise UserError("estimate-no-deadline", period=period)
    made = late_fee_for(principal_fen, period, paid_on, rule, last)
    first, end = late_fee_span(period, paid_on, rule, last)
    return FeeEstimate(
        period, principal_fen, first, end, made.days, rule.rate_ppm, made.fee_fen, rule.source, rule.confirmed
    )


def back_payment_estimate(
    desk: Desk,
    unit: Unit,
    first: Period,
    last: Period,
    wage_fen: int,
    insurances: Collection[str],
    paid_on: date,
) -> BackEstimate:
    """What a wage owes for past months, by each month's own rules.

    UserError policy-unknown-region, estimate-bad-span when the months are the wrong way round or too many.
    """
    if last < first or last - first >= MOST_MONTHS:
        raise UserError("estimate-bad-span", first=first, last=last)
    package = _package(desk, unit)
    rules, findings = _rules(package, first, last, insurances)
    made = back_payment(wage_fen, rules)
    fee, unknown = 0, []
    for period in months_between(first, last):
        one = _month_fee(desk, unit, package, period, made.month_fen(period), paid_on)
        if one is None:
            unknown.append(period)
        else:
            fee += one.fee_fen
    reference = any(not row.contribution.rule.confirmed for row in made.rows)
    return BackEstimate(made.rows, made.unit_fen, made.person_fen, fee, tuple(unknown), tuple(findings), reference)


def _package(desk: Desk, unit: Unit) -> PolicyPackage:
    package = desk.policies_of(unit).package(unit.region)
    if package is None:
        raise UserError("policy-unknown-region", region=unit.region)
    return package


def _rules(
    package: PolicyPackage, first: Period, last: Period, insurances: Collection[str]
) -> tuple[list[tuple[Period, InsuranceRule]], list[Finding]]:
    months: list[tuple[Period, InsuranceRule]] = []
    findings: list[Finding] = []
    for period in months_between(first, last):
        policy = package.month(period)
        months += [(period, rule) for insurance, rule in policy.rules.items() if insurance in insurances]
        findings += [each for each in policy.findings if each.params.get("insurance", "") in {"", *insurances}]
    return months, _each_once(findings)


def _each_once(findings: Iterable[Finding]) -> list[Finding]:
    """A row that is shaky in one month is shaky in the next ones: told for the first."""
    told: dict[tuple[str, str, str], Finding] = {}
    for each in findings:
        told.setdefault((each.code, each.params.get("insurance", ""), each.params.get("since", "")), each)
    return list(told.values())


def _month_fee(
    desk: Desk, unit: Unit, package: PolicyPackage, period: Period, principal_fen: int, paid_on: date
) -> LateFee | None:
    rule = package.late_fee_rule(period)
    last = None
    if rule.start_rule is LateFeeStart.DAY_AFTER_DEADLINE:
        last = _deadline_day(desk, unit, package, period)
        if last is None:
            return None
    return late_fee_for(principal_fen, period, paid_on, rule, last)


def _deadline_day(desk: Desk, unit: Unit, package: PolicyPackage, period: Period) -> date | None:
    """The published deadline, else the package's own reckoning; None where nobody knows the year."""
    told = deadline_of(desk, unit, period)
    if told is not None:
        return _day(told.until)
    try:
        return deadline_for(period, package.extensions, package.deadline, desk.holidays).deadline
    except UnknownYear:
        return None


def _day(instant: datetime) -> date:
    """The last day of a window: an instant at midnight belongs to the day before."""
    return (instant - timedelta(microseconds=1)).astimezone(CHINA).date()


def all_insurances(desk: Desk, unit: Unit, period: Period) -> tuple[str, ...]:
    """The insurances the region's package has rules for in a month, those of the unit first."""
    rules = [Insurance(name).value for name in desk.policy(unit, period).rules]
    return tuple(sorted(rules, key=lambda name: (name not in unit.insurances, rules.index(name))))
