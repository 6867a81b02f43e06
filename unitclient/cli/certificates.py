"""`unitclient certificates`: what the centre issued, and its PDF."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from unitclient.app import open_unit_desk
from unitclient.cli.output import Answer, table
from unitclient.texts import error_texts, say
from unitclient.workflows.listing import certificates, write_best_certificate
from unitclient.workflows.rights import need_persons


def run(args: argparse.Namespace) -> Answer:
    """List the unit's certificates; with a folder write each as the centre signed it, or without a centre a print."""
    with open_unit_desk(args.home) as (desk, unit):
        need_persons(desk)
        found = certificates(desk, unit)
        files = (
            [write_best_certificate(desk, unit, one.register, one.key, args.out) for one in found] if args.out else []
        )
    heads = [say(f"certificate-{name}") for name in ("title", "name", "number", "valid-until", "valid")]
    cells = [
        [one.title, one.name, one.number, one.valid_until, say("certificate-yes" if one.valid else "certificate-no")]
        for one in found
    ]
    told = {"certificates": [asdict(one) for one in found], "files": [str(path) for path, _ in files]}
    told["signed"] = [refusal is None for _, refusal in files]
    refused = next((refusal for _, refusal in files if refusal is not None), None)
    notes = [say("papers-not-all-signed", reason=error_texts(refused.code, refused.params).why)] if refused else []
    return Answer(told, (*table(heads, cells), *(f"  {path}" for path, _ in files), *notes))
