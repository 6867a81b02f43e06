"""Killed at every step, the short form: a sample of all points, each followed by a clerk who finishes the month.

`make soak` tries every point. Both print what was tried; docs/promises.md has the figures of the last whole run.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.crash.__main__ import SHORT
from tests.crash.points import KINDS
from unitclient.tokens.softhsm import find_softhsm_library

ROOT = Path(__file__).resolve().parent.parent.parent
LIMIT_S = 1500
Report = dict[str, Any]
pytestmark = [
    pytest.mark.skipif(find_softhsm_library() is None, reason="SoftHSM2 is not installed"),
    pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork"),
    pytest.mark.timeout(LIMIT_S),
]


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """The figures of a short walk, in a process of its own: what it wraps must not stay wrapped for other tests."""
    out = tmp_path_factory.mktemp("crash") / "report.json"
    command = [sys.executable, "-m", "tests.crash", "--short", "--far", "6", "--report", str(out)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=LIMIT_S)
    print(done.stdout)
    assert out.exists(), done.stdout + done.stderr
    told: Report = json.loads(out.read_text("utf-8"))
    return told


def test_nothing_is_lost_doubled_torn_or_left_over(report: Report) -> None:
    """After each death and each fault of the network the world is that of a month in which nothing happened."""
    assert report["problems"] == []


def test_a_month_has_hundreds_of_points_and_every_kind_of_them(report: Report) -> None:
    """Found by tracing: should a driver or a library change, points that are no longer seen would be missed here."""
    assert set(report["points"]["client"]) == set(KINDS)
    assert set(report["points"]["centre"]) == set(KINDS) - {"token"}
    assert sum(report["points"]["client"].values()) >= 200
    assert all(count >= 2 for count in report["steps"].values()), report["steps"]


def test_at_least_200_deaths_and_faults_were_tried(report: Report) -> None:
    """Reached, not only planned."""
    tried = {victim: sum(counted.values()) for victim, counted in report["tried"].items()}
    assert sum(tried.values()) >= 200 * 0.95, tried
    assert set(tried) == set(SHORT)
