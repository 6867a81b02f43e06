"""`unitclient query ...`."""

from __future__ import annotations

import argparse

from unitclient.app import open_unit_desk
from unitclient.catalog.said import answer_in_words
from unitclient.cli.output import Answer, table
from unitclient.cli.speak import yuan
from unitclient.clock import CHINA
from unitclient.texts import error_texts, say
from unitclient.workflows.asking import ask as ask_centre
from unitclient.workflows.asking import services


def list_all(_args: argparse.Namespace) -> Answer:
    """What may be asked, and with which inputs."""
    known = services().values()
    cells = [
        [one.id, str(one.title), " ".join(f"{put.name}{'*' if put.required else ''}" for put in one.inputs)]
        for one in known
    ]
    told = [
        {
            "query": one.id,
            "title": str(one.title),
            "inputs": {put.name: put.required for put in one.inputs},
            "columns": list(one.columns),
            "personal": one.personal,
        }
        for one in known
    ]
    lines = table([say("query-id"), say("query-title"), say("query-inputs")], cells)
    return Answer({"queries": told}, tuple(lines))


def ask(args: argparse.Namespace) -> Answer:
    """Ask the centre, or show the last answer with its age."""
    with open_unit_desk(args.home) as (desk, unit):
        asked = ask_centre(desk, unit, args.query, dict(args.inputs))
    answer, service = asked.answer, services()[args.query]
    said = [answer_in_words(service, row, desk.catalog) for row in answer.rows]
    at = answer.at.astimezone(CHINA)
    titles = [str(service.titles[name]) for name in service.columns]
    lines = table(titles, [[_shown(name, row.get(name)) for name in service.columns] for row in said])
    lines.append(say("query-answered" if asked.fresh else "query-kept", at=f"{at:%Y-%m-%d %H:%M}"))
    if asked.changed is not None and asked.before is not None:
        then = asked.before.at.astimezone(CHINA)
        lines.append(say("query-changed" if asked.changed else "query-unchanged", at=f"{then:%Y-%m-%d %H:%M}"))
    if asked.refusal is not None:
        lines.append(error_texts(asked.refusal.code, asked.refusal.params).why)
    told = {
        "query": answer.query,
        "inputs": dict(answer.inputs),
        "rows": [dict(row) for row in answer.rows],
        "at": at.isoformat(),
        "fresh": asked.fresh,
        "changed": asked.changed,
        "source": answer.source,
        "document": answer.document,
    }
    return Answer(told, tuple(lines))


def _shown(name: str, value: object) -> str:
    if isinstance(value, int) and name.endswith("_fen"):
        return yuan(value)
    return "" if value is None else str(value)
