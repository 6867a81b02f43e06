"""The grammar of the command line. Global options may stand anywhere; each command names the function that runs it."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from unitclient import __version__
from unitclient.cli import calc, commands, month, practice, queue, unit
from unitclient.cli.output import Answer
from unitclient.cli.usage import Usage
from unitclient.config import default_home
from unitclient.domain.period import Period
from unitclient.texts import LANGUAGES, say

if TYPE_CHECKING:
    Sub = argparse._SubParsersAction[Any]

Run = Callable[[argparse.Namespace], Answer]


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise Usage(self.format_usage().rstrip(), message)


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Arguments as a namespace with `run`; raises Usage."""
    ahead, rest = _global_first(arguments)
    return _grammar().parse_args([*ahead, *rest])


def _global_first(arguments: Sequence[str]) -> tuple[list[str], list[str]]:
    ahead: list[str] = []
    rest: list[str] = []
    index = 0
    while index < len(arguments):
        argument = arguments[index]
        if argument in ("--home", "--lang") and index + 1 < len(arguments):
            ahead += [argument, arguments[index + 1]]
            index += 2
            continue
        (ahead if argument == "--json" or argument.startswith(("--home=", "--lang=")) else rest).append(argument)
        index += 1
    return ahead, rest


def period(text: str) -> Period:
    """An argument YYYY-MM."""
    try:
        return Period.parse(text)
    except ValueError as wrong:
        raise argparse.ArgumentTypeError(say("cli-not-a-period", value=text)) from wrong


def _grammar() -> _Parser:
    parser = _Parser(prog="unitclient", description=say("cli-description"))
    parser.add_argument("--home", type=Path, default=default_home(), help=say("cli-home"))
    parser.add_argument("--json", action="store_true", help=say("cli-json"))
    parser.add_argument("--lang", choices=LANGUAGES, default="zh", help=say("cli-lang"))
    parser.add_argument("--version", action="version", version=f"unitclient {__version__}")
    commands_ = parser.add_subparsers(metavar="COMMAND", required=True)
    _practice(commands_)
    _unit(commands_)
    _forms(commands_)
    _month(commands_)
    _queue(commands_)
    _safe_keeping(commands_)
    calc.add_calc(commands_)
    return parser


def _add(subparsers: Sub, name: str, run: Run) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = subparsers.add_parser(name, help=say(f"cli-help-{name}"))
    command.set_defaults(run=run)
    return command


def _practice(commands_: Sub) -> None:
    group = commands_.add_parser("practice", help=say("cli-help-practice")).add_subparsers(metavar="ACT", required=True)
    start = _add(group, "start", practice.start)
    start.add_argument("--port", type=int, default=0, help=say("cli-port"))
    start.add_argument("--region", default=practice.DEFAULT_REGION, help=say("cli-region"))
    start.add_argument("--date", help=say("cli-practice-date"))
    _add(group, "stop", practice.stop)
    _add(group, "status", practice.status)
    whole = _add(group, "month", practice.whole_month)
    whole.add_argument("--period", type=period)
    whole.add_argument("--staff", type=Path)
    bank = _add(group, "bank", practice.bank)
    bank.add_argument("behaviour")
    bank.add_argument("--balance", help=say("cli-balance"))
    serve = _add(commands_.add_parser("central", help=say("cli-help-central")).add_subparsers(required=True), "serve",
                 practice.serve)  # fmt: skip
    serve.add_argument("--port", type=int, default=0, help=say("cli-port"))


def _unit(commands_: Sub) -> None:
    group = commands_.add_parser("unit", help=say("cli-help-unit")).add_subparsers(metavar="ACT", required=True)
    enrol = _add(group, "enrol", unit.enrol)
    enrol.add_argument("--centre", required=True, metavar="URL")
    enrol.add_argument("--cert", required=True, help=say("cli-cert"))
    enrol.add_argument("--ca", type=Path, help=say("cli-ca"))
    enrol.add_argument("--token", help=say("cli-token"))
    enrol.add_argument("--pin-file", type=Path, help=say("cli-pin-file"))
    enrol.add_argument("--operator", default="", help=say("cli-operator"))
    _add(group, "list", unit.list_all)
    show = _add(group, "show", unit.show)
    show.add_argument("unit_number", nargs="?")
    select = _add(group, "select", unit.select)
    select.add_argument("unit_number")


def _forms(commands_: Sub) -> None:
    template = _add(commands_, "template", commands.template)
    template.add_argument("form")
    template.add_argument("out", type=Path)
    template.add_argument("--prefill", action="store_true", help=say("cli-prefill"))
    importing = _add(commands_, "import", commands.import_form)
    importing.add_argument("form")
    importing.add_argument("file", type=Path)
    importing.add_argument("--errors", type=Path, help=say("cli-errors"))
    importing.add_argument("--period", type=period)
    roster = _add(commands_, "roster", commands.roster)
    roster.add_argument("--period", type=period)
    _add(commands_, "forms", commands.forms)


def _month(commands_: Sub) -> None:
    prepare = _add(commands_, "prepare", month.prepare)
    prepare.add_argument("period", type=period)
    prepare.add_argument("--correct", action="store_true", help=say("cli-correct"))
    sign = _add(commands_, "sign", month.sign)
    sign.add_argument("ids", nargs="*", metavar="ID")
    sign.add_argument("--all", action="store_true", help=say("cli-sign-all"))
    sign.add_argument("--pin-file", type=Path, help=say("cli-pin-file"))
    sync = _add(commands_, "sync", month.sync)
    sync.add_argument("--until-settled", action="store_true", help=say("cli-until-settled"))
    sync.add_argument("--timeout", type=float, default=120.0, help=say("cli-timeout"))
    status = _add(commands_, "status", month.status)
    status.add_argument("id", nargs="?")
    void = _add(commands_, "void", month.void)
    void.add_argument("id")
    pay = _add(commands_, "pay", month.pay)
    pay.add_argument("id")
    statement = _add(commands_, "statement", month.statement)
    statement.add_argument("id")
    statement.add_argument("out", type=Path, nargs="?")


def _queue(commands_: Sub) -> None:
    group = commands_.add_parser("outbox", help=say("cli-help-outbox"))
    group.set_defaults(run=queue.list_all)
    acts = group.add_subparsers(metavar="ACT")
    _add(acts, "list", queue.list_all)
    for name, run in (("retry", queue.retry), ("withdraw", queue.withdraw)):
        _add(acts, name, run).add_argument("id")
    export = _add(acts, "export", queue.export)
    export.add_argument("id")
    export.add_argument("folder", type=Path)
    reply = _add(acts, "import-reply", queue.import_reply)
    reply.add_argument("file", type=Path)


def _safe_keeping(commands_: Sub) -> None:
    verify = _add(commands_, "verify", commands.verify)
    verify.add_argument("file", type=Path)
    verify.add_argument("--ca", type=Path, help=say("cli-ca"))
    backup = _add(commands_, "backup", commands.backup)
    backup.add_argument("out", type=Path)
    backup.add_argument("--passphrase-file", type=Path, help=say("cli-passphrase-file"))
    restore = _add(commands_, "restore", commands.restore)
    restore.add_argument("file", type=Path)
    restore.add_argument("--passphrase-file", type=Path, help=say("cli-passphrase-file"))
    _add(commands_, "check-db", commands.check_db)
    _add(commands_, "verify-journal", commands.verify_journal)
