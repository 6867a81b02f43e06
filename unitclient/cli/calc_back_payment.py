"""`calc back-payment`: every month by its own policy, with an estimate of the late fee."""

from __future__ import annotations

import argparse
from typing import Any

from unitclient.cli.output import table
from unitclient.domain.back_payment import BackPayment, BackPaymentRow, back_payment, months_between
from unitclient.domain.deadlines import HolidayTable, UnknownYear, deadline_for
from unitclient.domain.findings import Finding
from unitclient.domain.insurance import Insurance
from unitclient.domain.late_fee import LateFeeStart, late_fee_for
from unitclient.domain.money import format_fen
from unitclient.domain.period import Period
from unitclient.domain.policy import InsuranceRule, PolicyPackage
from unitclient.texts import say

MOST_MONTHS = 600


def compute(
    args: argparse.Namespace, package: PolicyPackage, holidays: HolidayTable
) -> tuple[dict[str, Any], list[str], list[Finding]]:
    """The JSON object, lines for people, and what to know about the policy rows used."""
    months, findings = _rules(package, args)
    paid = back_payment(args.wage, months)
    total = paid.unit_fen + paid.person_fen
    sums = {"unit": format_fen(paid.unit_fen), "person": format_fen(paid.person_fen), "total": format_fen(total)}
    data = {
        "region": package.region,
        "policy": package.sha256,
        "rows": [_row(row, package.region) for row in paid.rows],
        **sums,
    }
    lines = [*_table(paid), say("calc-total", **sums)]
    if args.paid_on:
        fee_data, fee_lines = _late_fees(paid, args, package, holidays)
        data |= fee_data
        lines += fee_lines
    return data, lines, findings


def _rules(
    package: PolicyPackage, args: argparse.Namespace
) -> tuple[list[tuple[Period, InsuranceRule]], list[Finding]]:
    wanted = set(args.insurance or [each.value for each in Insurance])
    months: list[tuple[Period, InsuranceRule]] = []
    findings: list[Finding] = []
    for period in months_between(args.first, args.last):
        policy = package.month(period, args.category)
        months += [(period, rule) for insurance, rule in policy.rules.items() if insurance in wanted]
        findings += [each for each in policy.findings if each.params.get("insurance", "") in {"", *wanted}]
    return months, _each_once(findings)


def _each_once(findings: list[Finding]) -> list[Finding]:
    """A row that is shaky in one month is shaky in the next ones: told for the first."""
    told: dict[tuple[str, str, str], Finding] = {}
    for each in findings:
        told.setdefault((each.code, each.params.get("insurance", ""), each.params.get("since", "")), each)
    return list(told.values())


def _row(row: BackPaymentRow, region: str) -> dict[str, Any]:
    made = row.contribution
    return {
        "period": str(row.period),
        "insurance": row.insurance.value,
        "base": format_fen(made.base_fen),
        "clamped": made.clamped,
        "unit": format_fen(made.unit_fen),
        "unit_formula": made.unit_formula,
        "person": format_fen(made.person_fen),
        "person_formula": made.person_formula,
        "region": made.rule.region or region,
        "source": made.rule.source,
        "confidence": made.rule.confidence,
        "confirmed": made.rule.confirmed,
    }


def _table(paid: BackPayment) -> list[str]:
    headers = [say(f"calc-column-{name}") for name in ("period", "insurance", "base", "unit", "person")]
    rows = [
        [
            str(row.period),
            say(f"insurance-{row.insurance}"),
            format_fen(row.contribution.base_fen),
            format_fen(row.contribution.unit_fen),
            format_fen(row.contribution.person_fen),
        ]
        for row in paid.rows
    ]
    return table(headers, rows, right=(2, 3, 4))


def _late_fees(
    paid: BackPayment, args: argparse.Namespace, package: PolicyPackage, holidays: HolidayTable
) -> tuple[dict[str, Any], list[str]]:
    """Each month is a debt of its own, with its own days. A deadline nobody can know leaves that month out."""
    total, unknown = 0, []
    for period in months_between(args.first, args.last):
        try:
            total += _month_fee(paid.month_fen(period), period, args, package, holidays)
        except UnknownYear:
            unknown.append(str(period))
    fee = format_fen(total)
    lines = [say("calc-total-fee", fee=fee)]
    if unknown:
        lines.append(say("calc-fee-unknown", months=", ".join(unknown)))
    return {"late_fee": fee, "late_fee_unknown": unknown}, lines


def _month_fee(
    principal: int, period: Period, args: argparse.Namespace, package: PolicyPackage, holidays: HolidayTable
) -> int:
    rule = package.late_fee_rule(period)
    last = None
    if rule.start_rule is LateFeeStart.DAY_AFTER_DEADLINE:
        last = deadline_for(period, package.extensions, package.deadline, holidays).deadline
    return late_fee_for(principal, period, args.paid_on, rule, last).fee_fen
