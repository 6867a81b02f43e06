"""Operators, recovery and the diagnostics file on the command line."""

from __future__ import annotations

import argparse
from typing import Any

from unitclient.app import open_desk, open_unit_desk
from unitclient.cli.output import Answer, table
from unitclient.cli.prompt import pin_prompt, unit_prompt
from unitclient.cli.secrets import Secrets, secrets_of
from unitclient.clock import SystemClock
from unitclient.texts import say
from unitclient.workflows import operators as work
from unitclient.workflows import recovering
from unitclient.workflows.unit_keys import unit_signer
from unitclient.workflows.values import Operator


def list_all(args: argparse.Namespace) -> Answer:
    """All operators, their roles, and who stands in for whom."""
    with open_desk(args.home) as desk:
        known = work.operators(desk)
    if not known:
        return Answer({"operators": []}, (say("operators-none"),))
    headers = [say(f"operators-{one}") for one in ("name", "role", "state", "deputy")]
    rows = [[one.name, say(f"role-{one.role}"), _state(one), _deputy(one)] for one in known]
    return Answer({"operators": [_json(one) for one in known]}, tuple(table(headers, rows)))


def add(args: argparse.Namespace) -> Answer:
    """Add one, with a password that they change at their first sign-in."""
    with open_desk(args.home) as desk:
        return _answer(work.add_operator(desk, args.name, args.role, secrets_of(args).ask_new()), "operators-added")


def block(args: argparse.Namespace) -> Answer:
    """Block one: the password opens nothing any more."""
    with open_desk(args.home) as desk:
        return _answer(work.block_operator(desk, args.name), "operators-blocked")


def unblock(args: argparse.Namespace) -> Answer:
    """Let one in again with the password they had."""
    with open_desk(args.home) as desk:
        return _answer(work.block_operator(desk, args.name, False), "operators-unblocked")


def role(args: argparse.Namespace) -> Answer:
    """Give one another role."""
    with open_desk(args.home) as desk:
        return _answer(work.give_role(desk, args.name, args.role), "operators-role-given")


def stand_in(args: argparse.Namespace) -> Answer:
    """Let one stand in for another until a day, or end it."""
    if args.end == bool(args.absent or args.until) or bool(args.absent) != bool(args.until):
        args.usage_error(say("operators-stand-in-what"))
    with open_desk(args.home) as desk:
        known = work.stand_in(desk, args.name, args.absent or "", args.until)
    return _answer(known, "operators-stand-in-ended" if args.end else "operators-stands-in")


def password(args: argparse.Namespace) -> Answer:
    """Change one's own password, or give another operator a new one."""
    asked = secrets_of(args)
    if args.name and args.name != args.sign_in:
        with open_desk(args.home) as desk:
            work.set_password(desk, args.name, asked.ask_new())
        return Answer({"operator": args.name}, (say("operators-password-reset", name=args.name),))
    with open_desk(args.home) as desk:
        work.change_password(desk, asked.ask("cli-old-password"), asked.ask_new())
        name = desk.store.operator
    return Answer({"operator": name}, (say("operators-password-changed", name=name),))


def recovery_code(args: argparse.Namespace) -> Answer:
    """Make a recovery code: shown once, to be printed."""
    with open_desk(args.home) as desk:
        code = recovering.make_code(desk)
    return Answer({"code": code}, (say("recovery-code-made"), code))


def recovery_certificate(args: argparse.Namespace) -> Answer:
    """Let the unit's key open the database when a password is forgotten."""
    with (
        open_unit_desk(args.home) as (desk, unit),
        unit_signer(args.home, unit, unit_prompt(args.home, unit, args.pin_file)) as signer,
    ):
        recovering.allow_certificate(desk, unit, signer)
    return Answer({"unit": unit.unit_number}, (say("recovery-certificate-allowed", unit=unit.name),))


def recover(args: argparse.Namespace) -> Answer:
    """A new password by printed code or certificate: for a manager, or the passphrase of one clerk's home."""
    asked = secrets_of(args)
    key = _recovered(args, asked)
    if not args.name and key is not None:
        recovering.new_passphrase(args.home, key, asked.ask_new(), SystemClock())
        return Answer({"operator": ""}, (say("recovery-passphrase-set"),))
    with open_desk(args.home, key=key) as desk:
        work.recover(desk, args.name, asked.ask_new())
    return Answer({"operator": args.name}, (say("recovery-password-set", name=args.name),))


def _recovered(args: argparse.Namespace, asked: Secrets) -> bytes | None:
    """The database's key; None where it lies open (a backup of a home with operators, restored elsewhere)."""
    if args.cert:
        with recovering.certificate_signer(args.home, args.cert, args.token, pin_prompt(args.pin_file)) as signer:
            return recovering.key_by_certificate(args.home, signer)
    if recovering.lies_open(args.home):
        return None
    return recovering.key_by_code(args.home, asked.ask("cli-recovery-code"))


def _answer(one: Operator, text: str) -> Answer:
    line = say(text, name=one.name, role=say(f"role-{one.role}"), deputy=one.deputy_for, until=one.deputy_until or "")
    return Answer({"operator": _json(one)}, (line,))


def _json(one: Operator) -> dict[str, Any]:
    until = one.deputy_until.isoformat() if one.deputy_until else None
    return {
        "name": one.name,
        "role": one.role,
        "blocked": one.blocked,
        "must_change": one.must_change,
        "stands_in_for": one.deputy_for or None,
        "until": until,
    }


def _state(one: Operator) -> str:
    if one.blocked:
        return say("operators-state-blocked")
    return say("operators-state-must-change" if one.must_change else "operators-state-active")


def _deputy(one: Operator) -> str:
    return say("operators-deputy-of", name=one.deputy_for, until=one.deputy_until) if one.deputy_until else ""
