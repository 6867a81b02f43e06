"""`unitclient reconcile`: payroll, declaration, bill, debit and posting of a month against one another."""

from __future__ import annotations

import argparse

from unitclient.app import open_unit_desk
from unitclient.cli.findings import SHOWN, finding_json, finding_lines, joined
from unitclient.cli.output import DONE, MENDABLE, Answer, table
from unitclient.cli.speak import aside_lines, tracks, yuan
from unitclient.domain.period import Period
from unitclient.texts import say
from unitclient.workflows.reconciling import Reconciled, reconcile
from unitclient.workflows.reconciling_table import (
    check_out,
    insurance_words,
    kind_words,
    money_words,
    write_differences,
)
from unitclient.workflows.rights import need_persons


def run(args: argparse.Namespace) -> Answer:
    """Compare, and write the differences when asked; exit code 1 when anything differs."""
    if args.out:
        check_out(args.out, args.file)
    with open_unit_desk(args.home) as (desk, unit):
        period = args.period or Period.of(desk.today())
        need_persons(desk)
        found = reconcile(desk, unit, args.file, period)
        aside = write_differences(desk, unit, found, args.out) if args.out else None
    told = {
        **found.to_json(),
        "findings": [finding_json(finding) for finding in found.findings],
        "workbook": str(args.out) if args.out else None,
        "moved_aside": str(aside) if aside else None,
    }
    written = [say("reconcile-written", path=args.out), *aside_lines(aside)] if args.out else []
    return Answer(told, (*_lines(found), *written), DONE if found.agrees else MENDABLE)


def _lines(found: Reconciled) -> list[str]:
    columns = joined(found.titles.values())
    head = [
        say("reconcile-head", period=found.period, tracks=tracks(found.declaration)),
        say("reconcile-columns", sheet=found.sheet, columns=columns),
        *_sums(found),
    ]
    if found.agrees:
        return [*head, *finding_lines(found.findings), say("reconcile-agrees")]
    return [*head, *_persons(found), *_money(found), *finding_lines(found.findings)]


def _sums(found: Reconciled) -> list[str]:
    titles = [say("insurance"), *(say(f"reconcile-{name}") for name in ("payroll", "declared", "difference"))]
    rows = [
        [insurance_words(one.insurance), yuan(one.payroll_fen), yuan(one.declared_fen), yuan(one.difference_fen)]
        for one in found.sums
    ]
    payroll, declared = sum(s.payroll_fen for s in found.sums), sum(s.declared_fen for s in found.sums)
    rows.append([say("sum"), yuan(payroll), yuan(declared), yuan(payroll - declared)])
    return table(titles, rows, right=(1, 2, 3))


def _persons(found: Reconciled) -> list[str]:
    if not found.persons:
        return []
    names = ("payroll", "declared", "difference")
    titles = [say("name"), say("id-number"), say("insurance"), *(say(f"reconcile-{name}") for name in names)]
    rows = [
        [one.name, one.id_number, insurance_words(one.insurance), yuan(one.payroll_fen), yuan(one.declared_fen),
         yuan(one.difference_fen), kind_words(one.kind)]
        for one in found.persons[:SHOWN]
    ]  # fmt: skip
    more = len(found.persons) - SHOWN
    shown = table([*titles, say("reconcile-kind")], rows, right=(3, 4, 5))
    return [say("reconcile-persons", count=len(found.persons)), *shown, *([say("and-more", count=more)] * (more > 0))]


def _money(found: Reconciled) -> list[str]:
    if not found.money:
        return []
    titles = [say("reconcile-kind"), say("insurance"), say("reconcile-side"),
              *(say(f"reconcile-{name}") for name in ("expected", "actual", "difference"))]  # fmt: skip
    rows = [
        [money_words(one)[0], *money_words(one)[3:], yuan(one.expected_fen), yuan(one.actual_fen),
         yuan(one.difference_fen)]
        for one in found.money
    ]  # fmt: skip
    return [say("reconcile-money", count=len(found.money)), *table(titles, rows, right=(3, 4, 5))]
