"""`unitclient practice ...` and `unitclient central serve`."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from datetime import date
from typing import Any

from unitclient.app import open_desk
from unitclient.cli.commands import import_json, import_lines
from unitclient.cli.month import moved_line, prepared_json, prepared_lines, refusal_lines, titles
from unitclient.cli.output import DONE, MENDABLE, Answer, Progress
from unitclient.cli.prompt import unit_prompt
from unitclient.cli.speak import named, tracks, yuan
from unitclient.cli.usage import Usage
from unitclient.domain.money import parse_yuan
from unitclient.errors import UserError
from unitclient.seal.signer import Signer
from unitclient.store.units import Unit, list_units, select_unit
from unitclient.texts import say
from unitclient.tokens.keyref import KeyRef
from unitclient.tokens.keys import KeyHelper
from unitclient.workflows import centre_process
from unitclient.workflows.centre import with_centre_clock
from unitclient.workflows.desk import Desk
from unitclient.workflows.practice import (
    DEFAULT_REGION,
    key_environment,
    rehearse_in,
    running_practice,
    set_bank,
    start_practice,
)
from unitclient.workflows.practice_month import MonthDone, Told, next_month, practice_month
from unitclient.workflows.status import Light

__all__ = ["DEFAULT_REGION", "bank", "serve", "start", "status", "stop", "whole_month"]


def start(args: argparse.Namespace) -> Answer:
    """Start the practice centre; the first start also enrols a practice unit."""
    with open_desk(args.home) as desk:
        Progress(args.json).step(say("practice-starting"))
        practice = start_practice(desk, port=args.port, region=args.region, day=_day(args.date))
        _select(desk, practice.unit)
    lines = (
        say("practice-started", url=practice.centre.url, name=practice.unit.name, number=practice.unit.unit_number),
        say("practice-pin", path=practice.pin_file),
    )
    return Answer(practice.to_json(), lines)


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as wrong:
        raise Usage("", say("cli-not-a-day", value=text)) from wrong


def _select(desk: Desk, unit: Unit) -> None:
    with desk.store.write("unit.select", subject=unit.unit_number):
        select_unit(desk.store, unit.unit_number)


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
    with open_desk(args.home) as desk:
        units = [unit for unit in list_units(desk.store) if unit.practice]
    told["units"] = [unit.unit_number for unit in units]
    return Answer(told, tuple(lines))


def bank(args: argparse.Namespace) -> Answer:
    """Decide how the simulated bank treats the practice unit."""
    found = centre_process.running(args.home)
    if found is None:
        raise UserError("practice-not-running")
    with open_desk(args.home) as desk:
        unit = next(unit for unit in list_units(desk.store) if unit.practice)
    balance = parse_yuan(args.balance) if args.balance else None
    return Answer(set_bank(found, unit, args.behaviour, balance), (say("practice-bank", behaviour=args.behaviour),))


def serve(args: argparse.Namespace) -> Answer:
    """Serve in the foreground until told to stop."""
    from unitclient.central.server import run

    run(centre_process.practice_home(args.home), args.port)
    return Answer({"stopped": True})


def whole_month(args: argparse.Namespace) -> Answer:
    """The whole job of a month in the practice centre."""
    progress = Progress(args.json)
    with ExitStack() as stack:
        desk = stack.enter_context(open_desk(args.home))
        progress.step(say("practice-starting"))
        practice = stack.enter_context(running_practice(desk))
        unit = practice.unit
        _select(desk, unit)
        progress.step(say("practice-started", url=practice.centre.url, name=unit.name, number=unit.unit_number))
        period = args.period or next_month(with_centre_clock(desk, unit), unit)
        if rehearse_in(desk, practice, period):
            progress.step(say("practice-clock", period=period))
        desk = with_centre_clock(desk, unit)
        names = titles(desk)
        teller = _teller(progress, names)
        done = practice_month(desk, unit, lambda: _signer(args, unit), teller, period=period, staff=args.staff)
    good = done.status is not None and done.status.light in (Light.DONE, Light.WAITING)
    refused = any(result.refused for result in done.imports.values())
    settled = done.sync is not None and done.sync.settled
    lines = _closing_lines(done)
    # Refused rows are part of a rehearsal: the month itself is what counts here.
    return Answer(_json(done, refused), tuple(lines), DONE if good and settled else MENDABLE)


@contextmanager
def _signer(args: argparse.Namespace, unit: Unit) -> Iterator[Signer]:
    prompt = unit_prompt(args.home, unit, None, practice_pin=True)
    with KeyHelper(env=key_environment(args.home, unit)) as keys:
        opened: AbstractContextManager[Signer] = keys.open_signer(KeyRef.from_dict(unit.key_ref), prompt)
        with opened as signer:
            yield signer


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
        lines += refusal_lines(done.status)
    lines.append(say("files-left"))
    return lines + [f"  {say('file-' + name.replace('_', '-'))}: {path}" for name, path in done.files.items()]
