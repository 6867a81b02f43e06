"""argparse with our own words: headings, usage, complaints and help in the language in use."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, NoReturn

from unitclient import __version__
from unitclient.cli.output import columns, wrap
from unitclient.cli.usage import Explained, Usage, in_our_words
from unitclient.texts import say

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[Any]


class Grammar(argparse.ArgumentParser):
    """A parser that raises Usage or Explained instead of printing and ending the process."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("formatter_class", _Formatter)
        super().__init__(**options, add_help=False, allow_abbrev=False)
        self._positionals.title = say("usage-arguments")
        self._optionals.title = say("usage-options")
        self.add_argument("-h", "--help", action=_Help, nargs=0, help=say("cli-help-help"))

    def error(self, message: str) -> NoReturn:
        """Wrong usage, in the language in use."""
        raise Usage(self.format_usage().strip(), in_our_words(message), f"{self.prog} --help")


class _Formatter(argparse.HelpFormatter):
    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=columns() - 2)

    def add_usage(
        self,
        usage: str | None,
        actions: Iterable[argparse.Action],
        groups: Iterable[argparse._MutuallyExclusiveGroup],
        prefix: str | None = None,
    ) -> None:
        super().add_usage(usage, actions, groups, say("usage-head") if prefix is None else prefix)

    def _split_lines(self, text: str, width: int) -> list[str]:
        return wrap(text, width)  # Chinese is two columns wide, which argparse does not know

    def _expand_help(self, action: argparse.Action) -> str:
        return action.help or ""  # our texts hold per cent signs, and no placeholders of argparse

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        return "\n".join(indent + line for line in wrap(text, width - len(indent)))


class _Help(argparse.Action):
    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: str | Sequence[Any] | None,
        option_string: str | None = None,
    ) -> None:
        raise Explained("help", parser.format_help().rstrip())


class Version(argparse.Action):
    """`--version`: raises Explained with the program's version."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: str | Sequence[Any] | None,
        option_string: str | None = None,
    ) -> None:
        raise Explained("version", f"unitclient {__version__}")


def add_command(subparsers: Subparsers, name: str, run: str, help_key: str = "") -> argparse.ArgumentParser:
    """A command; `run` is "module:function" in unitclient.cli, looked up only when the command runs."""
    command: argparse.ArgumentParser = subparsers.add_parser(name, help=say(help_key or f"cli-help-{name}"))
    command.set_defaults(run=run)
    return command


def add_group(subparsers: Subparsers, name: str, metavar: str = "ACT") -> Subparsers:
    """A command that has commands of its own."""
    group: argparse.ArgumentParser = subparsers.add_parser(name, help=say(f"cli-help-{name}"))
    acts: Subparsers = group.add_subparsers(metavar=metavar, required=True)
    return acts
