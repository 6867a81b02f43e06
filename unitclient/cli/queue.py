"""`unitclient outbox ...`."""

from __future__ import annotations

import argparse

from unitclient.app import open_unit_desk
from unitclient.cli.deadline import countdown_lines, need_json, need_lines
from unitclient.cli.month import file_lines
from unitclient.cli.output import Answer, table
from unitclient.cli.prompt import unit_prompt
from unitclient.cli.speak import moment, outcome, yuan
from unitclient.texts import say
from unitclient.workflows import queueing
from unitclient.workflows.countdown import countdown
from unitclient.workflows.month_state import queue_card
from unitclient.workflows.outage import attempt_record, write_record
from unitclient.workflows.unit_keys import unit_signer
from unitclient.workflows.values import Submission


def list_all(args: argparse.Namespace) -> Answer:
    """What was queued and where it stands."""
    with open_unit_desk(args.home) as (desk, unit):
        rows = queueing.list_outbox(desk, unit)
        need, left = queue_card(desk, unit).need, countdown(desk, unit)
    lines = outbox_lines(rows) if rows else [say("outbox-empty")]
    told = {"outbox": [queueing.submission_json(row) for row in rows], "need": need_json(need)}
    return Answer({**told, "countdown": left.to_json()}, (*lines, *need_lines(need), *countdown_lines(left)))


def outbox_lines(rows: list[Submission]) -> list[str]:
    """A table, and below a submission what came of the last try when it was no success."""
    headers = [say(key) for key in ("id", "state", "attempts", "next-at", "sum")]
    head, *body = table(headers, [_row(row) for row in rows], right=(2, 4))
    lines = [head]
    for row, line in zip(rows, body, strict=True):
        lines.append(line)
        if row.last_code and row.state != "delivered":
            lines.append(say("outbox-last-result", result=outcome(row.last_code)))
    return lines


def _row(row: Submission) -> list[str]:
    when = moment(row.next_at)[5:] if row.next_at else ""
    return [row.submission_id, say(f"transport-{row.state.value}"), str(row.attempts), when, yuan(row.total_fen)]


def retry(args: argparse.Namespace) -> Answer:
    """Make a submission due at once."""
    with open_unit_desk(args.home) as (desk, _):
        row = queueing.retry_now(desk, args.id)
    return Answer({"submission": queueing.submission_json(row)}, (say("outbox-retried", id=args.id),))


def withdraw(args: argparse.Namespace) -> Answer:
    """Take a submission out of the queue."""
    with open_unit_desk(args.home) as (desk, unit):
        row = queueing.withdraw(desk, unit, args.id)
    return Answer({"submission": queueing.submission_json(row)}, (say("outbox-withdrawn", id=args.id),))


def export(args: argparse.Namespace) -> Answer:
    """Write the signed container into a folder."""
    with open_unit_desk(args.home) as (desk, _):
        path = queueing.export(desk, args.id, args.folder)
    return Answer({"container": str(path)}, (say("file-left", path=path),))


def import_reply(args: argparse.Namespace) -> Answer:
    """Take the centre's receipt from a file."""
    with open_unit_desk(args.home) as (desk, unit):
        told = queueing.import_reply(desk, unit, args.file)
    return Answer(told, (say("reply-taken", number=told["acceptance_number"]),))


def record(args: argparse.Namespace) -> Answer:
    """Sign the record of all attempts, and write it as a file and as a PDF to be handed in."""
    with open_unit_desk(args.home) as (desk, unit):
        made = attempt_record(desk, unit, args.period)
        with unit_signer(args.home, unit, unit_prompt(args.home, unit, args.pin_file)) as signer:
            files = write_record(desk, unit, made, signer, args.out or desk.exports)
    told = {"attempts": made.attempts, "failed": made.failed, "sha256": made.sha256}
    line = say("outage-written", count=made.attempts, failed=made.failed)
    return Answer({**told, "files": {name: str(path) for name, path in files.items()}}, (line, *file_lines(files)))
