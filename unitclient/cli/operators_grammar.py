"""The grammar of signing in, of operators and of recovery."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from unitclient.cli.arguments import day
from unitclient.cli.grammar import add_command, add_group
from unitclient.texts import say

if TYPE_CHECKING:
    from unitclient.cli.grammar import Subparsers


def add_sign_in(parser: argparse.ArgumentParser) -> None:
    """Who signs in, before the command; the password itself is no argument."""
    parser.add_argument("--operator", dest="sign_in", default="", metavar="NAME", help=say("cli-sign-in"))
    secret = parser.add_mutually_exclusive_group()
    secret.add_argument("--password-fd", type=int, metavar="N", help=say("cli-password-fd"))
    secret.add_argument("--password-file", type=Path, metavar="FILE", help=say("cli-password-file"))


def add_operators(commands: Subparsers) -> None:
    """`operators ...` and `recovery ...`."""
    group = add_group(commands, "operators")
    add_command(group, "list", "operators:list_all", "cli-help-operators-list")
    added = add_command(group, "add", "operators:add", "cli-help-operators-add")
    added.add_argument("name", metavar="NAME", help=say("cli-operators-name"))
    added.add_argument("--role", required=True, metavar="ROLE", help=say("cli-operators-role"))
    for name in ("block", "unblock"):
        one = add_command(group, name, f"operators:{name}", f"cli-help-operators-{name}")
        one.add_argument("name", metavar="NAME", help=say("cli-operators-name"))
    role = add_command(group, "role", "operators:role", "cli-help-operators-role")
    role.add_argument("name", metavar="NAME", help=say("cli-operators-name"))
    role.add_argument("role", metavar="ROLE", help=say("cli-operators-role"))
    deputy = add_command(group, "stand-in", "operators:stand_in", "cli-help-operators-stand-in")
    deputy.add_argument("name", metavar="NAME", help=say("cli-operators-name"))
    deputy.add_argument("--for", dest="absent", metavar="NAME", help=say("cli-operators-absent"))
    deputy.add_argument("--until", type=day, metavar="YYYY-MM-DD", help=say("cli-operators-until"))
    deputy.add_argument("--end", action="store_true", help=say("cli-operators-end"))
    deputy.set_defaults(usage_error=deputy.error)
    word = add_command(group, "password", "operators:password", "cli-help-operators-password")
    word.add_argument("name", nargs="?", metavar="NAME", help=say("cli-operators-whose"))
    _add_recovery(commands)


def _add_recovery(commands: Subparsers) -> None:
    group = add_group(commands, "recovery")
    add_command(group, "code", "operators:recovery_code", "cli-help-recovery-code")
    allowed = add_command(group, "certificate", "operators:recovery_certificate", "cli-help-recovery-certificate")
    used = add_command(group, "use", "operators:recover", "cli-help-recovery-use")
    used.add_argument("name", nargs="?", metavar="NAME", help=say("cli-recovery-name"))
    used.add_argument("--cert", type=Path, metavar="FILE", help=say("cli-recovery-cert"))
    used.add_argument("--token", metavar="SERIAL", help=say("cli-token"))
    for command in (allowed, used):
        command.add_argument("--pin-file", type=Path, metavar="FILE", help=say("cli-pin-file"))
