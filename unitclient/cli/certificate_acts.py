"""`unitclient unit renew|upgrade|change`, and the code that the practice centre's desk gives for a change."""

from __future__ import annotations

import argparse

from unitclient.app import open_unit_desk
from unitclient.cli.bureau import running_centre
from unitclient.cli.output import Answer
from unitclient.cli.prompt import unit_prompt
from unitclient.cli.speak import day
from unitclient.texts import say
from unitclient.workflows import practice_desk
from unitclient.workflows.certificate_acts import Followed, change, renew, upgrade


def renew_certificate(args: argparse.Namespace) -> Answer:
    """A new term for the same key."""
    with open_unit_desk(args.home) as (desk, unit):
        return _answer(renew(desk, unit, unit_prompt(args.home, unit, args.pin_file)))


def upgrade_certificate(args: argparse.Namespace) -> Answer:
    """A stronger key."""
    with open_unit_desk(args.home) as (desk, unit):
        return _answer(upgrade(desk, unit, unit_prompt(args.home, unit, args.pin_file), args.to))


def change_certificate(args: argparse.Namespace) -> Answer:
    """A new key in place of a lost or damaged one."""
    with open_unit_desk(args.home) as (desk, unit):
        return _answer(change(desk, unit, args.code, unit_prompt(args.home, unit, args.pin_file), args.to))


def code(args: argparse.Namespace) -> Answer:
    """The desk has seen the papers of the selected unit and gives a code."""
    centre = running_centre(args)
    with open_unit_desk(args.home) as (_, unit):
        given = practice_desk.change_code(centre, unit)
    return Answer(given, (say("change-code-given", code=given["code"], name=unit.name),))


def _answer(done: Followed) -> Answer:
    lines = [say(f"certificate-{done.act}-done", name=done.unit.name, until=day(done.until))]
    if done.old_revoked:
        lines.append(say("certificate-old-revoked"))
    return Answer(done.to_json(), tuple(lines))
