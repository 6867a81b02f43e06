"""`unitclient certificates`: what the centre issued, and its PDF."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from unitclient.app import open_unit_desk
from unitclient.cli.output import Answer, table
from unitclient.texts import say
from unitclient.workflows.listing import certificates, write_certificate


def run(args: argparse.Namespace) -> Answer:
    """List the unit's certificates; with a folder write each as a PDF."""
    with open_unit_desk(args.home) as (desk, unit):
        found = certificates(desk, unit)
        files = [write_certificate(desk, unit, one.register, one.key, args.out) for one in found] if args.out else []
    heads = [say(f"certificate-{name}") for name in ("title", "name", "number", "valid-until", "valid")]
    cells = [
        [one.title, one.name, one.number, one.valid_until, say("certificate-yes" if one.valid else "certificate-no")]
        for one in found
    ]
    told = {"certificates": [asdict(one) for one in found], "files": [str(path) for path in files]}
    return Answer(told, (*table(heads, cells), *(f"  {path}" for path in files)))
