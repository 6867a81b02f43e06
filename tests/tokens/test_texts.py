"""Every code that this room raises has its three sentences, and the code gives what they want to say."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path
from string import Formatter

import unitclient.tokens
from unitclient.paths import resources_root
from unitclient.texts import catalogue
from unitclient.tokens.child_errors import PLAIN

CODE = re.compile(r"`([a-z0-9-]+)`")
IN_BETWEEN = {"cancelled"}  # becomes Cancelled, which is never shown


def uses() -> list[tuple[str, set[str]]]:
    """(code, parameter names) of every refusal in the room's source."""
    found: list[tuple[str, set[str]]] = []
    for path in Path(unitclient.tokens.__path__[0]).glob("*.py"):
        for call in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.args:
                if call.func.id not in ("UserError", "Refused"):
                    continue
                given = {keyword.arg or "" for keyword in call.keywords}
                constants = (one for one in ast.walk(call.args[0]) if isinstance(one, ast.Constant))
                found += [(str(one.value), given) for one in constants]
    return found + [(code, set()) for _, code in PLAIN]


def test_every_code_has_texts_and_parameters() -> None:
    errors = catalogue()["error"]
    codes = {code for code, _ in uses() if code.startswith(("pin-", "key-"))}
    assert len(codes) >= 16
    for code, given in uses():
        if code in codes:
            for language in ("zh", "en"):
                texts = errors[code][language].values()
                wanted = {name for text in texts for _, name, _, _ in Formatter().parse(text) if name}
                assert wanted <= given, code


def test_pin_state_texts() -> None:
    for key in (
        "pin-ask",
        "pin-ask-on-device",
        "pin-ask-again",
        "pin-state-low",
        "pin-state-final",
        "pin-state-locked",
    ):
        assert catalogue()["text"][key].keys() == {"zh", "en"}


def test_help_desk_page_has_every_code_and_no_other() -> None:
    page = (Path(__file__).parents[2] / "docs" / "keys.md").read_text("utf-8")
    told = {code for line in page.splitlines() if line.startswith("| `") for code in CODE.findall(line.split("|")[1])}
    assert told == set(tomllib.loads((resources_root() / "texts" / "tokens.toml").read_text("utf-8"))["error"])
