"""Templates, import, roster, verification, safe-keeping on the command line."""

from __future__ import annotations

import argparse
from pathlib import Path

from unitclient.app import open_desk, open_unit_desk
from unitclient.cli.output import DONE, MENDABLE, Answer, Progress, table
from unitclient.cli.speak import finding_json, finding_lines, yuan
from unitclient.clock import SystemClock
from unitclient.errors import UserError
from unitclient.paths import certs_root
from unitclient.seal.trust import TrustStore
from unitclient.sheets.template import write_template
from unitclient.store import restore as restoring
from unitclient.store.check import CheckReport
from unitclient.store.check import check_db as check_store
from unitclient.store.journal import entries
from unitclient.store.journal import verify_journal as broken_entry
from unitclient.store.units import list_units
from unitclient.texts import say
from unitclient.workflows.importing import ImportResult
from unitclient.workflows.importing import import_form as import_into
from unitclient.workflows.roster import RosterEntry
from unitclient.workflows.roster import roster as read_roster
from unitclient.workflows.safekeeping import back_up
from unitclient.workflows.verifying import Verified, verify_file


def forms(args: argparse.Namespace) -> Answer:
    """The businesses of the catalogue."""
    with open_desk(args.home) as desk:
        known = [
            {"form": form.id, "version": form.version, "title": str(form.title), "importable": form.importable}
            for form in desk.catalog.forms.values()
        ]
    rows = [[str(form["form"]), str(form["version"]), str(form["title"])] for form in known]
    return Answer({"forms": known}, tuple(table([say("form-id"), say("form-version"), say("form-title")], rows)))


def template(args: argparse.Namespace) -> Answer:
    """Write an Excel template, with the roster when asked."""
    with open_desk(args.home) as desk:
        form = desk.catalog.form(args.form)
        rows: list[dict[str, object]] = []
        if args.prefill:
            with open_unit_desk(args.home) as (unit_desk, unit):
                rows = [_prefill(entry) for entry in read_roster(unit_desk, unit) if entry.state != "terminated"]
        try:
            write_template(form, args.out, prefill=rows)
        except OSError as failure:
            raise UserError("file-unwritable", path=args.out) from failure
    told = {"form": form.id, "template": str(args.out), "prefilled": len(rows)}
    return Answer(told, (say("template-written", path=args.out, count=len(rows)),))


def _prefill(entry: RosterEntry) -> dict[str, object]:
    return {
        "id_number": entry.person.id_number,
        "id_kind": entry.person.id_kind,
        "name": entry.person.name,
        "old_wage": entry.person.wage_fen,
    }


def import_form(args: argparse.Namespace) -> Answer:
    """Import a spreadsheet for a form."""
    progress = Progress(args.json)
    with open_unit_desk(args.home) as (desk, unit):
        progress.step(say("importing", path=args.file))
        result = import_into(
            desk, unit, args.form, args.file, errors_out=args.errors, period=args.period, count=progress.count
        )
    return Answer(import_json(result), tuple(import_lines(result)), MENDABLE if result.refused else DONE)


def import_json(result: ImportResult) -> dict[str, object]:
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
        lines.append(say("import-defaulted", fields="、".join(result.defaulted)))
    lines += [say("consequence", text=text) for text in result.consequences]
    lines += finding_lines(result.findings)
    if result.error_workbook:
        lines.append(say("error-workbook", path=result.error_workbook))
    return lines


def roster(args: argparse.Namespace) -> Answer:
    """The roster, with our own undecided changes laid over it."""
    with open_unit_desk(args.home) as (desk, unit):
        people = read_roster(desk, unit, args.period)
    headers = [say(key) for key in ("id-number", "name", "state", "insurances", "wage", "pending")]
    rows = [
        [
            entry.person.id_number,
            entry.person.name,
            say(f"person-{entry.state}"),
            str(len(entry.person.coverage)),
            yuan(entry.person.wage_fen),
            "、".join(entry.pending),
        ]
        for entry in people
    ]
    lines = table(headers, rows, right=(4,)) if rows else [say("roster-empty")]
    return Answer({"persons": [entry.to_json() for entry in people]}, tuple(lines))


