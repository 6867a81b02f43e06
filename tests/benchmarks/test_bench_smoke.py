"""The benchmarks run and give figures; what the figures are is not a matter for a test."""

from __future__ import annotations

import re
import subprocess
import sys

from tests.benchmarks.__main__ import BENCHES, ROOT

LINE = re.compile(r"(\w+).*\s[\d.]+ (?:s|ms|MB)\s+[\d.]+ (?:s|ms|MB)\s+[\d.]+\s+[\d.]+  -")


def test_every_bench_gives_its_lines() -> None:
    command = [sys.executable, "-m", "tests.benchmarks", "--quick", "--rows", "40", "--many", "60"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    lines = done.stdout.splitlines()[1:]
    measured = [match[1] for line in lines if (match := LINE.fullmatch(line))]
    assert len(measured) == len(lines)
    assert set(measured) >= BENCHES.keys() - {"sign"}
    assert "sign" in measured or "SoftHSM2" in done.stderr
