"""The grammar of `unitclient calc ...`: what each calculator takes, and the words it may be given."""

from __future__ import annotations

import argparse
from enum import StrEnum
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


def _choices(command: argparse.ArgumentParser, option: str, metavar: str, known: type[StrEnum], **more: Any) -> None:
    """An option whose words are listed in its explanation: they would make the usage line endless."""
    words = [each.value for each in known]
    explained = say("calc-help-choices", what=say(f"calc-help{option[1:]}"), words=say("list-comma").join(words))
    command.add_argument(option, choices=words, metavar=metavar, help=explained, **more)


def _add_checks(group: Subparsers) -> None:
    number = _add(group, "id")
    number.add_argument("value", type=typed_text, metavar="VALUE", help=say("calc-help-value"))
    _choices(number, "--kind", "K", IdKind)
    number.add_argument("--today", type=day, metavar="DAY", help=say("calc-help-today"))
    name = _add(group, "name")
    name.add_argument("text", type=typed_text, metavar="TEXT", help=say("calc-help-text"))
    name.add_argument("--foreign", action="store_true", help=say("calc-help-foreign"))
    code = _add(group, "uscc")
    code.add_argument("value", type=typed_text, metavar="VALUE", help=say("calc-help-value"))
    code.set_defaults(kind=IdKind.CREDIT_CODE.value, today=None)


def _add_money(group: Subparsers) -> None:
    part = _add(group, "contribution")
    part.add_argument("--base", type=any_decimal, required=True, metavar="YUAN", help=say("calc-help-base"))
    part.add_argument("--rate", type=rate, required=True, metavar="R", help=say("calc-help-rate"))
    part.add_argument("--fixed", type=amount, default=0, metavar="YUAN", help=say("calc-help-fixed"))
    _choices(part, "--rounding", "MODE", Rounding, default=Rounding.FEN_HALF_UP.value)
    fee = _add(group, "late-fee")
    fee.add_argument("principal", type=amount, metavar="PRINCIPAL", help=say("calc-help-principal"))
    fee.add_argument("first", metavar="FROM", type=day, help=say("calc-help-first-day"))
    fee.add_argument("last", metavar="TO", type=day, help=say("calc-help-last-day"))
    fee.add_argument("--rate", type=rate_ppm, metavar="R", help=say("calc-help-daily-rate"))
    back = _add(group, "back-payment")
    back.add_argument("--region", required=True, metavar="CODE", help=say("calc-help-region"))
    back.add_argument("--from", dest="first", type=month, required=True, metavar="YYYY-MM", help=say("calc-help-from"))
    back.add_argument("--to", dest="last", type=month, required=True, metavar="YYYY-MM", help=say("calc-help-to"))
    back.add_argument("--wage", type=amount, required=True, metavar="YUAN", help=say("calc-help-wage"))
    _choices(back, "--insurance", "NAME", Insurance, action="append")
    back.add_argument("--category", default="employee", help=say("calc-help-category"))
    back.add_argument("--paid-on", type=day, metavar="DAY", help=say("calc-help-paid-on"))


def _add_months(group: Subparsers) -> None:
    last_day = _add(group, "deadline")
    last_day.add_argument("period", type=month, metavar="YYYY-MM", help=say("calc-help-month"))
    last_day.add_argument("--day", type=day_of_month, metavar="N", help=say("calc-help-day"))
    _choices(last_day, "--algorithm", "A", Algorithm)
    last_day.add_argument("--region", metavar="CODE", help=say("calc-help-region"))
    leaving = _add(group, "retirement")
    leaving.add_argument("--birth", type=month, required=True, metavar="YYYY-MM", help=say("calc-help-birth"))
    _choices(leaving, "--category", "C", RetirementCategory, required=True)
