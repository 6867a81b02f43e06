"""docs/security.md names tests that exist, and each attack that was tried here stands in it."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = (ROOT / "docs" / "security.md").read_text("utf-8")
NAMED = re.findall(r"`([\w/]+\.py)::(\w+)`", DOCUMENT)


@cache
def functions_of(path: Path) -> frozenset[str]:
    """The test functions of a module."""
    tree = ast.parse(path.read_text("utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.name[:5] == "test_")


def test_every_test_that_is_named_exists() -> None:
    missing = [
        f"{file}::{name}"
        for file, name in NAMED
        if not (ROOT / "tests" / file).is_file() or name not in functions_of(ROOT / "tests" / file)
    ]
    assert len(NAMED) > 60
    assert missing == []


def test_every_line_of_the_threat_model_names_a_test() -> None:
    for table in re.findall(r"\| what is tried \|.*?\n\|[ -|]*\n((?:\|.*\n)+)", DOCUMENT):
        for line in table.splitlines():
            assert re.search(r"`[\w/]+\.py::\w+` \|$", line), line


def test_every_attack_stands_in_the_threat_model() -> None:
    modules = {
        path.relative_to(ROOT / "tests").as_posix()
        for folder in ("attacks", "fuzz")
        for path in (ROOT / "tests" / folder).glob("test_*.py")
    }
    assert modules - {file for file, _ in NAMED} == {"attacks/test_documents.py"}


def test_how_to_report_is_said_in_both_languages() -> None:
    told = (ROOT / "SECURITY.md").read_text("utf-8")
    assert "报告漏洞" in told
    assert "Reporting a weakness" in told
    assert "docs/security.md" in told
    assert "SECURITY.md" in DOCUMENT
