"""docs/promises.md names tests; they must be there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
PROMISES = (ROOT / "docs" / "promises.md").read_text("utf-8")


def functions_of(path: Path) -> set[str]:
    """The names of the functions of a file; none where there is no such file."""
    if not path.exists():
        return set()
    tree = ast.parse(path.read_text("utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


def test_every_promise_names_a_test_that_exists() -> None:
    named = NAMED.findall(PROMISES)
    assert named
    assert [f"{file}::{test}" for file, test in named if test not in functions_of(ROOT / file)] == []


def test_no_promise_is_without_a_test() -> None:
    lines = PROMISES.splitlines()
    rows = [line for line in lines if re.match("\\| [^-|]*[\u4e00-\u9fff]", line) and "承诺" not in line]
    assert rows
    assert [row for row in rows if not NAMED.search(row)] == []
