"""The grammar of `unitclient calc ...`: what each calculator takes, and the words it may be given."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from unitclient.cli.calc_arguments import amount, any_decimal, day, day_of_month, month, rate, rate_ppm, typed_text
from unitclient.domain.deadlines import Algorithm
from unitclient.domain.identifiers import IdKind
from unitclient.domain.insurance import Insurance
from unitclient.domain.money import Rounding
from unitclient.domain.retirement import RetirementCategory
from unitclient.texts import say

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[Any]


def add_calc(subparsers: Subparsers) -> None:
    """Add `calc` with its calculators; each sets `run` and, by its name, `calculate`."""
    group = subparsers.add_parser("calc", help=say("calc-help")).add_subparsers(metavar="WHAT", required=True)
    _add_checks(group)
    _add_money(group)
    _add_months(group)


def _add(group: Subparsers, name: str) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = group.add_parser(name, help=say(f"calc-help-{name}"))
    command.set_defaults(run="calc:run", calculate=name, usage_error=command.error)
    return command


def _add_checks(group: Subparsers) -> None:
    number = _add(group, "id")
    number.add_argument("value", type=typed_text)
    number.add_argument("--kind", type=str, choices=[kind.value for kind in IdKind], help=say("calc-help-kind"))
    number.add_argument("--today", type=day, help=say("calc-help-today"))
    name = _add(group, "name")
    name.add_argument("text", type=typed_text)
    name.add_argument("--foreign", action="store_true", help=say("calc-help-foreign"))
    code = _add(group, "uscc")
    code.add_argument("value", type=typed_text)
    code.set_defaults(kind=IdKind.CREDIT_CODE.value, today=None)


def _add_money(group: Subparsers) -> None:
    part = _add(group, "contribution")
    part.add_argument("--base", type=any_decimal, required=True, help=say("calc-help-base"))
    part.add_argument("--rate", type=rate, required=True, help=say("calc-help-rate"))
    part.add_argument("--fixed", type=amount, default=0, help=say("calc-help-fixed"))
    part.add_argument(
        "--rounding",
        choices=[mode.value for mode in Rounding],
        default=Rounding.FEN_HALF_UP.value,
        help=say("calc-help-rounding"),
    )
    fee = _add(group, "late-fee")
    fee.add_argument("principal", type=amount)
    fee.add_argument("first", metavar="FROM", type=day)
    fee.add_argument("last", metavar="TO", type=day)
    fee.add_argument("--rate", type=rate_ppm, help=say("calc-help-rate"))
    back = _add(group, "back-payment")
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
    last_day = _add(group, "deadline")
    last_day.add_argument("period", type=month)
    last_day.add_argument("--day", type=day_of_month, help=say("calc-help-day"))
    last_day.add_argument("--algorithm", choices=[each.value for each in Algorithm], help=say("calc-help-algorithm"))
    last_day.add_argument("--region", help=say("calc-help-region"))
    leaving = _add(group, "retirement")
    leaving.add_argument("--birth", type=month, required=True, help=say("calc-help-birth"))
    leaving.add_argument(
        "--category",
        choices=[each.value for each in RetirementCategory],
        required=True,
        help=say("calc-help-category"),
    )
