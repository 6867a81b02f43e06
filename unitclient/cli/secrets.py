"""How passwords reach the program: typed without echo, a line of standard input, of a file descriptor or of a file.

Never an argument and never an environment variable: both can be read by others. Each password asked for is the next
line; the first is that of whoever signs in.
"""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from unitclient.errors import Cancelled, UserError
from unitclient.texts import say


class Secrets:
    """The passwords of one run. UserError operator-password-missing where there is no further line."""

    def __init__(self, descriptor: int | None = None, file: Path | None = None) -> None:
        self._descriptor, self._file = descriptor, file
        self._lines: Iterator[str] | None = None

    def typed(self) -> bool:
        """Whether somebody sits there and types."""
        return self._descriptor is None and self._file is None and sys.stdin.isatty()

    def ask(self, question: str, **params: object) -> str:
        """The next password; `question` names the text that is shown to somebody who types."""
        if self.typed():
            return _typed(say(question, **params))
        line = next(self._next(), "").rstrip("\r\n")
        if not line:
            raise UserError("operator-password-missing")
        return line

    def ask_new(self) -> str:
        """A new password; typed twice where it is typed. UserError operator-password-differs."""
        first = self.ask("cli-new-password")
        if self.typed() and self.ask("cli-new-password-again") != first:
            raise UserError("operator-password-differs")
        return first

    def _next(self) -> Iterator[str]:
        if self._lines is None:
            self._lines = iter(self._open())
        return self._lines

    def _open(self) -> Iterable[str]:
        try:
            if self._descriptor is not None:
                return os.fdopen(self._descriptor, encoding="utf-8")
            return self._file.read_text("utf-8-sig").splitlines() if self._file else sys.stdin
        except (OSError, UnicodeDecodeError) as failure:
            raise UserError("operator-password-missing") from failure


def secrets_of(args: argparse.Namespace) -> Secrets:
    """The one reader of this run."""
    if not hasattr(args, "secrets"):
        args.secrets = Secrets(args.password_fd, args.password_file)
    found: Secrets = args.secrets
    return found


def signing_in(args: argparse.Namespace) -> None:
    """From now on a home that asks for a password gets it from whoever runs this command."""
    from unitclient.secret import ask_with  # without the libraries that `app` needs

    def ask(for_operator: bool) -> tuple[str, str | None]:
        if not for_operator:
            return "", secrets_of(args).ask("cli-passphrase")
        if not args.sign_in:
            raise UserError("store-operator-needed")
        return str(args.sign_in), secrets_of(args).ask("cli-password-of", name=args.sign_in)

    ask_with(ask)


def signs_in(args: argparse.Namespace) -> tuple[str, str | None]:
    """(operator, password) for what opens the home by itself; nothing where the home asks for none."""
    from unitclient.secret import asker
    from unitclient.workflows.recovering import asks_operator, lies_open

    ask = asker()
    return ("", None) if ask is None or lies_open(args.home) else ask(asks_operator(args.home))


def _typed(question: str) -> str:
    try:
        word = getpass.getpass(question + say("colon"), stream=sys.stderr)
    except EOFError as ended:
        raise Cancelled from ended
    if not word:
        raise Cancelled
    return word
