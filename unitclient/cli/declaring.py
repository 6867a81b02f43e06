"""`unitclient declare` and `unitclient register`."""

from __future__ import annotations

import argparse

from unitclient.app import open_unit_desk
from unitclient.cli.findings import finding_json, finding_lines
from unitclient.cli.output import Answer, table
from unitclient.texts import say
from unitclient.workflows.correcting import rows_again
from unitclient.workflows.declaring import prepare_form
from unitclient.workflows.registers import register_named, register_rows
from unitclient.workflows.rights import need_persons


def declare(args: argparse.Namespace) -> Answer:
    """Make a declaration of what is pending of one business, or the correction of an accepted one."""
    if args.with_rest and not args.correct:
        args.usage_error(say("declare-rest-of-what"))
    with open_unit_desk(args.home) as (desk, unit):
        if args.with_rest:
            rows_again(desk, unit, desk.catalog.form(args.form), args.correct)
        made = prepare_form(desk, unit, args.form, args.period, correct=args.correct)
        title = str(desk.catalog.form(made.form).title)
    told = {
        "declaration": made.declaration_id,
        "form": made.form,
        "period": str(made.period),
        "rows": made.rows,
        "findings": [finding_json(finding) for finding in made.findings],
    }
    done = say("declared", title=title, period=made.period, rows=made.rows, id=made.declaration_id)
    return Answer(told, (done, *finding_lines(made.findings)))


def register(args: argparse.Namespace) -> Answer:
    """The unit's entries of a register, as the centre told them last."""
    with open_unit_desk(args.home) as (desk, unit):
        need_persons(desk)
        kind = register_named(desk, args.name)
        rows = register_rows(desk, unit, args.name)
    heads = [say("register-key"), say("state"), *(str(title) for title in kind.columns.values())]
    cells = [[row.key_shown, row.state_title, *row.shown] for row in rows]
    lines = table(heads, cells) if rows else [say("register-empty", title=kind.title)]
    told = {"register": kind.name, "title": str(kind.title), "entries": [row.to_json() for row in rows]}
    return Answer(told, tuple(lines))
