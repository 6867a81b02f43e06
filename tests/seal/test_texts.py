"""Every reason of refusal has its sentences in both languages, and they take the parameters that the code gives."""

from __future__ import annotations

import ast
from pathlib import Path
from string import Formatter

import unitclient.seal
from unitclient.seal.refusal import CODES
from unitclient.texts import catalogue

SOURCES = [ast.parse(path.read_text("utf-8")) for path in Path(unitclient.seal.__path__[0]).glob("*.py")]


def uses() -> list[tuple[str, set[str]]]:
    """(reason, parameter names) of every refusal and finding in the room's source."""
    found = []
    for tree in SOURCES:
        for call in ast.walk(tree):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.args:
                first = call.args[0]
                if call.func.id in ("SealRefused", "seal_finding", "_lacking") and isinstance(first, ast.Constant):
                    found.append((str(first.value), {keyword.arg or "" for keyword in call.keywords}))
    return found


def placeholders(entry: dict[str, dict[str, str]]) -> set[str]:
    texts = [text for sentences in entry.values() for text in sentences.values()]
    return {name for text in texts for _, name, _, _ in Formatter().parse(text) if name}


def test_every_reason_has_texts() -> None:
    texts = catalogue()
    for code in CODES:
        assert texts["error"][f"seal-{code}"].keys() == {"zh", "en"}
        assert texts["finding"][f"SEAL_{code.upper().replace('-', '_')}"].keys() == {"zh", "en"}


def test_parameters_are_given() -> None:
    texts = catalogue()
    assert len(uses()) > 30
    for reason, given in uses():
        if reason in CODES:
            assert placeholders(texts["error"][f"seal-{reason}"]) <= given, reason
        assert placeholders(texts["finding"][f"SEAL_{reason.upper().replace('-', '_')}"]) <= given, reason


def test_no_reason_without_texts() -> None:
    texts = {key.removeprefix("seal-") for key in catalogue()["error"] if key.startswith("seal-")}
    assert texts == set(CODES)
