"""Prepare, sign, sync, status, void, pay, statement on the command line."""

from __future__ import annotations

import argparse
from itertools import chain
from pathlib import Path
from typing import Any

from unitclient.app import open_unit_desk
from unitclient.cli.deadline import countdown_lines, moved_lines
from unitclient.cli.findings import SHOWN, finding_json, finding_lines, said_lines
from unitclient.cli.output import DONE, MENDABLE, Answer, Progress, table
from unitclient.cli.prompt import unit_prompt
from unitclient.cli.speak import (
    difference_lines,
    event_words,
    moment,
    named,
    outcome,
    totals_table,
    tracks,
    yuan,
)
from unitclient.cli.unit import countdown
from unitclient.domain.findings import Severity
from unitclient.texts import error_texts, finding_texts, say
from unitclient.workflows import countdown as deadlines
from unitclient.workflows.centre import trust_for_signing, with_centre_clock
from unitclient.workflows.certificate_roles import refuse_role
from unitclient.workflows.desk import Desk
from unitclient.workflows.elsewhere import learn_first
from unitclient.workflows.papers import write_signed_papers
from unitclient.workflows.paying import ask_again
from unitclient.workflows.prepare import Prepared, prepare_month, prepare_void
from unitclient.workflows.signing import Signed, sign_and_queue, to_sign
from unitclient.workflows.statements import write_papers, write_receipt_envelope
from unitclient.workflows.status import Light, Status, all_status, unanswered
from unitclient.workflows.status import status as status_of
from unitclient.workflows.syncing import SyncResult, sync_once, sync_until_settled
from unitclient.workflows.timestamps import timestamper, trust_with_authority
from unitclient.workflows.unit_keys import unit_signer
from unitclient.workflows.units import unit_json
from unitclient.workflows.values import Declaration, Event, Unit


def titles(desk: Desk) -> dict[str, str]:
    """{form id: title in the language in use}."""
    return {form.id: str(form.title) for form in desk.catalog.forms.values()}


def prepare(args: argparse.Namespace) -> Answer:
    """Prepare a month."""
    with open_unit_desk(args.home) as (desk, unit):
        result = prepare_month(desk, unit, args.period, correct=args.correct)
        lines = prepared_lines(result, titles(desk))
    return Answer(prepared_json(result), (*lines, say("prepared-next", id=result.declaration_id)))


def prepared_json(result: Prepared) -> dict[str, Any]:
    """A prepared month for machines; amounts in fen."""
    return {
        "declaration": result.declaration_id,
        "period": str(result.period),
        "lines": result.lines,
        "persons": result.persons,
        "totals": result.totals,
        "difference": [change.to_json() for change in result.difference],
        "findings": [finding_json(finding) for finding in result.findings],
        "requires": list(result.requires),
        "declarations": [{"id": name, "form": form, "rows": rows} for name, form, rows in result.others],
    }


def prepared_lines(result: Prepared, names: dict[str, str]) -> list[str]:
    """A prepared month for people."""
    lines = [say("prepared", period=result.period, persons=result.persons, lines=result.lines)]
    lines += [say("prepared-other", form=names[form], rows=rows) for _, form, rows in result.others]
    lines += totals_table(result.totals)
    lines += [say("difference-head"), *difference_lines(result.difference)]
    return lines + finding_lines(result.findings)


def sign(args: argparse.Namespace) -> Answer:
    """Sign and queue what was prepared."""
    if bool(args.ids) == args.all:
        args.usage_error(say("sign-what"))
    progress = Progress(args.json)
    with open_unit_desk(args.home) as (desk, unit):
        waiting = to_sign(desk, unit, args.ids)
        names = titles(desk)
        if not waiting:
            return Answer({"signed": []}, (say("nothing-to-sign"),))
        learn_first(desk, unit)
        progress.step(say("signing-head", count=len(waiting)))
        for known in waiting:
            progress.step(f"  {named(known, names)}  {say('rows', count=known.row_count)}")
        signed = sign_waiting(args.home, desk, unit, waiting, args.pin_file, progress)
    lines = [line for one in signed for line in _signed_lines(one, names)]
    return Answer({"signed": [one.to_json() for one in signed]}, (*lines, say("signed-queued", count=len(signed))))


