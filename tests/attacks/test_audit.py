"""The audit of the dependencies: what an answer comes to, and that no answer is never taken for a good one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

PACKAGING = Path(__file__).resolve().parents[2] / "packaging"
CLEAN = {"name": "a", "version": "1", "vulns": []}
BAD = {"name": "b", "version": "2", "vulns": [{"id": "PYSEC-0-1"}]}
SKIPPED = {"name": "c", "skip_reason": "Dependency not found on PyPI"}


def judged(folder: Path, *answers: object, probe: bool = False) -> tuple[int, str]:
    """(exit code, output) for answers of pip-audit; None is one that was never given."""
    names = []
    folder = Path(tempfile.mkdtemp(dir=folder))
    for number, answer in enumerate(answers):
        path = folder / f"{number}.json"
        if answer is not None:
            path.write_text(json.dumps({"dependencies": answer}), "utf-8")
        names.append(str(path))
    command = [sys.executable, str(PACKAGING / "audit_answers.py"), *(["--probe"] if probe else []), *names]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


@pytest.mark.parametrize(
    ("answers", "code", "said"),
    [
        ([[CLEAN], [CLEAN]], 0, "2 packages, 0 advisories"),
        ([[CLEAN], [BAD, SKIPPED]], 1, "b 2: PYSEC-0-1"),
        ([[CLEAN], [SKIPPED]], 4, "1 without an answer"),
        ([[CLEAN], None], 4, "1 without an answer"),
        ([[]], 4, "0 packages"),
    ],
)
def test_what_an_answer_comes_to(tmp_path: Path, answers: list[object], code: int, said: str) -> None:
    found = judged(tmp_path, *answers)
    assert found[0] == code
    assert said in found[1]


def test_a_mirror_that_knows_no_advisories_is_no_source(tmp_path: Path) -> None:
    assert judged(tmp_path, [CLEAN], probe=True)[0] == 4
    assert judged(tmp_path, [BAD], probe=True)[0] == 0
    assert judged(tmp_path, None, probe=True)[0] == 4


@pytest.mark.parametrize(("strict", "code"), [("", 0), ("1", 4)])
def test_without_a_network_it_says_so(tmp_path: Path, strict: str, code: int) -> None:
    """The audit's own environment cannot be made: nothing is known, and nothing else is said."""
    script = tmp_path / "packaging" / "audit"
    script.parent.mkdir()
    script.write_bytes((PACKAGING / "audit").read_bytes())
    done = subprocess.run(
        ["sh", script], env={**os.environ, "UC_PYTHON": "false", "UC_AUDIT_STRICT": strict},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stdout.startswith("AUDIT NOT DONE: ")
    assert done.returncode == code
