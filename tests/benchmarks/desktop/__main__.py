"""The desktop's goals, measured: `python -m tests.benchmarks.desktop [BENCH...] [--json FILE]`.

Ends with 1 when a goal is missed. docs/benchmarks.md says what the lines mean.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.benchmarks.desktop.homes import office_screen

os.environ.setdefault("QT_QPA_PLATFORM", office_screen())

from tests.benchmarks.desktop.figures import HEAD, Line, Verdict
from tests.benchmarks.desktop.looks import idle, importing, memory, tables
from tests.benchmarks.desktop.starts import starting

BENCHES: dict[str, Callable[[int], Iterator[Line]]] = {
    "start": starting,
    "memory": memory,
    "tables": tables,
    "idle": idle,
    "import": importing,
}


def main() -> int:
    """Measure what was asked for; a line is printed as soon as it is known."""
    arguments = _arguments()
    print(HEAD)
    lines: list[Line] = []
    for name in arguments.benches or BENCHES:
        for line in BENCHES[name](arguments.rounds):
            lines.append(line)
            print(line.to_row(), flush=True)
    if arguments.json:
        arguments.json.write_text(json.dumps(_about(lines), ensure_ascii=False, indent=1), "utf-8")
    missed = [line.name for line in lines if line.verdict is Verdict.MISSED]
    if missed:
        print(f"missed: {'; '.join(missed)}")
    return 1 if missed else 0


def _about(lines: list[Line]) -> dict[str, object]:
    from PyQt6.QtCore import PYQT_VERSION_STR, qVersion

    return {
        "python": platform.python_version(),
        "pyqt": PYQT_VERSION_STR,
        "qt": qVersion(),
        "screen": os.environ["QT_QPA_PLATFORM"],
        "lines": [line.to_json() for line in lines],
    }


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.desktop", description=__doc__)
    parser.add_argument("benches", nargs="*", metavar="BENCH", help=f"of {', '.join(BENCHES)}; all of them by default")
    parser.add_argument("--rounds", type=int, default=7, help="how often each program is started in turn")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    arguments = parser.parse_args()
    if unknown := set(arguments.benches) - BENCHES.keys():
        parser.error(f"no bench of that name: {', '.join(sorted(unknown))}")
    return arguments


if __name__ == "__main__":
    sys.exit(main())