def _signed_lines(one: Signed, names: dict[str, str]) -> list[str]:
    return [say("signed-one", form=names[one.form], period=one.period), f"  SHA-256 {one.sha256}"]


def sign_waiting(
    home: Path, desk: Desk, unit: Unit, waiting: list[Declaration], pin_file: Path | None, progress: Progress
) -> list[Signed]:
    """Sign with the unit's key, one PIN for all, with a time stamp where an authority is set."""
    done = 0

    def told(_: Declaration) -> None:
        nonlocal done
        done += 1
        progress.count(done, len(waiting))

    refuse_role(desk, unit, waiting)
    trust = trust_with_authority(desk, trust_for_signing(unit))
    with unit_signer(home, unit, unit_prompt(home, unit, pin_file)) as signer:
        return sign_and_queue(desk, unit, waiting, signer, trust, timestamper=timestamper(desk, unit), told=told)


def sync(args: argparse.Namespace) -> Answer:
    """Send what is due and fetch feedback; exit code 1 while something waits for the clerk or cannot be sent."""
    progress = Progress(args.json)
    with open_unit_desk(args.home) as (desk, unit):
        names = titles(desk)
        if args.until_settled:
            result = sync_until_settled(
                desk, unit, args.timeout, told=lambda known, event: progress.step(moved_line(known, event, names))
            )
        else:
            result = sync_once(desk, unit)
        statuses, left = all_status(desk, unit), deadlines.countdown(with_centre_clock(desk, unit), unit)
    told = {**result.to_json(), "declarations": [one.to_json() for one in statuses], "countdown": left.to_json()}
    good = not result.trouble and not unanswered(statuses) and (result.settled or not args.until_settled)
    lines = [*_sync_lines(result, statuses, names), *countdown_lines(left)]
    return Answer(told, tuple(lines), DONE if good else MENDABLE)


def moved_line(known: Declaration, event: Event, names: dict[str, str]) -> str:
    """One step of a declaration: which, what happened, and the reason when there is one."""
    return f"  {named(known, names)}{say('colon')}{event_words(event)}"


def _sync_lines(result: SyncResult, statuses: list[Status], names: dict[str, str]) -> list[str]:
    lines = [say("synced", sent=result.delivered(), changes=result.changes)]
    lines += [say("send-trouble", id=name, reason=outcome(attempt.code))
              for name, attempt in result.tried.items() if attempt.outcome != "delivered"]  # fmt: skip
    if result.trouble:
        lines.append(say("sync-trouble", reason=outcome(result.trouble)))
    lines += moved_lines(result.moved)
    return lines + status_lines(statuses, names)


def status(args: argparse.Namespace) -> Answer:
    """The three tracks, of one declaration with its history or of all."""
    with open_unit_desk(args.home) as (desk, unit):
        names = titles(desk)
        if args.id:
            one = status_of(desk, unit, args.id)
            told = {**one.to_json(), "findings": refusal_json(one)}
            return Answer(told, tuple(_history_lines(one, names)))
        statuses, left = all_status(desk, unit), deadlines.countdown(desk, unit)
        lines = [*status_lines(statuses, names), *countdown_lines(left), *countdown(unit, desk.now())]
    until = unit_json(unit)["certificate_until"]
    told = {"declarations": [one.to_json() for one in statuses], "certificate_until": until}
    return Answer({**told, "countdown": left.to_json()}, tuple(lines))


def status_lines(statuses: list[Status], names: dict[str, str]) -> list[str]:
    """A table of declarations with light and tracks; numbers and reasons stand below each."""
    if not statuses:
        return [say("no-declarations")]
    headers = [say(key) for key in ("light", "period", "form-title", "rows-head", "tracks")]
    head, *rows = table(headers, [_status_row(one, names) for one in statuses], right=(3,))
    lines = [head]
    for one, row in zip(statuses, rows, strict=True):
        lines += [row, _numbers(one)]
        if one.light is Light.TROUBLE:
            lines += trouble_lines(one)
    return lines


