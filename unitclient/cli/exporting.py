"""`unitclient export-data`: everything that is here of the unit, into a folder."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from unitclient.app import open_unit_desk
from unitclient.cli.output import Answer, Progress
from unitclient.texts import say
from unitclient.workflows.export_books import Span
from unitclient.workflows.exporting import export_data


def run(args: argparse.Namespace) -> Answer:
    """Write an export of the selected unit into a new folder."""
    Progress(args.json).step(say("exporting"))
    with open_unit_desk(args.home) as (desk, unit):
        made = export_data(desk, unit, args.folder, Span(args.since, args.until))
    told = {"folder": str(made.folder), "files": [asdict(one) for one in made.files]}
    line = say("exported", folder=made.folder, files=len(made.files) + 1, documents=made.documents())
    return Answer(told, (line,))
