"""Verification, backup, restore and the checks of the local database on the command line."""

from __future__ import annotations

import argparse
from typing import Any

from unitclient.app import has_database, open_desk
from unitclient.cli.findings import finding_json, finding_lines
from unitclient.cli.output import DONE, FAILED, MENDABLE, Answer, Progress, pairs
from unitclient.cli.secrets import secrets_of, signs_in
from unitclient.cli.speak import moment
from unitclient.clock import SystemClock
from unitclient.texts import say
from unitclient.workflows import diagnosis_file
from unitclient.workflows.files import first_line
from unitclient.workflows.journal_files import check_journal, check_journal_file
from unitclient.workflows.journal_files import export_journal as write_journal
from unitclient.workflows.safekeeping import check_database, make_automatic, make_backup, restore_backup
from unitclient.workflows.units import all_units
from unitclient.workflows.values import CheckReport
from unitclient.workflows.verifying import Verified, known_trust, named_trust, verify_file


def verify(args: argparse.Namespace) -> Answer:
    """Verify a container or a document of the centre; exit code 1 when it does not hold."""
    now = SystemClock().now()
    if args.ca:
        result = verify_file(args.file, named_trust(args.ca), now)
    elif has_database(args.home):
        with open_desk(args.home) as desk:
            result = verify_file(args.file, known_trust(desk), now)
    else:
        result = verify_file(args.file, known_trust(None), now)
    return Answer(_verified_json(result), tuple(_verified_lines(result)), DONE if result.ok else MENDABLE)


def _verified_json(result: Verified) -> dict[str, Any]:
    return {
        "ok": result.ok,
        "signer": result.signer,
        "time": result.time.isoformat() if result.time else None,
        "findings": [finding_json(finding) for finding in result.findings],
        "content": result.content,
    }


def _verified_lines(result: Verified) -> list[str]:
    lines = [say("verified" if result.ok else "not-verified")]
    lines += pairs(
        [
            (say("verified-signer"), _common_name(result.signer)),
            (say("verified-time"), moment(result.time) if result.time else ""),
            (say("period"), str(result.content.get("period", ""))),
            (say("unit-number"), str(result.content.get("unit_number", ""))),
            (say("id"), str(result.content.get("submission_id", ""))),
        ]
    )
    return lines + finding_lines(result.findings)


def _common_name(subject: str) -> str:
    """The readable part of a certificate's name (RFC 4514), or all of it."""
    parts = [part for part in subject.split(",") if part.startswith("CN=")]
    return parts[0].removeprefix("CN=") if parts else subject


def backup(args: argparse.Namespace) -> Answer:
    """Back up the database; the copy was restored and compared before this says done."""
    if bool(args.out) == args.automatic:
        args.usage_error(say("cli-backup-one-place"))
    Progress(args.json).step(say("backing-up"))
    with open_desk(args.home) as desk:
        if args.automatic:
            report = make_automatic(desk, args.passphrase_file)
        else:
            report = make_backup(desk, args.out, args.passphrase_file)
    if report is None:
        return Answer({"path": None}, (say("cli-backup-not-due"),))
    told = {"path": str(report.path), "bytes": report.bytes, "rows": report.rows, "own_key": report.own_key}
    key = "backup-made-own-key" if report.own_key else "backup-made"
    return Answer(told, (say(key, path=report.path, rows=sum(report.rows.values())),))


def restore(args: argparse.Namespace) -> Answer:
    """Restore a backup; what was there is kept beside."""
    Progress(args.json).step(say("restoring", path=args.file))
    operator, word = signs_in(args)
    report = restore_backup(args.file, args.home, args.passphrase_file, SystemClock(), word, operator)
    aside = str(report.moved_aside) if report.moved_aside else None
    told = {"rows": report.rows, "made_at": report.made_at, "moved_aside": aside}
    lines = [say("restored", made_at=moment(report.made_at), rows=sum(report.rows.values()))]
    if aside:
        lines.append(say("restored-aside", path=aside))
    return Answer(told, tuple(lines))


def check_db(args: argparse.Namespace) -> Answer:
    """Check the database: pages, structure, references, journal; exit code 3 when it is damaged."""
    with open_desk(args.home) as desk:
        report = check_database(desk)
    lines = (say("database-ok" if report.ok else "database-bad"), *_damages(report))
    return Answer(_check_json(report), lines, DONE if report.ok else FAILED)


def _check_json(report: CheckReport) -> dict[str, Any]:
    return {
        "ok": report.ok,
        "schema": report.schema,
        "damaged_pages": list(report.damaged_pages),
        "structure": list(report.structure),
        "orphans": report.orphans,
        "journal_broken_at": report.journal_broken_at,
        "rows": report.rows,
    }


def _damages(report: CheckReport) -> list[str]:
    told = [
        ("check-pages", len(report.damaged_pages)),
        ("check-structure", len(report.structure)),
        ("check-orphans", report.orphans),
        ("check-journal", report.journal_broken_at or 0),
    ]
    return [say(key, count=count) for key, count in told if count]


def verify_journal(args: argparse.Namespace) -> Answer:
    """Check the journal in the database or in an exported file; exit code 3 when something is wrong with it."""
    if args.file and args.backup:
        args.usage_error(say("journal-file-or-backup"))
    if args.file and not has_database(args.home):
        report = check_journal_file(args.file)
    else:
        with open_desk(args.home) as desk:
            word = first_line(args.passphrase_file) if args.passphrase_file else None
            report = check_journal_file(args.file, desk) if args.file else check_journal(desk, args.backup, word)
    whole = report.broken_at is None
    told = {"ok": whole, "entries": report.entries, "broken_at": report.broken_at, "head": report.head,
            "against": report.against}  # fmt: skip
    line = say("journal-ok" if whole else "journal-broken", count=report.entries, seq=report.broken_at)
    lines = [line, say("journal-head", head=report.head)]
    if report.against:
        lines.append(say(f"journal-against-{report.against}"))
    return Answer(told, tuple(lines), DONE if whole else FAILED)


def export_journal(args: argparse.Namespace) -> Answer:
    """Write the journal into a file that proves itself."""
    with open_desk(args.home) as desk:
        report = write_journal(desk, args.out)
    told = {"path": str(args.out), "entries": report.entries, "head": report.head}
    line = say("journal-exported", path=args.out, count=report.entries)
    return Answer(told, (line, say("journal-head", head=report.head)))


def write_diagnosis(args: argparse.Namespace) -> Answer:
    """Write the diagnostics file, for a help desk's certificate or with a password that is asked for."""
    with open_desk(args.home) as desk:
        word = None if args.cert else secrets_of(args).ask_new()
        unit = next((unit for unit in all_units(desk) if unit.selected), None)
        made = diagnosis_file.write_diagnosis(desk, unit, args.out, password=word, certificate=args.cert)
    told = {"path": str(made.path), "members": list(made.members)}
    return Answer(told, (say("diagnosis-written", path=made.path, count=len(made.members)),))


def read_diagnosis(args: argparse.Namespace) -> Answer:
    """Open a diagnostics file that was made with a password, into a folder."""
    members = diagnosis_file.unpack_diagnosis(args.file, secrets_of(args).ask("cli-diagnosis-password"), args.folder)
    told = {"folder": str(args.folder), "members": list(members)}
    return Answer(told, (say("diagnosis-read", folder=args.folder, count=len(members)),))
