"""`unitclient calc ...`: calculators a clerk can use alone, without a unit, a database or a network."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from datetime import date, datetime
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from unitclient.catalog.areas import load_areas
from unitclient.catalog.calendar import load_holidays
from unitclient.catalog.policies import load_policies
from unitclient.cli import calc_back_payment
from unitclient.cli.calc_arguments import (
    amount,
    any_decimal,
    day,
    day_of_month,
    fail_usage,
    month,
    rate,
    rate_ppm,
    typed_text,
)
from unitclient.cli.output import DONE, MENDABLE, Answer
from unitclient.clock import CHINA, SystemClock
from unitclient.domain.contribution import exact_amount
from unitclient.domain.deadlines import Algorithm, CalendarEntry, UnknownYear, deadline, deadline_for
from unitclient.domain.findings import Finding
from unitclient.domain.identifiers import IdKind, check_identifier, recognise
from unitclient.domain.insurance import Insurance
from unitclient.domain.late_fee import late_fee
from unitclient.domain.money import Rounding, format_fen
from unitclient.domain.names import check_name
from unitclient.domain.policy import PolicyPackage
from unitclient.domain.retirement import RetirementCategory, min_contribution_months, retirement
from unitclient.errors import UserError
from unitclient.paths import resources_root
from unitclient.texts import finding_texts, say

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[Any]

Result = tuple[dict[str, Any], list[str]]
"""The JSON object, and lines for people."""


def add_calc(subparsers: Subparsers) -> None:
    """Add `calc` with its calculators; each sets `run` (an Answer) and `calculate` (a Result)."""
    group = subparsers.add_parser("calc", help=say("calc-help")).add_subparsers(metavar="WHAT", required=True)
    _add_checks(group)
    _add_money(group)
    _add_months(group)


def run_calc(args: argparse.Namespace) -> Result:
    """The JSON object and the human lines of one calculator."""
    calculate: Callable[[argparse.Namespace], Result] = args.calculate
    return calculate(args)


def run(args: argparse.Namespace) -> Answer:
    """The same with its exit code: 1 when the checked value is not ok."""
    data, lines = run_calc(args)
    return Answer(data, tuple(lines), DONE if data.get("ok", True) else MENDABLE)


def _add(group: Subparsers, name: str, calculate: Callable[[argparse.Namespace], Result]) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = group.add_parser(name, help=say(f"calc-help-{name}"))
    command.set_defaults(run=run, calculate=calculate, usage_error=command.error)
    return command


def _add_checks(group: Subparsers) -> None:
    number = _add(group, "id", _id)
    number.add_argument("value", type=typed_text)
    number.add_argument("--kind", type=str, choices=[kind.value for kind in IdKind], help=say("calc-help-kind"))
    number.add_argument("--today", type=day, help=say("calc-help-today"))
    name = _add(group, "name", _name)
    name.add_argument("text", type=typed_text)
    name.add_argument("--foreign", action="store_true", help=say("calc-help-foreign"))
    code = _add(group, "uscc", _id)
    code.add_argument("value", type=typed_text)
    code.set_defaults(kind=IdKind.CREDIT_CODE.value, today=None)


def _add_money(group: Subparsers) -> None:
    part = _add(group, "contribution", _contribution)
    part.add_argument("--base", type=any_decimal, required=True, help=say("calc-help-base"))
    part.add_argument("--rate", type=rate, required=True, help=say("calc-help-rate"))
    part.add_argument("--fixed", type=amount, default=0, help=say("calc-help-fixed"))
    part.add_argument(
        "--rounding",
        choices=[mode.value for mode in Rounding],
        default=Rounding.FEN_HALF_UP.value,
        help=say("calc-help-rounding"),
    )
    fee = _add(group, "late-fee", _late_fee)
    fee.add_argument("principal", type=amount)
    fee.add_argument("first", metavar="FROM", type=day)
    fee.add_argument("last", metavar="TO", type=day)
    fee.add_argument("--rate", type=rate_ppm, help=say("calc-help-rate"))
    back = _add(group, "back-payment", _back_payment)
    back.add_argument("--region", required=True, help=say("calc-help-region"))
    back.add_argument("--from", dest="first", type=month, required=True, help=say("calc-help-from"))
    back.add_argument("--to", dest="last", type=month, required=True, help=say("calc-help-to"))
    back.add_argument("--wage", type=amount, required=True, help=say("calc-help-wage"))
    back.add_argument(
        "--insurance", action="append", choices=[each.value for each in Insurance], help=say("calc-help-insurance")
    )
    back.add_argument("--category", default="employee", help=say("calc-help-category"))
    back.add_argument("--paid-on", type=day, help=say("calc-help-paid-on"))


def _add_months(group: Subparsers) -> None:
    last_day = _add(group, "deadline", _deadline)
    last_day.add_argument("period", type=month)
    last_day.add_argument("--day", type=day_of_month, help=say("calc-help-day"))
    last_day.add_argument("--algorithm", choices=[each.value for each in Algorithm], help=say("calc-help-algorithm"))
    last_day.add_argument("--region", help=say("calc-help-region"))
    leaving = _add(group, "retirement", _retirement)
    leaving.add_argument("--birth", type=month, required=True, help=say("calc-help-birth"))
    leaving.add_argument(
        "--category",
        choices=[each.value for each in RetirementCategory],
        required=True,
        help=say("calc-help-category"),
    )


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
    return data, [*lines, *_verdict(found.ok, found.code, args.value), *_info(found.info), *_sentences(problems)]


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
    lines = [*_verdict(found.ok, found.code, found.text), *_info(found.info), *_sentences(found.findings)]
    if found.folded != found.text:
        lines.append(say("calc-proposal", text=found.folded))
    return data, lines


def _findings(found: Sequence[Finding]) -> list[dict[str, str]]:
    return [
        {"code": each.code, "severity": each.severity, **dict(zip(("why", "fix"), _texts(each), strict=True))}
        for each in found
    ]


def _texts(finding: Finding) -> tuple[str, str]:
    params = dict(finding.params)
    if "insurance" in params:
        params["insurance"] = say(f"insurance-{params['insurance']}")
    return finding_texts(finding.code, params)


def _sentences(found: Sequence[Finding]) -> list[str]:
    return [say("calc-reason", why=why, fix=fix) for why, fix in map(_texts, found)]


def _verdict(ok: bool, code: str, value: str) -> list[str]:
    return [say("calc-ok", value=value) if ok else say("calc-not-ok", code=code, value=value)]


def _info(info: dict[str, Any]) -> list[str]:
    return [
        say("calc-info", label=say(f"calc-info-{key}"), value=", ".join(value) if isinstance(value, list) else value)
        for key, value in info.items()
    ]


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
    return {**data, "findings": _findings(found)}, [*lines, *_sentences(found)]
