"""`unitclient calc ...`: calculators a clerk can use alone, without a unit, a database or a network."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from unitclient.catalog.areas import load_areas
from unitclient.catalog.calendar import load_holidays
from unitclient.catalog.policies import load_policies
from unitclient.cli import calc_back_payment
from unitclient.cli.calc_arguments import fail_usage
from unitclient.cli.findings import finding_lines, joined
from unitclient.cli.output import DONE, MENDABLE, Answer
from unitclient.clock import CHINA, SystemClock
from unitclient.domain.contribution import exact_amount
from unitclient.domain.deadlines import Algorithm, CalendarEntry, UnknownYear, deadline, deadline_for
from unitclient.domain.findings import Finding
from unitclient.domain.identifiers import IdKind, check_identifier, recognise
from unitclient.domain.late_fee import late_fee
from unitclient.domain.money import Rounding, format_fen
from unitclient.domain.names import check_name
from unitclient.domain.policy import PolicyPackage
from unitclient.domain.retirement import min_contribution_months, retirement
from unitclient.errors import UserError
from unitclient.paths import resources_root
from unitclient.texts import finding_texts, say

_FOR_MACHINES = frozenset({"blocks", "gb18030_bytes", "kind", "utf16_units"})
Result = tuple[dict[str, Any], list[str]]
"""The JSON object, and lines for people."""


def run_calc(args: argparse.Namespace) -> Result:
    """The JSON object and the human lines of one calculator."""
    return _CALCULATORS[args.calculate](args)


def run(args: argparse.Namespace) -> Answer:
    """The same with its exit code: 1 when the checked value is not ok."""
    data, lines = run_calc(args)
    return Answer(data, tuple(lines), DONE if data.get("ok", True) else MENDABLE)


def _id(args: argparse.Namespace) -> Result:
    if args.kind == IdKind.NAME:
        return _name(argparse.Namespace(text=args.value, foreign=False))
    today = args.today or SystemClock().now().astimezone(CHINA).date()
    kind = args.kind or recognise(args.value)
    found = check_identifier(args.value, kind, today=today, areas=load_areas(resources_root()))
    problems = list(found.warnings) if found.ok else [found.finding()]
    data = {
        "ok": found.ok,
        "code": found.code,
        "kind": found.kind,
        "value": found.normalized,
        "info": found.info,
        "findings": _findings(problems),
    }
    lines = [say("calc-kind", kind=say(f"id-kind-{found.kind}"))] if found.kind else []
    return data, [*lines, *_verdict(found.ok, args.value), *_info(found.info), *finding_lines(problems)]


def _name(args: argparse.Namespace) -> Result:
    found = check_name(args.text, args.foreign)
    data = {
        "ok": found.ok,
        "code": found.code,
        "kind": IdKind.NAME,
        "value": found.text,
        "info": found.info,
        "proposal": found.folded,
        "findings": _findings(found.findings),
    }
    lines = [*_verdict(found.ok, found.text), *_info(found.info), *finding_lines(found.findings)]
    if found.folded != found.text:
        lines.append(say("calc-proposal", text=found.folded))
    return data, lines


def _findings(found: Sequence[Finding]) -> list[dict[str, str]]:
    told = ((each, finding_texts(each.code, each.params, each.value)) for each in found)
    return [{"code": each.code, "severity": each.severity, "why": why, "fix": fix} for each, (why, fix) in told]


def _verdict(ok: bool, value: str) -> list[str]:
    return [say("calc-ok" if ok else "calc-not-ok", value=value)]


def _info(info: dict[str, Any]) -> list[str]:
    """What the number or name says, in words; how many bytes it takes is for machines."""
    return [
        say("calc-info", label=say(f"calc-info-{key}"), value=_shown(key, value))
        for key, value in info.items()
        if key not in _FOR_MACHINES and value
    ]


def _shown(key: str, value: object) -> str:
    if key == "sex":
        return say(f"calc-sex-{value}")
    return joined(map(str, value)) if isinstance(value, list) else str(value)


def _contribution(args: argparse.Namespace) -> Result:
    made = _to_the_place(exact_amount(args.base, args.rate, args.fixed, Rounding(args.rounding)), args.rounding)
    fixed = say("calc-amount-fixed", fixed=format_fen(args.fixed)) if args.fixed else ""
    shown = {
        "base": _decimal(args.base),
        "rate": _decimal(args.rate * 100) + "%",
        "rounding": say(f"rounding-{args.rounding}"),
    }
    return {"amount": made}, [say("calc-amount", amount=made, fixed=fixed, **shown)]


def _to_the_place(fen: int, rounding: str) -> str:
    """The amount with the decimals of its rounding mode (fen 2, jiao 1, yuan 0); more when the fixed part has them."""
    whole = format_fen(fen)
    for unit, step in (("yuan", 100), ("jiao", 10)):
        if rounding.startswith(unit) and fen % step == 0:
            return whole[:-3] if step == 100 else whole[:-1]
    return whole


def _decimal(value: Fraction) -> str:
    """The shortest decimal of a value that came from one."""
    places = 0
    while (value * 10**places).denominator != 1:
        places += 1
    digits = str((value * 10**places).numerator).rjust(places + 1, "0")
    return f"{digits[:-places]}.{digits[-places:]}" if places else digits


def _late_fee(args: argparse.Namespace) -> Result:
    if args.last < args.first:
        fail_usage(args, "calc-bad-order", first=args.first, last=args.last)
    made = late_fee(args.principal, args.first, args.last, args.rate)
    fee = format_fen(made.fee_fen)
    line = say("calc-late-fee", fee=fee, principal=format_fen(args.principal), days=made.days)
    return {"days": made.days, "fee": fee}, [line]


def _deadline(args: argparse.Namespace) -> Result:
    try:
        entry = _entry(args)
    except UnknownYear as unknown:
        raise UserError("holiday-year-unknown", year=unknown.year) from unknown
    moments = {key: _moment(getattr(entry, key)) for key in ("opens", "debit_until", "counter_until", "late_fee_from")}
    data = {"deadline": entry.deadline.isoformat(), "computed": entry.computed}
    key = "calc-deadline" if entry.computed else "calc-deadline-published"
    lines = [say(key, period=args.period, deadline=entry.deadline, notice=entry.notice)]
    if not entry.computed:
        data |= {name: text for name, text in moments.items() if text} | {"notice": entry.notice}
        lines += [
            say(f"calc-{name.replace('_', '-')}", day=text, moment=text[:16].replace("T", " "))
            for name, text in moments.items()
            if text
        ]
    return data, lines


def _entry(args: argparse.Namespace) -> CalendarEntry:
    """By the region's package where one is named and nothing else is asked; else by day and algorithm."""
    holidays = load_holidays(resources_root())
    if args.region and args.day is None and args.algorithm is None:
        package = _package(args.region)
        return deadline_for(args.period, package.extensions, package.deadline, holidays)
    last = deadline(args.period, args.day or 10, args.algorithm or Algorithm.WORKDAY, holidays)
    return CalendarEntry(args.period, last, computed=True)


