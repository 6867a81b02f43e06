"""`unitclient pending ...`."""

from __future__ import annotations

import argparse

from unitclient.app import open_unit_desk
from unitclient.cli.output import Answer, table
from unitclient.texts import say
from unitclient.workflows.pending import discard as take_back
from unitclient.workflows.pending import pending_rows
from unitclient.workflows.rights import need_persons
from unitclient.workflows.templates import known_forms


def list_all(args: argparse.Namespace) -> Answer:
    """Rows that were imported and not signed."""
    with open_unit_desk(args.home) as (desk, unit):
        need_persons(desk)
        rows = pending_rows(desk, unit, args.form)
        titles = {form["form"]: form["title"] for form in known_forms(desk)}
    headers = [say(key) for key in ("pending-number", "form-title", "name", "id-number", "pending-month", "state")]
    cells = [
        [
            str(row.id),
            titles.get(row.form, row.form),
            row.name,
            row.person_id,
            row.effect_month,
            say("pending-prepared" if row.prepared else "pending-waits"),
        ]
        for row in rows
    ]
    lines = table(headers, cells, right=(0,)) if cells else [say("pending-none")]
    return Answer({"pending": [row.to_json() for row in rows]}, tuple(lines))


def discard(args: argparse.Namespace) -> Answer:
    """Take rows back that were imported by mistake."""
    with open_unit_desk(args.home) as (desk, unit):
        count = take_back(desk, unit, args.numbers)
    return Answer({"discarded": count}, (say("pending-discarded", count=count),))
