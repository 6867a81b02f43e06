"""`unitclient units ...`: one act for every unit of this computer, and the matrix of units and steps."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from unitclient.app import open_desk
from unitclient.cli.findings import said_lines
from unitclient.cli.output import DONE, MENDABLE, Answer, Progress, table
from unitclient.cli.prompt import unit_prompt
from unitclient.cli.speak import moment
from unitclient.domain.findings import Severity
from unitclient.texts import error_texts, say
from unitclient.workflows.many_keys import KeyBatch, sign_units
from unitclient.workflows.many_units import prepare_units, send_units
from unitclient.workflows.unit_keys import unit_signer
from unitclient.workflows.unit_months import BatchAct, UnitMonth, unit_months
from unitclient.workflows.unit_outcomes import UnitOutcome, UnitResult
from unitclient.workflows.values import Signer


def prepare(args: argparse.Namespace) -> Answer:
    """Prepare a month for every unit."""
    progress = Progress(args.json)
    with open_desk(args.home) as desk:
        outcomes = prepare_units(desk, args.period, told=progress.count)
    return _answer(BatchAct.PREPARE, outcomes)


def sign(args: argparse.Namespace) -> Answer:
    """Sign everything that waits, one PIN for each key; an empty PIN leaves out the units of that key."""
    progress = Progress(args.json)

    @contextmanager
    def opened(batch: KeyBatch) -> Iterator[Signer]:
        names = say("list-comma").join(one.unit.name for one in batch.units)
        progress.step(say("units-signing", names=names, count=sum(len(one.signables) for one in batch.units)))
        prompt = unit_prompt(args.home, batch.unit, args.pin_file)
        with unit_signer(args.home, batch.unit, prompt) as signer:
            yield signer

    with open_desk(args.home) as desk:
        outcomes = sign_units(desk, (), opened)
    return _answer(BatchAct.SIGN, outcomes)


def send(args: argparse.Namespace) -> Answer:
    """Send what every unit has queued, and fetch what the centres say."""
    progress = Progress(args.json)
    with open_desk(args.home) as desk:
        outcomes = send_units(desk, told=progress.count)
    return _answer(BatchAct.SEND, outcomes)


def status(args: argparse.Namespace) -> Answer:
    """How far the month of every unit is, and what keeps each act from being done."""
    with open_desk(args.home) as desk:
        months = unit_months(desk, args.period)
    told = {"units": [{**one.to_json(), "period": str(one.period)} for one in months]}
    return Answer(told, tuple(_month_lines(months)))


def _answer(act: BatchAct, outcomes: Sequence[UnitOutcome]) -> Answer:
    """Exit code 1 when a unit was refused or left out; having nothing to do is neither."""
    counts = {result.value: sum(one.result is result for one in outcomes) for result in UnitResult}
    good = not counts[UnitResult.REFUSED] and not counts[UnitResult.CANCELLED]
    lines = [line for one in outcomes for line in _outcome_lines(act, one)]
    lines = [*lines, say("units-counts", **counts)] if outcomes else [say("unit-none")]
    return Answer({"units": [_json(one) for one in outcomes], **counts}, tuple(lines), DONE if good else MENDABLE)


def _json(one: UnitOutcome) -> dict[str, object]:
    told: dict[str, object] = {
        "unit_number": one.unit_number,
        "name": one.unit_name,
        "result": one.result.value,
        "count": one.count,
        "code": one.code,
    }
    if one.refusal is not None:
        told |= error_texts(one.code, one.refusal.params)._asdict()
    return told


def _outcome_lines(act: BatchAct, one: UnitOutcome) -> list[str]:
    """The unit with what came of it; a refusal says why and what to do."""
    head = f"{one.unit_name}{say('colon')}"
    if one.refusal is None:
        done = say(f"units-{act.value}-done", count=one.count)
        return [head + (done if one.result is UnitResult.DONE else say("units-left-out"))]
    texts = error_texts(one.code, one.refusal.params)
    if one.result is UnitResult.NEEDLESS:
        return [head + texts.what]
    return [head + texts.what, *said_lines(Severity.ERROR, "", texts.why, texts.fix)]


def _month_lines(months: Sequence[UnitMonth]) -> list[str]:
    """A line for each unit, and below it what blocks each act."""
    if not months:
        return [say("unit-none")]
    headers = [say(key) for key in ("unit-name", "period", "units-at", "units-deadline")]
    head, *rows = table(headers, [_month_row(one) for one in months])
    lines = [head]
    for one, row in zip(months, rows, strict=True):
        lines.append(row)
        for act in BatchAct:
            refusal = one.blocks.get(act)
            what = error_texts(refusal.code, refusal.params).what if refusal else say("units-can")
            lines.append(f"  {say(f'units-act-{act.value}')}{say('colon')}{what}")
    return lines


def _month_row(one: UnitMonth) -> list[str]:
    at = one.at
    where = say(f"units-step-{at.step.value}") if at else say("units-at-end")
    return [one.unit.name, str(one.period), where, moment(one.deadline) if one.deadline else ""]
