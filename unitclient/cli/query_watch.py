"""`unitclient query watch ...`: questions asked again by themselves, and what changed in their answers."""

from __future__ import annotations

import argparse
from typing import Any

from unitclient.app import open_unit_desk
from unitclient.cli.output import Answer
from unitclient.clock import CHINA
from unitclient.texts import say
from unitclient.workflows import watching
from unitclient.workflows.asking import services
from unitclient.workflows.watching import Watched


def add(args: argparse.Namespace) -> Answer:
    """Watch a question."""
    with open_unit_desk(args.home) as (desk, unit):
        made = watching.watch(desk, unit, args.query, dict(args.inputs))
        number = watching.is_watched(desk, unit, made.query, made.inputs)
    line = say("watch-added", query=services()[made.query].title)
    return Answer({"number": number, "query": made.query, "inputs": dict(made.inputs)}, (line,))


def list_all(args: argparse.Namespace) -> Answer:
    """What is watched, and what changed since it was seen."""
    with open_unit_desk(args.home) as (desk, unit):
        found = watching.watched(desk, unit)
        lines: list[str] = []
        for one in found:
            told = watching.difference_lines(desk, one.service, one.difference)
            lines += [_head(one), *(f"    {say(f'watch-{what}-row')}{say('colon')}{row}" for what, row in told)]
    return Answer({"watched": [_json(one) for one in found]}, tuple(lines) or (say("watch-none"),))


def remove(args: argparse.Namespace) -> Answer:
    """Watch a question no more."""
    with open_unit_desk(args.home) as (desk, unit):
        gone = watching.unwatch(desk, unit, args.number)
    line = say("watch-removed", query=services()[gone.query].title)
    return Answer({"query": gone.query, "inputs": dict(gone.inputs)}, (line,))


def _head(one: Watched) -> str:
    inputs = " ".join(f"{name}={text}" for name, text in one.watch.inputs.items())
    at = f"{one.answer.at.astimezone(CHINA):%Y-%m-%d %H:%M}" if one.answer else say("account-never")
    return say("watch-line", number=one.number, query=one.service.title, inputs=inputs, at=at)


def _json(one: Watched) -> dict[str, Any]:
    at = one.answer.at.isoformat() if one.answer else None
    seen = one.watch.seen.isoformat() if one.watch.seen else None
    return {"number": one.number, "query": one.watch.query, "inputs": dict(one.watch.inputs), "at": at, "seen": seen,
            **one.difference.to_json()}  # fmt: skip