def verify(args: argparse.Namespace) -> Answer:
    """Verify a container or a document of the centre; exit code 1 when it does not hold."""
    trust = TrustStore.from_folder(certs_root())
    clock = SystemClock()
    if args.ca:
        trust = trust.joined(_trusted(args.ca))
    else:
        with open_desk(args.home) as desk:
            for unit in list_units(desk.store):
                trust = trust.joined(TrustStore.from_pem(unit.ca_pem.encode()))
    result = verify_file(args.file, trust, clock.now())
    return Answer(_verified_json(result), tuple(_verified_lines(result)), DONE if result.ok else MENDABLE)


def _trusted(path: Path) -> TrustStore:
    try:
        return TrustStore.from_pem(path.read_bytes())
    except OSError as failure:
        raise UserError("file-missing", path=path) from failure
    except ValueError as failure:
        raise UserError("ca-missing") from failure


def _verified_json(result: Verified) -> dict[str, object]:
    return {
        "ok": result.ok,
        "signer": result.signer,
        "time": result.time.isoformat() if result.time else None,
        "findings": [finding_json(finding) for finding in result.findings],
        "content": result.content,
    }


def _verified_lines(result: Verified) -> list[str]:
    lines = [say("verified" if result.ok else "not-verified")]
    if result.signer:
        lines.append(say("signed-by", signer=result.signer, time=result.time or ""))
    return lines + finding_lines(result.findings)


def _passphrase(path: Path | None) -> str | None:
    if path is None:
        return None
    try:
        return path.read_text("utf-8").splitlines()[0]
    except (OSError, IndexError) as failure:
        raise UserError("file-missing", path=path) from failure


def backup(args: argparse.Namespace) -> Answer:
    """Back up the database; the copy was restored and compared before this says done."""
    with open_desk(args.home) as desk:
        report = back_up(desk, args.out, _passphrase(args.passphrase_file))
    told = {"path": str(report.path), "bytes": report.bytes, "rows": report.rows, "own_key": report.own_key}
    key = "backup-made-own-key" if report.own_key else "backup-made"
    return Answer(told, (say(key, path=report.path, rows=sum(report.rows.values())),))


def restore(args: argparse.Namespace) -> Answer:
    """Restore a backup; what was there is kept beside."""
    report = restoring.restore(args.file, args.home, _passphrase(args.passphrase_file), clock=SystemClock())
    aside = str(report.moved_aside) if report.moved_aside else None
    told = {"rows": report.rows, "made_at": report.made_at, "moved_aside": aside}
    lines = [say("restored", made_at=report.made_at, rows=sum(report.rows.values()))]
    if aside:
        lines.append(say("restored-aside", path=aside))
    return Answer(told, tuple(lines))


def check_db(args: argparse.Namespace) -> Answer:
    """Check the database: pages, structure, references, journal."""
    with open_desk(args.home) as desk:
        report = check_store(desk.store)
    return Answer(_check_json(report), (say("database-ok" if report.ok else "database-bad"),), DONE if report.ok else 3)


def _check_json(report: CheckReport) -> dict[str, object]:
    return {
        "ok": report.ok,
        "schema": report.schema,
        "damaged_pages": list(report.damaged_pages),
        "structure": list(report.structure),
        "orphans": report.orphans,
        "journal_broken_at": report.journal_broken_at,
        "rows": report.rows,
    }


def verify_journal(args: argparse.Namespace) -> Answer:
    """Check the journal's chain of hashes."""
    with open_desk(args.home) as desk:
        broken = broken_entry(desk.store)
        count = len(entries(desk.store))
    told = {"ok": broken is None, "entries": count, "broken_at": broken}
    key = "journal-ok" if broken is None else "journal-broken"
    return Answer(told, (say(key, count=count, seq=broken),), DONE if broken is None else 3)