def trouble_lines(one: Status) -> list[str]:
    """Why a declaration needs a look and what to do: a failed debit, a parked submission, the centre's refusals."""
    known = one.declaration
    told: list[tuple[str, str]] = []
    if known.money in ("debit-failed", "refund-failed"):
        last = next(event for event in reversed(one.history) if event.track == "money")
        fix = "fix-debit" if known.money == "debit-failed" else "fix-refund"
        told.append((event_words(last), say(fix, id=known.id)))
    if known.transport == "parked":
        told.append((outcome(one.last_code), say("fix-parked", id=known.id)))
    lines = [said_lines(Severity.ERROR, "", reason + say("full-stop"), fix) for reason, fix in told]
    return [*chain.from_iterable(lines), *refusal_lines(one)]


def _status_row(one: Status, names: dict[str, str]) -> list[str]:
    known = one.declaration
    form = names.get(known.form, known.form)
    if known.kind != "original":
        form += say(f"kind-{known.kind}")
    return [say(f"light-{one.light.value}"), known.period, form, str(known.row_count), tracks(known)]


def _numbers(one: Status) -> str:
    known = one.declaration
    if not known.acceptance_number:
        return say("status-id", id=known.id)
    return say("status-numbers", id=known.id, number=known.acceptance_number)


def refusal_lines(one: Status) -> list[str]:
    """Why the centre refused a declaration or rows of it."""
    lines = []
    for refusal in one.refusals[:SHOWN]:
        reason, fix = finding_texts(refusal.finding.code, refusal.finding.params)
        where = "" if refusal.row is None else say("place-row", row=refusal.row + 1)
        lines += said_lines(refusal.finding.severity, where, reason, fix)
    if len(one.refusals) > SHOWN:
        lines.append(say("and-more", count=len(one.refusals) - SHOWN))
    return lines


def refusal_json(one: Status) -> list[dict[str, Any]]:
    """The same for machines; `row` is the 1-based row of the declaration."""
    return [
        {**finding_json(refusal.finding), "row": None if refusal.row is None else refusal.row + 1}
        for refusal in one.refusals
    ]


def _history_lines(one: Status, names: dict[str, str]) -> list[str]:
    lines = [f"{named(one.declaration, names)}  {tracks(one.declaration)}", _numbers(one)]
    steps = [[moment(event.at), say(f"source-{event.source}"), event_words(event)] for event in one.history]
    headers = [say("step-at"), say("step-source"), say("step-what")]
    return [*lines, *table(headers, steps), *trouble_lines(one)]


def void(args: argparse.Namespace) -> Answer:
    """Prepare the voiding of a declaration."""
    with open_unit_desk(args.home) as (desk, unit):
        made = prepare_void(desk, unit, args.id)
    return Answer({"declaration": made.id, "voids": args.id}, (say("void-prepared", id=made.id),))


def pay(args: argparse.Namespace) -> Answer:
    """Ask for the debit again after it failed."""
    with open_unit_desk(args.home) as (desk, unit):
        told = ask_again(desk, unit, args.id)
    return Answer(told, (say("debit-asked", total=yuan(told["total_fen"])),))


def statement(args: argparse.Namespace) -> Answer:
    """Write the papers of a declaration."""
    with open_unit_desk(args.home) as (desk, unit):
        folder = args.out or desk.exports
        papers = write_papers(desk, unit, args.id, folder)
        papers["receipt_envelope"] = write_receipt_envelope(desk, unit, args.id, folder)
        signed, refusal = write_signed_papers(desk, unit, args.id, folder)
    papers |= signed
    told = {name: str(path) for name, path in papers.items()}
    lines = file_lines(papers)
    if refusal is not None:
        lines.append(say("papers-not-all-signed", reason=error_texts(refusal.code, refusal.params).why))
    return Answer({"papers": told, "all_signed": refusal is None}, tuple(lines))


def file_lines(files: dict[str, Path]) -> list[str]:
    """Files by what they are."""
    return [f"  {say('file-' + name.replace('_', '-'))}{say('colon')}{path}" for name, path in files.items()]