def _moment(value: date | datetime | None) -> str:
    return "" if value is None else value.isoformat()


def _package(region: str) -> PolicyPackage:
    book = load_policies(resources_root())
    package = book.package(region)
    if package is None:
        raise UserError("policy-region-unknown", region=region, known=", ".join(book.regions()))
    return package


def _retirement(args: argparse.Namespace) -> Result:
    try:
        found = retirement(args.birth, args.category)
    except ValueError:
        fail_usage(args, "calc-bad-month", value=args.birth)
    required = min_contribution_months(found.month.year)
    years, months = found.age.rstrip("m").split("y")
    data = {
        "month": str(found.month),
        "age": found.age,
        "delay_months": found.delay_months,
        "earliest": str(found.earliest),
        "min_contribution_months": required,
    }
    line = say("calc-retirement", month=found.month, years=years, months=months, delay=found.delay_months)
    return data, [line, say("calc-retirement-earliest", month=found.earliest, required=required)]


def _back_payment(args: argparse.Namespace) -> Result:
    if args.last < args.first:
        fail_usage(args, "calc-bad-order", first=args.first, last=args.last)
    if args.last - args.first >= calc_back_payment.MOST_MONTHS:
        fail_usage(args, "calc-too-many-months", limit=calc_back_payment.MOST_MONTHS)
    data, lines, found = calc_back_payment.compute(args, _package(args.region), load_holidays(resources_root()))
    return {**data, "findings": _findings(found)}, [*lines, *finding_lines(found)]


_CALCULATORS: dict[str, Callable[[argparse.Namespace], Result]] = {
    "id": _id,
    "uscc": _id,
    "name": _name,
    "contribution": _contribution,
    "late-fee": _late_fee,
    "deadline": _deadline,
    "retirement": _retirement,
    "back-payment": _back_payment,
}
