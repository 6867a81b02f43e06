"""`unitclient unit ...`."""

from __future__ import annotations

import argparse
from pathlib import Path

from unitclient.app import open_desk, open_unit_desk
from unitclient.cli.output import Answer, table
from unitclient.cli.prompt import pin_prompt
from unitclient.errors import UserError
from unitclient.paths import certs_root
from unitclient.store.units import get_unit, list_units, select_unit
from unitclient.texts import say
from unitclient.tokens.keyref import KeyInfo, KeyKind, KeyRef
from unitclient.tokens.keys import KeyHelper
from unitclient.workflows.units import Enrolment, enrol_unit, unit_json


def enrol(args: argparse.Namespace) -> Answer:
    """Enrol this computer with a unit's certificate."""
    ca_pem = _ca(args.ca)
    prompt = pin_prompt(args.pin_file)
    with open_desk(args.home) as desk, KeyHelper() as keys:
        ref = _choose(keys, args.cert, args.token)
        with keys.open_signer(ref, prompt) as signer:
            wish = Enrolment(args.centre, ca_pem, dict(ref.to_dict()), args.operator)
            unit = enrol_unit(desk, wish, signer)
    return Answer({"unit": unit_json(unit)}, (say("unit-enrolled", name=unit.name, number=unit.unit_number),))


def _ca(path: Path | None) -> str:
    files = [path] if path else sorted(certs_root().glob("*.pem"))
    try:
        return "".join(file.read_text("utf-8") for file in files)
    except OSError as failure:
        raise UserError("file-missing", path=path) from failure


def _choose(keys: KeyHelper, cert: str, token: str | None) -> KeyRef:
    if cert.lower().endswith((".p12", ".pfx")):
        if not Path(cert).is_file():
            raise UserError("file-missing", path=cert)
        return KeyRef(KeyKind.PKCS12, "", path=str(Path(cert).resolve()))
    listed = keys.list_keys([cert])
    if listed.problems:
        raise listed.problems[0]
    fitting = [key for key in listed.keys if key.signs and (token is None or key.ref.token_serial == token)]
    if len(fitting) != 1:
        raise UserError("key-choose" if fitting else "key-none", found=", ".join(_named(key) for key in fitting))
    return fitting[0].ref


def _named(key: KeyInfo) -> str:
    return f"{key.ref.token_serial} ({key.token_label})"


def list_all(args: argparse.Namespace) -> Answer:
    """All units of this computer."""
    with open_desk(args.home) as desk:
        units = list_units(desk.store)
    headers = [say(f"unit-{name}") for name in ("mark", "number", "name", "region", "centre")]
    rows = [["*" if u.selected else "", u.unit_number, u.name, u.region, u.centre_url] for u in units]
    return Answer({"units": [unit_json(unit) for unit in units]}, tuple(table(headers, rows)))


def show(args: argparse.Namespace) -> Answer:
    """One unit: the selected one, or the one named."""
    with open_unit_desk(args.home) as (desk, selected):
        unit = get_unit(desk.store, args.unit_number) if args.unit_number else selected
    told = unit_json(unit)
    lines = [f"{name}: {value}" for name, value in told.items()]
    return Answer({"unit": told}, tuple(lines))


def select(args: argparse.Namespace) -> Answer:
    """Choose the unit to work for."""
    with open_desk(args.home) as desk:
        with desk.store.write("unit.select", subject=args.unit_number):
            select_unit(desk.store, args.unit_number)
        unit = get_unit(desk.store, args.unit_number)
    return Answer({"unit": unit_json(unit)}, (say("unit-selected", name=unit.name),))
