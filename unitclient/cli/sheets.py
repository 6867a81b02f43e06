"""Forms, templates, import and roster on the command line."""

from __future__ import annotations

import argparse
from typing import Any

from unitclient.app import open_desk, open_unit_desk
from unitclient.cli.findings import finding_json, finding_lines, joined
from unitclient.cli.output import DONE, MENDABLE, Answer, Progress, table
from unitclient.cli.speak import aside_lines, yuan
from unitclient.texts import say
from unitclient.workflows.importing import ImportResult
from unitclient.workflows.importing import import_form as import_into
from unitclient.workflows.rights import need_persons
from unitclient.workflows.roster import RosterEntry
from unitclient.workflows.roster import roster as read_roster
from unitclient.workflows.templates import known_forms, make_template


def forms(args: argparse.Namespace) -> Answer:
    """The businesses of the catalogue."""
    with open_desk(args.home) as desk:
        known = known_forms(desk)
    rows = [[form["form"], form["title"], str(form["version"])] for form in known]
    return Answer({"forms": known}, tuple(table([say("form-id"), say("form-title"), say("form-version")], rows)))


def template(args: argparse.Namespace) -> Answer:
    """Write an Excel template, with the roster when asked."""
    if args.prefill:
        with open_unit_desk(args.home) as (desk, unit):
            written = make_template(desk, args.form, args.out, unit)
    else:
        with open_desk(args.home) as desk:
            written = make_template(desk, args.form, args.out)
    key = "template-prefilled" if args.prefill else "template-written"
    lines = (say(key, path=written.path, count=written.prefilled), *aside_lines(written.moved_aside))
    return Answer(written.to_json(), lines)


def import_form(args: argparse.Namespace) -> Answer:
    """Import a spreadsheet for a form; exit code 1 when a row was refused."""
    progress = Progress(args.json)
    with open_unit_desk(args.home) as (desk, unit):
        progress.step(say("importing", path=args.file))
        result = import_into(
            desk,
            unit,
            args.form,
            args.file,
            errors_out=args.errors,
            period=args.period,
            count=progress.count,
            correct=args.correct,
        )
    return Answer(import_json(result), tuple(import_lines(result)), MENDABLE if result.refused else DONE)


def import_json(result: ImportResult) -> dict[str, Any]:
    """The result of an import for machines."""
    return {
        "read": result.read,
        "taken": result.taken,
        "updated": result.updated,
        "unchanged": result.unchanged,
        "refused": result.refused,
        "defaulted": list(result.defaulted),
        "consequences": list(result.consequences),
        "findings": [finding_json(finding) for finding in result.findings],
        "error_workbook": str(result.error_workbook) if result.error_workbook else None,
    }


def import_lines(result: ImportResult) -> list[str]:
    """The result of an import for people."""
    lines = [say("imported", read=result.read, taken=result.taken, unchanged=result.unchanged, refused=result.refused)]
    if result.defaulted:
        lines.append(say("import-defaulted", fields=joined(result.defaulted)))
    lines += [say("consequence", text=text) for text in result.consequences]
    lines += finding_lines(result.findings)
    if result.error_workbook:
        lines.append(say("error-workbook", path=result.error_workbook))
    return lines


def roster(args: argparse.Namespace) -> Answer:
    """The roster, with our own undecided changes laid over it."""
    with open_unit_desk(args.home) as (desk, unit):
        need_persons(desk)
        people = read_roster(desk, unit, args.period)
        titles = {form["form"]: form["title"] for form in known_forms(desk)}
    lines = roster_lines(people, titles) if people else [say("roster-empty")]
    return Answer({"persons": [entry.to_json() for entry in people]}, tuple(lines))


def roster_lines(people: list[RosterEntry], titles: dict[str, str]) -> list[str]:
    """The roster as a table and how many there are."""
    headers = [say(key) for key in ("id-number", "name", "state", "insurances", "wage", "base", "pending")]
    rows = [
        [
            entry.person.id_number,
            entry.person.name,
            say(f"person-{entry.state}"),
            str(len(entry.person.coverage)),
            yuan(entry.person.wage_fen),
            _bases(entry.bases),
            joined(titles.get(form, form) for form in entry.pending),
        ]
        for entry in people
    ]
    return [*table(headers, rows, right=(3, 4, 5)), say("roster-count", count=len(people))]


def _bases(bases: dict[str, int]) -> str:
    """One amount, or the lowest and the highest where floors and caps differ by insurance."""
    amounts = sorted(set(bases.values()))
    if not amounts:
        return ""
    return yuan(amounts[0]) if len(amounts) == 1 else f"{yuan(amounts[0])}–{yuan(amounts[-1])}"
