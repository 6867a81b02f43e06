"""Where the program begins: the window without a command, its child process, or the command line.

Kept small on purpose: the window shows itself before anything heavy is imported.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

WORKER = "--worker"
"""In the installed program the window's child process is the program itself with this argument."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run what the arguments ask for; exit codes are those of `unitclient.cli.output`."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    if arguments[:1] == [WORKER]:
        from unitclient.desktop.proc.worker import main as work

        return work()
    if not _asks_for_window(arguments):
        from unitclient.cli.main import main as command

        return command(arguments)
    return _window(arguments)


def _asks_for_window(arguments: Sequence[str]) -> bool:
    """Whether there is nothing but a home and a language."""
    rest = list(arguments)
    while rest and rest[0].startswith(("--home", "--lang")):
        rest = rest[1:] if "=" in rest[0] else rest[2:]
    return not rest


def _window(arguments: Sequence[str]) -> int:
    from pathlib import Path

    from unitclient.config import default_home, value_of
    from unitclient.desktop.main import run
    from unitclient.errors import UserError

    given = value_of(arguments, "--home")
    language = value_of(arguments, "--lang") or ""
    try:
        return run(Path(given) if given else default_home(), language)
    except UserError as refusal:
        from unitclient.cli.main import refuse

        return refuse(refusal, language)
