"""What the bench makes of its figures; the figures themselves are not a matter for a test."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time

import pytest

from tests.benchmarks.desktop.figures import Line, Verdict, faster_than
from tests.benchmarks.desktop.homes import ROOT


def test_a_ratio_is_taken_of_the_minima() -> None:
    line = Line("g", "n", "ms", (90.0, 75.0, 300.0), 1.5, (60.0, 50.0, 51.0))
    assert (line.least, line.middle, line.most, line.ratio) == (75.0, 90.0, 300.0, 1.5)
    assert line.verdict is Verdict.OK


@pytest.mark.parametrize(("judged", "verdict"), [("min", Verdict.OK), ("median", Verdict.OK), ("max", Verdict.MISSED)])
def test_without_a_floor_the_figure_itself_is_judged(judged: str, verdict: Verdict) -> None:
    assert Line("g", "n", "MB", (1.0, 2.0, 4.0), 3.0, judged=judged).verdict is verdict


def test_a_missed_ratio_is_missed() -> None:
    assert faster_than(Line("g", "n", "ms", (11.0,)), (10.0,), "against").verdict is Verdict.MISSED


def test_what_was_not_measured_says_why() -> None:
    line = Line("g", "n", "ms", (), 1.0, lacking="no network")
    assert line.verdict is Verdict.NOT_MEASURED
    assert "no network" in line.to_row()
    assert json.loads(json.dumps(line.to_json()))["verdict"] == "not measured"


def test_the_instrument_times_a_bare_window() -> None:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "BENCH_STARTED": repr(time.monotonic())}
    command = [sys.executable, str(ROOT / "tests" / "benchmarks" / "desktop" / "first_paint.py"), "bare"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=60)
    told = json.loads(done.stdout)["window"]
    assert told["wall_ms"] > 0
    assert told["cpu_ms"] > 0
