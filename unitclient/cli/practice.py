"""`unitclient practice ...`."""

from __future__ import annotations

import argparse
from contextlib import ExitStack
from typing import Any

from unitclient.app import has_database, open_desk
from unitclient.cli.month import file_lines, moved_line, prepared_json, prepared_lines, titles, trouble_lines
from unitclient.cli.output import DONE, MENDABLE, Answer, Progress
from unitclient.cli.prompt import unit_prompt
from unitclient.cli.sheets import import_json, import_lines
from unitclient.cli.speak import named, tracks, yuan
from unitclient.errors import UserError
from unitclient.texts import say
from unitclient.workflows import centre_process
from unitclient.workflows.centre import with_centre_clock
from unitclient.workflows.practice import (
    DEFAULT_REGION,
    practice_unit,
    rehearse_in,
    running_practice,
    set_bank,
    start_practice,
)
from unitclient.workflows.practice_month import MonthDone, Told, next_month, practice_month
from unitclient.workflows.status import Light
from unitclient.workflows.unit_keys import unit_signer


def start(args: argparse.Namespace) -> Answer:
    """Start the practice centre; the first start also enrols a practice unit."""
    with open_desk(args.home) as desk:
        Progress(args.json).step(say("practice-starting"))
        region = args.region or DEFAULT_REGION
        practice = start_practice(desk, port=args.port, region=region, day=args.date, sm2=args.sm2)
    lines = (
        say("practice-started", url=practice.centre.url, name=practice.unit.name, number=practice.unit.unit_number),
        say("practice-pin", path=practice.pin_file),
    )
    return Answer(practice.to_json(), lines)


def stop(args: argparse.Namespace) -> Answer:
    """Stop the practice centre."""
    stopped = centre_process.stop(args.home)
    return Answer({"stopped": stopped}, (say("practice-stopped" if stopped else "practice-not-running"),))


def status(args: argparse.Namespace) -> Answer:
    """Whether the practice centre runs, and for which unit."""
    found = centre_process.running(args.home)
    told: dict[str, Any] = {"running": found is not None}
    lines = [say("practice-running", url=found.url) if found else say("practice-not-running")]
    if found:
        told |= found.to_json()
    told["units"] = []
    if has_database(args.home):
        with open_desk(args.home) as desk:
            unit = practice_unit(desk)
        if unit is not None:
            told["units"] = [unit.unit_number]
            lines.append(say("practice-unit", name=unit.name, number=unit.unit_number))
    return Answer(told, tuple(lines))


def bank(args: argparse.Namespace) -> Answer:
    """Decide how the simulated bank treats the practice unit."""
    found = centre_process.running(args.home)
    if found is None:
        raise UserError("practice-not-running")
    with open_desk(args.home) as desk:
        unit = practice_unit(desk)
    if unit is None:
        raise UserError("practice-not-running")
    told = set_bank(found, unit, args.behaviour, args.balance)
    return Answer(told, (say("practice-bank", behaviour=say(f"bank-behaviour-{args.behaviour}")),))


def whole_month(args: argparse.Namespace) -> Answer:
    """The whole job of a month in the practice centre."""
    progress = Progress(args.json)
    with ExitStack() as stack:
        desk = stack.enter_context(open_desk(args.home))
        progress.step(say("practice-starting"))
        practice = stack.enter_context(running_practice(desk))
        unit = practice.unit
        progress.step(say("practice-started", url=practice.centre.url, name=unit.name, number=unit.unit_number))
        period = args.period or next_month(with_centre_clock(desk, unit), unit)
        if rehearse_in(desk, practice, period):
            progress.step(say("practice-clock", period=period))
        desk = with_centre_clock(desk, unit)
        names = titles(desk)
        teller = _teller(progress, names)
        prompt = unit_prompt(args.home, unit, None, practice_pin=True)
        done = practice_month(
            desk, unit, lambda: unit_signer(args.home, unit, prompt), teller, period=period, staff=args.staff
        )
    good = done.status is not None and done.status.light in (Light.DONE, Light.WAITING)
    refused = any(result.refused for result in done.imports.values())
    settled = done.sync is not None and done.sync.settled
    lines = _closing_lines(done)
    # Refused rows are part of a rehearsal: the month itself is what counts here.
    return Answer(_json(done, refused), tuple(lines), DONE if good and settled else MENDABLE)


def _teller(progress: Progress, names: dict[str, str]) -> Told:
    def show(lines: list[str]) -> None:
        for line in lines:
            progress.step(f"  {line}")

    return Told(
        step=lambda key, params: progress.step(say(key, **params)),
        imported=lambda _form, result: show(import_lines(result)),
        prepared=lambda result: show(prepared_lines(result, names)),
        signing=lambda known: progress.step(f"  {named(known, names)}"),
        moved=lambda known, event: progress.step(moved_line(known, event, names)),
        count=progress.count,
    )


def _json(done: MonthDone, refused: bool) -> dict[str, Any]:
    return {
        "period": str(done.period),
        "imports": {form: import_json(result) for form, result in done.imports.items()},
        "prepared": prepared_json(done.prepared) if done.prepared else None,
        "signed": [one.to_json() for one in done.signed],
        "sync": done.sync.to_json() if done.sync else None,
        "status": done.status.to_json() if done.status else None,
        "refused_rows": refused,
        "files": {name: str(path) for name, path in done.files.items()},
    }


def _closing_lines(done: MonthDone) -> list[str]:
    lines: list[str] = []
    if done.status is not None:
        total = yuan(done.status.to_json()["total"])
        lines.append(say("month-done", period=done.period, tracks=tracks(done.status.declaration), total=total))
        lines += trouble_lines(done.status)
    else:
        lines.append(say("month-nobody", period=done.period))
    lines.append(say("files-left"))
    return lines + file_lines(done.files)
