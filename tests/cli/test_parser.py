"""The grammar: global options anywhere, every command runs something, nothing heavy is read before it is needed."""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from tests.cli.harness import read, run
from unitclient.cli import parser as grammar
from unitclient.cli.globals import split
from unitclient.paths import data_root
from unitclient.texts import LANGUAGES, use_language

HEAVY = ("cryptography", "requests", "fastapi", "openpyxl", "peewee", "sqlcipher3", "pkcs11", "fpdf")


@pytest.mark.parametrize(
    ("words", "ahead", "rest"),
    [
        ("status --json", "--json", "status"),
        ("status ID --lang en --home /h", "--lang en --home /h", "status ID"),
        ("--home=/h status --lang=en", "--home=/h --lang=en", "status"),
        ("calc name -- --json", "", "calc name -- --json"),
        ("status --home", "--home", "status"),
        ("", "", ""),
    ],
)
def test_global_options_stand_anywhere(words: str, ahead: str, rest: str) -> None:
    found = split(words.split())
    assert (list(found.ahead), list(found.rest)) == (ahead.split(), rest.split())


def test_what_the_global_options_say() -> None:
    found = split(["--lang", "en", "--json", "--home=/h"])
    assert (found.language, found.as_json, found.home) == ("en", True, Path("/h"))
    assert split(["--lang", "fr"]).language == "zh"


def commands() -> Iterator[tuple[str, argparse.ArgumentParser]]:
    """Every command with its grammar."""
    yield from _below("", grammar._grammar(with_calc=True))


def _below(words: str, parser: argparse.ArgumentParser) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    yield words, parser
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, child in action.choices.items():
                yield from _below(f"{words} {name}".strip(), child)


ALL = dict(commands())


def test_the_contract_is_there() -> None:
    assert ALL.keys() >= {
        "practice start", "practice stop", "practice status", "practice month", "unit enrol", "unit list", "unit show",
        "template", "import", "roster", "prepare", "sign", "outbox", "outbox list", "outbox retry", "outbox withdraw",
        "outbox export", "outbox import-reply", "sync", "status", "verify", "backup", "restore", "check-db", "calc id",
        "calc name", "calc uscc", "calc contribution", "calc deadline", "calc late-fee", "calc retirement",
        "calc back-payment", "config",
    }  # fmt: skip


def test_the_document_lists_every_command() -> None:
    told = re.findall(r"`([a-z][a-z -]*[a-z])[^`]*`", (data_root() / "docs" / "cli.md").read_text("utf-8"))
    listed = {words for words in ALL for known in told if (known + " ").startswith(words + " ")}
    assert [words for words, parser in ALL.items() if parser._defaults.get("run") and words not in listed] == []


@pytest.mark.parametrize("words", [words for words, parser in ALL.items() if parser._defaults.get("run")])
def test_every_command_runs_something(words: str) -> None:
    module, _, name = str(ALL[words]._defaults["run"]).partition(":")
    assert callable(getattr(import_module(f"unitclient.cli.{module}"), name))


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("words", ALL)
def test_every_command_explains_itself(words: str, lang: str) -> None:
    shown = read(None, *words.split(), "--help", lang=lang)
    assert (shown.code, shown.err) == (0, "")
    assert run(None, *words.split(), "--help", lang=lang).data["help"] == shown.out.rstrip("\n")
    english = ("usage:", "options:", "arguments:", "show this")
    assert any(word in shown.out for word in english) == (lang == "en")


@pytest.mark.parametrize("words", ALL)
def test_every_argument_is_explained(words: str) -> None:
    unexplained = [
        action.dest
        for action in ALL[words]._actions
        if not action.help and not isinstance(action, argparse._SubParsersAction)
    ]
    assert unexplained == []


def test_the_version_is_one_object_too() -> None:
    assert run(None, "--version").data["version"].startswith("unitclient ")


@pytest.mark.parametrize("words", ["--help", "calc id 11010519491231002X", "calc contribution --base 1 --rate 0.1"])
def test_calculators_and_help_read_nothing_heavy(words: str) -> None:
    script = (
        "import sys; from unitclient.cli.main import main; code = main(sys.argv[1:]);"
        f"print(code, [name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script, *words.split()], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "0 []"


@pytest.fixture(autouse=True)
def chinese() -> Iterator[None]:
    use_language("zh")
    yield
    use_language("zh")
