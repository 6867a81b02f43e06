"""The goals of speed and size, measured: `python -m tests.benchmarks [--quick]`. docs/benchmarks.md explains them.

Every measurement runs in a fresh process; times are CPU times, so that a busy machine disturbs them little; of several
runs the median counts.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
IMPORT_GOAL, PREPARE_GOAL, SIGN_GOAL, MEMORY_GOAL = 3.0, 1.0, 1.3, 25.0
PREPARE_SECONDS = 1.0


class Sizes(NamedTuple):
    """How much is measured: rows of the timed workbooks, rows of the large ones, runs of each, rounds of signing."""

    rows: int
    many: int
    runs: int
    rounds: int


FULL, QUICK = Sizes(10_000, 100_000, 3, 30), Sizes(1_000, 5_000, 1, 3)


class Line(NamedTuple):
    """One line of the table: what was measured, against what, how many times that, and how many times are allowed."""

    name: str
    figure: str
    floor: str
    ratio: float
    goal: float


def probe(name: str, *arguments: object) -> dict[str, float]:
    """The figures of one probe, run in a process of its own."""
    command = [sys.executable, "-m", "tests.benchmarks.probes", name, *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True, text=True)
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def medians(runs: int, name: str, *arguments: object) -> dict[str, float]:
    """The median of each figure over several runs."""
    found = [probe(name, *arguments) for _ in range(runs)]
    return {figure: statistics.median(one[figure] for one in found) for figure in found[0]}


def importing(folder: Path, sizes: Sizes) -> Iterator[Line]:
    """An import with all checks and storing, against the fastest reader alone."""
    for kind in ("sample", "openpyxl", "shared", "wrong"):
        path = _workbook(folder, kind, sizes.rows)
        floor, taken = medians(sizes.runs, "read", path)["cpu"], medians(sizes.runs, "take", path)["cpu"]
        yield Line(
            f"import {sizes.rows:,} rows, {kind}", f"{taken:.3f} s", f"{floor:.3f} s", taken / floor, IMPORT_GOAL
        )


def preparing(folder: Path, sizes: Sizes) -> Iterator[Line]:
    """A month for all of them with six insurances, against one second."""
    figures = medians(sizes.runs, "prepare", _workbook(folder, "sample", sizes.rows))
    for state, seconds in figures.items():
        name = f"prepare {sizes.rows:,} x 6, {state}"
        yield Line(name, f"{seconds:.3f} s", f"{PREPARE_SECONDS:.0f} s", seconds / PREPARE_SECONDS, PREPARE_GOAL)


def signing(_folder: Path, sizes: Sizes) -> Iterator[Line]:
    """One signature against a raw C_Sign on the same token."""
    figures = probe("sign", sizes.rounds)
    if figures:
        times = (f"{figures['cades_ms']:.3f} ms", f"{figures['raw_ms']:.3f} ms")
        yield Line("sign once", *times, figures["ratio"], SIGN_GOAL)
    else:
        print("sign once: not measured, SoftHSM2 is not installed", file=sys.stderr)


def memory(folder: Path, sizes: Sizes) -> Iterator[Line]:
    """The most memory that the whole program holds while it imports, against the size of the workbook."""
    for kind in ("sample", "openpyxl", "shared"):
        path = _workbook(folder, kind, sizes.many)
        peak, size = probe("take", path)["peak"], path.stat().st_size
        yield Line(f"memory {sizes.many:,} rows, {kind}", _megabytes(peak), _megabytes(size), peak / size, MEMORY_GOAL)


BENCHES = {"import": importing, "prepare": preparing, "sign": signing, "memory": memory}


def _workbook(folder: Path, kind: str, rows: int) -> Path:
    path = folder / f"{kind}-{rows}.xlsx"
    probe("make", kind, path, rows)
    return path


def _megabytes(size: float) -> str:
    return f"{size / 1e6:.1f} MB"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("benches", nargs="*", metavar="BENCH", help=f"of {', '.join(BENCHES)}; all of them by default")
    parser.add_argument("--quick", action="store_true", help="small sizes, one run: shows that it works, not the goals")
    parser.add_argument("--rows", type=int, help="rows of the timed workbooks")
    parser.add_argument("--many", type=int, help="rows of the large workbooks")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="keep the workbooks there and use them again")
    arguments = parser.parse_args()
    if unknown := set(arguments.benches) - BENCHES.keys():
        parser.error(f"no bench of that name: {', '.join(sorted(unknown))}")
    return arguments


def main() -> None:
    """Measure what was asked for and print a line as soon as it is known."""
    arguments = _arguments()
    sizes = QUICK if arguments.quick else FULL
    sizes = sizes._replace(rows=arguments.rows or sizes.rows, many=arguments.many or sizes.many)
    print(f"{'':36}{'figure':>12}{'floor':>12}{'ratio':>8}{'goal':>8}  ok")
    with TemporaryDirectory() as scratch:
        folder = arguments.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        for name in arguments.benches or BENCHES:
            for line in BENCHES[name](folder, sizes):
                ok = "-" if arguments.quick else "yes" if line.ratio <= line.goal else "NO"
                print(
                    f"{line.name:36}{line.figure:>12}{line.floor:>12}{line.ratio:8.2f}{line.goal:8.2f}  {ok}",
                    flush=True,
                )


if __name__ == "__main__":
    main()
