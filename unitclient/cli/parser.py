"""The grammar of the command line. Each command names the function that runs it; its module is read only then."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from unitclient.cli.arguments import balance, day, folder, minutes, named_value, period, port, seconds
from unitclient.cli.globals import Words
from unitclient.cli.grammar import Grammar, Version, add_command, add_group
from unitclient.cli.operators_grammar import add_operators, add_sign_in
from unitclient.config import default_home
from unitclient.texts import LANGUAGES, say

if TYPE_CHECKING:
    from unitclient.cli.grammar import Subparsers

KEY_STRENGTHS = ("ec-256", "rsa-3072", "sm2-256")
BANK_BEHAVIOURS = ("ok", "no-agreement", "insufficient", "frozen", "limit", "timeout")


def parse(words: Words) -> argparse.Namespace:
    """The words as a namespace with `run`; raises Usage, or Explained for --help and --version."""
    return _grammar("calc" in words.rest[:1]).parse_args([*words.ahead, *words.rest])


def _grammar(with_calc: bool) -> Grammar:
    parser = Grammar(prog="unitclient", description=say("cli-description"))
    parser.add_argument("--home", type=folder, default=folder(str(default_home())), metavar="DIR", help=say("cli-home"))
    parser.add_argument("--json", action="store_true", help=say("cli-json"))
    parser.add_argument("--lang", choices=LANGUAGES, default="zh", help=say("cli-lang"))
    parser.add_argument("--version", action=Version, nargs=0, help=say("cli-version"))
    add_sign_in(parser)
    commands: Subparsers = parser.add_subparsers(metavar="COMMAND", required=True, title=say("usage-commands"))
    parts = (_practice, _unit, _units, _forms, _month, _queue, _pen, _query, _safe_keeping, add_operators, _settings)
    for part in parts:
        part(commands)
    _calc(with_calc)(commands)
    return parser


def _calc(wanted: bool) -> Callable[[Subparsers], None]:
    """The calculators with their choices only when one is asked for: their tables take time to read."""

    def add(commands: Subparsers) -> None:
        commands.add_parser("calc", help=say("calc-help"))

    if not wanted:
        return add
    from unitclient.cli.calc_grammar import add_calc

    return add_calc


def _practice(commands: Subparsers) -> None:
    group = add_group(commands, "practice")
    start = add_command(group, "start", "practice:start")
    start.add_argument("--port", type=port, default=0, metavar="N", help=say("cli-port"))
    start.add_argument("--region", help=say("cli-region"))
    start.add_argument("--date", type=day, metavar="YYYY-MM-DD", help=say("cli-practice-date"))
    start.add_argument("--sm2", action="store_true", help=say("cli-practice-sm2"))
    add_command(group, "stop", "practice:stop")
    add_command(group, "status", "practice:status", "cli-help-practice-status")
    whole = add_command(group, "month", "practice:whole_month")
    whole.add_argument("--period", type=period, metavar="YYYY-MM", help=say("cli-period"))
    whole.add_argument("--staff", type=Path, metavar="FILE", help=say("cli-staff"))
    bank = add_command(group, "bank", "practice:bank")
    bank.add_argument("behaviour", choices=BANK_BEHAVIOURS, metavar="BEHAVIOUR", help=say("cli-bank-behaviour"))
    bank.add_argument("--balance", type=balance, metavar="YUAN", help=say("cli-balance"))
    central = add_group(commands, "central")
    serve = add_command(central, "serve", "serve:serve")
    serve.add_argument("--port", type=port, default=0, metavar="N", help=say("cli-port"))
    for side in ("cert", "key"):
        serve.add_argument(f"--tls-{side}", type=Path, metavar="FILE", help=say(f"cli-tls-{side}"))
    serve.set_defaults(usage_error=serve.error)
    _bureau(add_group(central, "desk"))


def _bureau(acts: Subparsers) -> None:
    add_command(acts, "list", "bureau:waiting", "cli-help-desk-list")
    accept = add_command(acts, "accept", "bureau:accept", "cli-help-desk-accept")
    give_back = add_command(acts, "return", "bureau:give_back", "cli-help-desk-return")
    for decision in (accept, give_back):
        decision.add_argument("id", metavar="ID", help=say("cli-id"))
    give_back.add_argument("--note", required=True, metavar="TEXT", help=say("cli-desk-note"))
    step = add_command(acts, "step", "bureau:step", "cli-help-desk-step")
    standing = add_command(acts, "standing", "bureau:standing", "cli-help-desk-standing")
    add_command(acts, "code", "certificate_acts:code", "cli-help-desk-code")
    entries = add_command(acts, "entries", "bureau:entries", "cli-help-desk-entries")
    for command in (step, standing, entries):
        command.add_argument("unit_number", metavar="UNIT", help=say("cli-unit-number"))
    for command in (step, entries):
        command.add_argument("register", metavar="REGISTER", help=say("cli-register"))
    step.add_argument("key", metavar="KEY", help=say("cli-desk-key"))
    step.add_argument("step", metavar="STEP", help=say("cli-desk-step"))
    step.add_argument("values", nargs="*", type=named_value, metavar="NAME=VALUE", help=say("cli-desk-values"))
    standing.add_argument("standing", choices=("vip", "ordinary"), help=say("cli-desk-standing"))
    _publishing(acts)


def _publishing(acts: Subparsers) -> None:
    announce = add_command(acts, "announce", "bureau_publishing:announce", "cli-help-desk-announce")
    announce.add_argument("title", metavar="TITLE", help=say("cli-desk-title"))
    announce.add_argument("body", metavar="BODY", help=say("cli-desk-body"))
    announce.add_argument("--topic", default="04", metavar="CODE", help=say("cli-desk-topic"))
    notice = add_command(acts, "notice", "bureau_publishing:notice", "cli-help-desk-notice")
    notice.add_argument("name", metavar="NAME", help=say("cli-desk-notice-name"))
    article = add_command(acts, "article", "bureau_publishing:article", "cli-help-desk-article")
    article.add_argument("id", metavar="ID", help=say("cli-desk-article-id"))
    article.add_argument("title", metavar="TITLE", help=say("cli-desk-title"))
    article.add_argument("body", metavar="BODY", help=say("cli-desk-body"))
    for name, key in (("word", "word"), ("form", "article-form"), ("finding", "article-finding")):
        article.add_argument(f"--{name}", action="append", default=[], metavar="X", help=say(f"cli-desk-{key}"))
    article.add_argument("--withdraw", action="store_true", help=say("cli-desk-withdraw"))
    dates = add_command(acts, "dates", "bureau_publishing:dates", "cli-help-desk-dates")
    dates.add_argument("region", metavar="REGION", help=say("cli-region"))
    dates.add_argument("period", type=period, metavar="YYYY-MM", help=say("cli-period"))
    dates.add_argument("deadline", type=day, metavar="DAY", help=say("cli-desk-deadline"))
    dates.add_argument("--late-fee-from", type=day, metavar="DAY", help=say("cli-desk-late-fee-from"))
    dates.add_argument("--notice", required=True, metavar="TEXT", help=say("cli-desk-notice"))
    close = add_command(acts, "close", "bureau_publishing:close", "cli-help-desk-close")
    close.add_argument("minutes", type=minutes, metavar="MINUTES", help=say("cli-desk-minutes"))
    close.add_argument("--notice", required=True, metavar="TEXT", help=say("cli-desk-notice"))
    add_command(acts, "open", "bureau_publishing:reopen", "cli-help-desk-open")
    hold = add_command(acts, "hold", "bureau_publishing:hold", "cli-help-desk-hold")
    hold.add_argument("what", choices=("post", "slip"), metavar="post|slip", help=say("cli-desk-hold"))
    hold.add_argument("--release", action="store_true", help=say("cli-desk-release"))
    add_command(acts, "statistics", "bureau_publishing:statistics", "cli-help-desk-statistics")
    messages = add_command(acts, "messages", "bureau_publishing:messages", "cli-help-desk-messages")
    messages.add_argument("unit_number", metavar="UNIT", help=say("cli-unit-number"))
    steps = add_command(acts, "steps", "bureau_publishing:steps", "cli-help-desk-steps")
    steps.add_argument("register", nargs="?", metavar="REGISTER", help=say("cli-register"))


def _unit(commands: Subparsers) -> None:
    group = add_group(commands, "unit")
    enrol = add_command(group, "enrol", "unit:enrol")
    enrol.add_argument("--centre", required=True, metavar="URL", help=say("cli-centre"))
    enrol.add_argument("--cert", required=True, metavar="FILE", help=say("cli-cert"))
    enrol.add_argument("--ca", type=Path, metavar="FILE", help=say("cli-ca"))
    enrol.add_argument("--token", metavar="SERIAL", help=say("cli-token"))
    enrol.add_argument("--pin-file", type=Path, metavar="FILE", help=say("cli-pin-file"))
    enrol.add_argument("--operator", default="", metavar="NAME", help=say("cli-operator"))
    add_command(group, "list", "unit:list_all", "cli-help-unit-list")
    show = add_command(group, "show", "unit:show", "cli-help-unit-show")
    show.add_argument("unit_number", nargs="?", metavar="NUMBER", help=say("cli-unit-number"))
    _certificate_acts(group)
    select = add_command(group, "select", "unit:select")
    select.add_argument("unit_number", metavar="NUMBER", help=say("cli-unit-number"))


def _certificate_acts(group: Subparsers) -> None:
    renew = add_command(group, "renew", "certificate_acts:renew_certificate")
    upgrade = add_command(group, "upgrade", "certificate_acts:upgrade_certificate")
    change = add_command(group, "change", "certificate_acts:change_certificate")
    change.add_argument("--code", required=True, metavar="CODE", help=say("cli-change-code"))
    for act in (upgrade, change):
        act.add_argument("--to", choices=KEY_STRENGTHS, default=KEY_STRENGTHS[0], help=say("cli-key-strength"))
    for act in (renew, upgrade, change):
        act.add_argument("--pin-file", type=Path, metavar="FILE", help=say("cli-pin-file"))


def _units(commands: Subparsers) -> None:
    group = add_group(commands, "units")
    prepare = add_command(group, "prepare", "many:prepare", "cli-help-units-prepare")
    prepare.add_argument("period", type=period, metavar="PERIOD", help=say("cli-period"))
    sign = add_command(group, "sign", "many:sign", "cli-help-units-sign")
    sign.add_argument("--pin-file", type=Path, metavar="FILE", help=say("cli-units-pin-file"))
    add_command(group, "send", "many:send", "cli-help-units-send")
    status = add_command(group, "status", "many:status", "cli-help-units-status")
    status.add_argument("period", type=period, nargs="?", metavar="PERIOD", help=say("cli-units-period"))


def _forms(commands: Subparsers) -> None:
    add_command(commands, "forms", "sheets:forms")
    template = add_command(commands, "template", "sheets:template")
    template.add_argument("form", metavar="FORM", help=say("cli-form"))
    template.add_argument("out", type=Path, metavar="OUT.xlsx", help=say("cli-template-out"))
    template.add_argument("--prefill", action="store_true", help=say("cli-prefill"))
    importing = add_command(commands, "import", "sheets:import_form")
    importing.add_argument("form", metavar="FORM", help=say("cli-form"))
    importing.add_argument("file", type=Path, metavar="FILE", help=say("cli-import-file"))
    importing.add_argument("--errors", type=Path, metavar="OUT.xlsx", help=say("cli-errors"))
    importing.add_argument("--period", type=period, metavar="YYYY-MM", help=say("cli-import-period"))
    importing.add_argument("--correct", default="", metavar="ID", help=say("cli-import-correct"))
    pending = add_group(commands, "pending")
    waiting = add_command(pending, "list", "pending:list_all", "cli-help-pending-list")
    waiting.add_argument("form", nargs="?", metavar="FORM", help=say("cli-form"))
    taken_back = add_command(pending, "discard", "pending:discard", "cli-help-pending-discard")
    taken_back.add_argument("numbers", nargs="+", type=int, metavar="NUMBER", help=say("cli-pending-number"))
    roster = add_command(commands, "roster", "sheets:roster")
    roster.add_argument("--period", type=period, metavar="YYYY-MM", help=say("cli-roster-period"))


def _month(commands: Subparsers) -> None:
    declare = add_command(commands, "declare", "declaring:declare")
    declare.add_argument("form", metavar="FORM", help=say("cli-form"))
    declare.add_argument("--period", type=period, metavar="YYYY-MM", help=say("cli-declare-period"))
    declare.add_argument("--correct", default="", metavar="ID", help=say("cli-declare-correct"))
    declare.add_argument("--with-rest", action="store_true", help=say("cli-declare-rest"))
    declare.set_defaults(usage_error=declare.error)
    register = add_command(commands, "register", "declaring:register")
    register.add_argument("name", metavar="NAME", help=say("cli-register"))
    prepare = add_command(commands, "prepare", "month:prepare")
    prepare.add_argument("period", type=period, metavar="PERIOD", help=say("cli-period"))
    prepare.add_argument("--correct", action="store_true", help=say("cli-correct"))
    sign = add_command(commands, "sign", "month:sign")
    sign.add_argument("ids", nargs="*", metavar="ID", help=say("cli-sign-ids"))
    sign.add_argument("--all", action="store_true", help=say("cli-sign-all"))
    sign.add_argument("--pin-file", type=Path, metavar="FILE", help=say("cli-pin-file"))
    sign.set_defaults(usage_error=sign.error)
    sync = add_command(commands, "sync", "month:sync")
    sync.add_argument("--until-settled", action="store_true", help=say("cli-until-settled"))
    sync.add_argument("--timeout", type=seconds, default=120.0, metavar="SECONDS", help=say("cli-timeout"))
    add_command(commands, "status", "month:status").add_argument("id", nargs="?", metavar="ID", help=say("cli-id"))
    for name in ("void", "pay"):
        add_command(commands, name, f"month:{name}").add_argument("id", metavar="ID", help=say("cli-id"))
    add_command(commands, "bills", "bills:run")
    statement = add_command(commands, "statement", "month:statement")
    statement.add_argument("id", metavar="ID", help=say("cli-id"))
    statement.add_argument("out", type=Path, nargs="?", metavar="DIR", help=say("cli-statement-out"))
    issued = add_command(commands, "certificates", "certificates:run")
    issued.add_argument("out", type=Path, nargs="?", metavar="DIR", help=say("cli-certificates-out"))
    compared = add_command(commands, "reconcile", "reconcile:run")
    compared.add_argument("file", type=Path, metavar="FILE", help=say("cli-payroll"))
    compared.add_argument("--period", type=period, metavar="YYYY-MM", help=say("cli-reconcile-period"))
    compared.add_argument("--out", type=Path, metavar="OUT.xlsx", help=say("cli-reconcile-out"))


def _query(commands: Subparsers) -> None:
    group = add_group(commands, "query")
    add_command(group, "list", "query:list_all", "cli-help-query-list")
    ask = add_command(group, "ask", "query:ask", "cli-help-query-ask")
    ask.add_argument("query", metavar="QUERY", help=say("cli-query"))
    ask.add_argument("inputs", nargs="*", type=named_value, metavar="NAME=VALUE", help=say("cli-query-inputs"))
    batch = add_command(group, "batch", "services:many", "cli-help-query-batch")
    batch.add_argument("query", metavar="QUERY", help=say("cli-query"))
    batch.add_argument("file", type=Path, metavar="FILE", help=say("cli-query-file"))
    batch.add_argument("out", type=Path, nargs="?", metavar="OUT.xlsx", help=say("cli-query-out"))
    _watches(add_group(group, "watch"))
    ticket = add_command(commands, "ticket", "services:ticket")
    ticket.add_argument("id", metavar="ID", help=say("cli-id"))
    for name, needed in (("subject", True), ("question", True), ("contact", True), ("phone", True)):
        ticket.add_argument(f"--{name}", required=needed, metavar="TEXT", help=say(f"cli-ticket-{name}"))
    ticket.add_argument("--category", default="1", metavar="CODE", help=say("cli-ticket-category"))
    ticket.add_argument("--screenshot", type=Path, metavar="FILE", help=say("cli-ticket-screenshot"))
    ticket.add_argument("--stage", action="store_true", help=say("cli-ticket-stage"))
    notices = add_group(commands, "notices")
    add_command(notices, "list", "notices:list_all", "cli-help-notices-list")
    read = add_command(notices, "read", "notices:read", "cli-help-notices-read")
    read.add_argument("ref", metavar="REF", help=say("cli-notice-ref"))
    told = add_command(notices, "messages", "services:messages", "cli-help-notices-messages")
    told.add_argument("--topic", metavar="CODE", help=say("cli-desk-topic"))
    found = add_group(commands, "knowledge")
    listed = add_command(found, "list", "services:articles", "cli-help-knowledge-list")
    listed.add_argument("text", nargs="?", metavar="TEXT", help=say("cli-knowledge-text"))
    listed.add_argument("--form", metavar="FORM", help=say("cli-desk-article-form"))
    listed.add_argument("--finding", action="append", default=[], metavar="CODE", help=say("cli-desk-article-finding"))
    shown = add_command(found, "show", "services:article", "cli-help-knowledge-show")
    shown.add_argument("id", metavar="ID", help=say("cli-desk-article-id"))
    account = add_group(commands, "accounts")
    every = add_command(account, "list", "services:accounts", "cli-help-accounts-list")
    every.add_argument("--refresh", action="store_true", help=say("cli-accounts-refresh"))
    every.add_argument("--category", choices=("contribution", "bank", "linked"), help=say("cli-accounts-category"))
    add_command(account, "log", "services:log", "cli-help-accounts-log")


def _watches(acts: Subparsers) -> None:
    add = add_command(acts, "add", "query_watch:add", "cli-help-watch-add")
    add.add_argument("query", metavar="QUERY", help=say("cli-query"))
    add.add_argument("inputs", nargs="*", type=named_value, metavar="NAME=VALUE", help=say("cli-query-inputs"))
    add_command(acts, "list", "query_watch:list_all", "cli-help-watch-list")
    remove = add_command(acts, "remove", "query_watch:remove", "cli-help-watch-remove")
    remove.add_argument("number", type=int, metavar="NUMBER", help=say("cli-watch-number"))


def _queue(commands: Subparsers) -> None:
    group = commands.add_parser("outbox", help=say("cli-help-outbox"))
    group.set_defaults(run="queue:list_all")
    acts: Subparsers = group.add_subparsers(metavar="ACT")
    add_command(acts, "list", "queue:list_all", "cli-help-outbox-list")
    for name in ("retry", "withdraw"):
        add_command(acts, name, f"queue:{name}").add_argument("id", metavar="ID", help=say("cli-id"))
    export = add_command(acts, "export", "queue:export")
    export.add_argument("id", metavar="ID", help=say("cli-id"))
    export.add_argument("folder", type=Path, metavar="DIR", help=say("cli-export-folder"))
    record = add_command(acts, "record", "queue:record", "cli-help-outbox-record")
    record.add_argument("out", type=Path, nargs="?", metavar="DIR", help=say("cli-record-out"))
    record.add_argument("--period", type=period, metavar="YYYY-MM", help=say("cli-record-period"))
    record.add_argument("--pin-file", type=Path, metavar="FILE", help=say("cli-pin-file"))
    reply = add_command(acts, "import-reply", "queue:import_reply")
    reply.add_argument("file", type=Path, metavar="FILE", help=say("cli-reply-file"))


def _pen(commands: Subparsers) -> None:
    group = add_group(commands, "pen")
    for act in ("show", "ask", "take", "give"):
        add_command(group, act, f"pen:{act}", f"cli-help-pen-{act}")


def _safe_keeping(commands: Subparsers) -> None:
    verify = add_command(commands, "verify", "safekeeping:verify")
    verify.add_argument("file", type=Path, metavar="FILE", help=say("cli-verify-file"))
    verify.add_argument("--ca", type=Path, metavar="FILE", help=say("cli-ca"))
    backup = add_command(commands, "backup", "safekeeping:backup")
    backup.add_argument("out", type=Path, nargs="?", metavar="OUT", help=say("cli-backup-out"))
    backup.add_argument("--automatic", action="store_true", help=say("cli-backup-automatic"))
    backup.set_defaults(usage_error=backup.error)
    restore = add_command(commands, "restore", "safekeeping:restore")
    restore.add_argument("file", type=Path, metavar="FILE", help=say("cli-restore-file"))
    for command in (backup, restore):
        command.add_argument("--passphrase-file", type=Path, metavar="FILE", help=say("cli-passphrase-file"))
    export = add_command(commands, "export-data", "exporting:run")
    export.add_argument("folder", type=folder, metavar="DIR", help=say("cli-export-data-folder"))
    for side in ("since", "until"):
        export.add_argument(f"--{side}", type=period, metavar="YYYY-MM", help=say(f"cli-export-{side}"))
    add_command(commands, "check-db", "safekeeping:check_db")
    journal = add_command(commands, "verify-journal", "safekeeping:verify_journal")
    journal.add_argument("file", type=Path, nargs="?", metavar="FILE", help=say("cli-journal-file"))
    journal.add_argument("--backup", type=Path, metavar="FILE", help=say("cli-journal-backup"))
    journal.add_argument("--passphrase-file", type=Path, metavar="FILE", help=say("cli-passphrase-file"))
    journal.set_defaults(usage_error=journal.error)
    add_command(commands, "export-journal", "safekeeping:export_journal").add_argument(
        "out", type=Path, metavar="OUT", help=say("cli-journal-out")
    )
    diagnosis = add_group(commands, "diagnosis")
    made = add_command(diagnosis, "write", "safekeeping:write_diagnosis", "cli-help-diagnosis-write")
    made.add_argument("out", type=Path, metavar="OUT", help=say("cli-diagnosis-out"))
    made.add_argument("--cert", type=Path, metavar="FILE", help=say("cli-diagnosis-cert"))
    read = add_command(diagnosis, "read", "safekeeping:read_diagnosis", "cli-help-diagnosis-read")
    read.add_argument("file", type=Path, metavar="FILE", help=say("cli-diagnosis-file"))
    read.add_argument("folder", type=folder, metavar="DIR", help=say("cli-diagnosis-folder"))


def _settings(commands: Subparsers) -> None:
    config = add_command(commands, "config", "settings:config")
    config.add_argument("key", nargs="?", metavar="KEY", help=say("cli-config-key"))
    change = config.add_mutually_exclusive_group()
    change.add_argument("value", nargs="?", metavar="VALUE", help=say("cli-config-value"))
    change.add_argument("--unset", action="store_true", help=say("cli-config-unset"))
    config.set_defaults(usage_error=config.error)
