"""`unitclient unit ...`."""

from __future__ import annotations

import argparse
from datetime import datetime
from pathlib import Path

from unitclient.app import open_desk
from unitclient.cli.findings import insurance_name, joined, said_lines, sentences
from unitclient.cli.output import Answer, Progress, pairs, table
from unitclient.cli.prompt import pin_prompt
from unitclient.cli.speak import day
from unitclient.domain.findings import Severity
from unitclient.texts import say
from unitclient.workflows.centre import with_centre_clock
from unitclient.workflows.certificate_notices import STEPS
from unitclient.workflows.certificate_roles import role_of
from unitclient.workflows.units import (
    EnrolmentWish,
    all_units,
    certificate_until,
    choose_unit,
    enrol_with_key,
    region_name,
    unit_in_front,
    unit_json,
    unit_named,
)
from unitclient.workflows.values import Unit


def enrol(args: argparse.Namespace) -> Answer:
    """Enrol this computer with a unit's certificate."""
    wish = EnrolmentWish(args.centre, Path(args.cert).expanduser(), args.token, args.ca, args.operator)
    with open_desk(args.home) as desk:
        Progress(args.json).step(say("unit-enrolling", centre=args.centre))
        unit = enrol_with_key(desk, wish, pin_prompt(args.pin_file))
    return Answer({"unit": unit_json(unit)}, (say("unit-enrolled", name=unit.name, number=unit.unit_number),))


def list_all(args: argparse.Namespace) -> Answer:
    """All units of this computer."""
    with open_desk(args.home) as desk:
        units = all_units(desk)
        regions = [region_name(desk, unit) for unit in units]
    headers = [say(f"unit-{name}") for name in ("mark", "number", "name", "region", "centre")]
    rows = [
        ["*" if unit.selected else "", unit.unit_number, _name(unit), region, unit.centre_url]
        for unit, region in zip(units, regions, strict=True)
    ]
    lines = table(headers, rows) if units else [say("unit-none")]
    return Answer({"units": [unit_json(unit) for unit in units]}, tuple(lines))


def _name(unit: Unit) -> str:
    return unit.name + (say("unit-is-practice") if unit.practice else "")


def show(args: argparse.Namespace) -> Answer:
    """One unit: the selected one, or the one named."""
    with open_desk(args.home) as desk:
        unit = unit_named(desk, args.unit_number) if args.unit_number else unit_in_front(desk)
        region, role = region_name(desk, unit), role_of(desk, unit)
        lines = [*unit_lines(unit, region, role), *countdown(unit, with_centre_clock(desk, unit).now())]
    return Answer({"unit": {**unit_json(unit), "certificate_role": role}}, tuple(lines))


def countdown(unit: Unit, now: datetime) -> list[str]:
    """A line on the certificate's end when it is near or past; nothing while there is time."""
    until = certificate_until(unit)
    days = (until - now).days if until else STEPS[0]
    if until is None or days >= STEPS[0]:
        return []
    code = "over" if days < 0 else "near"
    told = say(f"certificate-{code}", days=days, until=day(until))
    return said_lines(Severity.WARNING, "", told, say(f"certificate-{code}-fix"))


def unit_lines(unit: Unit, region: str, role: str) -> list[str]:
    """A unit for people, label and value on a line."""
    key, until = unit.key_ref, certificate_until(unit)
    return pairs(
        [
            (say("unit-name"), _name(unit)),
            (say("unit-number"), unit.unit_number),
            (say("unit-uscc"), unit.uscc),
            (say("unit-region"), sentences(region, say("in-brackets", text=unit.region))),
            (say("unit-insurances"), joined(insurance_name(name) for name in unit.insurances)),
            (say("unit-operator"), unit.operator),
            (say("unit-centre"), unit.centre_url),
            (say("unit-service"), unit.service),
            (say("unit-key"), say(f"key-kind-{key['kind']}") if key.get("kind") else ""),
            (say("unit-token"), str(key.get("token_serial") or "")),
            (say("unit-key-file"), str(key.get("path") or key.get("library") or "")),
            (say("unit-certificate-until"), day(until) if until else ""),
            (say("certificate-role"), say(f"certificate-role-{role}") if until else ""),
            (say("unit-selected-label"), say("yes") if unit.selected else say("no")),
        ]
    )


def select(args: argparse.Namespace) -> Answer:
    """Choose the unit to work for."""
    with open_desk(args.home) as desk:
        unit = choose_unit(desk, args.unit_number)
    return Answer({"unit": unit_json(unit)}, (say("unit-selected", name=unit.name),))
