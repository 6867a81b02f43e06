"""The benchmarks run and give figures; what the figures are is not a matter for a test."""

from __future__ import annotations

import re
import subprocess
import sys

from tests.benchmarks.__main__ import BENCHES, ROOT

LINE = re.compile(r"(\w+).*\s[\d.]+ (?:s|ms|MB)\s+[\d.]+ (?:s|ms|MB)\s+[\d.]+\s+[\d.]+  -")


def test_the_growth_of_a_small_unit_is_measured() -> None:
    command = [sys.executable, "-m", "tests.benchmarks.growth", "--staff", "20", "--years", "2", "--rounds", "1"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stderr
    head, one, two, verdict = done.stdout.splitlines()
    assert head.split()[2:] == ["start", "dashboard", "trends", "search", "prepare"]
    assert (one.split()[0], two.split()[0]) == ("1", "2")
    assert one.count("1.00x") == 5
    assert "goal 1.5x" in verdict


def test_every_bench_gives_its_lines() -> None:
    command = [sys.executable, "-m", "tests.benchmarks", "--quick", "--rows", "40", "--many", "60"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    lines = done.stdout.splitlines()[1:]
    measured = [match[1] for line in lines if (match := LINE.fullmatch(line))]
    assert len(measured) == len(lines)
    assert set(measured) >= BENCHES.keys() - {"sign"}
    assert "sign" in measured or "SoftHSM2" in done.stderr
