"""Lines about the running window: memory, filter and sort, painted area, and how late it is during an import."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.benchmarks.desktop.figures import Line
from tests.benchmarks.desktop.homes import BUILD, ROOT, crowd_home, fresh_copy, practice_home, run_here, staged_home
from tests.benchmarks.desktop.tables import TYPED

CROWD = 100_000
BROUGHT = 20_000
MEMORY_MB, FILTER_MS, SORT_MS, WHEEL = 160.0, 100.0, 200.0, 0.15
BLOCK_MS = 100.0
RUNS = 3


def _act(name: str, home: Path, *rest: object) -> dict[str, Any]:
    """One act in a window of its own process."""
    command = [sys.executable, "-m", "tests.benchmarks.desktop.window", name, str(home), *map(str, rest)]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode or not done.stdout.strip():
        raise RuntimeError(f"{name} ended with {done.returncode}: {done.stderr[-600:]}")
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def memory(_rounds: int) -> Iterator[Line]:
    """The whole process of the program that shows a large table."""
    bare = _bare_memory()
    yield Line("memory", "bare PyQt6 window, resident (RSS)", "MB", (bare,))
    for name, home, page in (("roster", crowd_home, "roster"), ("business page", staged_home, "business")):
        runs = [_act("memory", home(CROWD), page) for _ in range(RUNS)]
        what = f"{name}, {runs[0]['rows']:,} rows"
        yield Line(
            "memory", f"{what}: resident (RSS)", "MB", tuple(one["rss"] for one in runs), MEMORY_MB, judged="max"
        )
        yield Line("memory", f"{what}: proportional share (PSS)", "MB", tuple(one["pss"] for one in runs))
        yield Line("memory", f"{what}: its own alone (USS)", "MB", tuple(one["uss"] for one in runs))
        yield Line("painting", f"{what}: wheel notch, share of the viewport", "", tuple(one["wheel"] for one in runs),
                   WHEEL, judged="max")  # fmt: skip


_BARE = """
import sys
from PyQt6.QtWidgets import QApplication, QLabel
app = QApplication([])
label = QLabel("本月申报")
label.resize(1280, 800)
label.show()
app.processEvents()
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmRSS:")))
"""


def _bare_memory() -> float:
    done = subprocess.run([sys.executable, "-c", _BARE], capture_output=True, text=True, check=True)
    return int(done.stdout) * 1024 / 1e6


def tables(_rounds: int) -> Iterator[Line]:
    """Looking through the roster."""
    found = _act("roster", crowd_home(CROWD))
    for text, what in TYPED.items():
        runs = tuple(found["filter_ms"][text])
        yield Line("tables", f"filter {found['people']:,} people by {what}", "ms", runs, FILTER_MS)
    for text in ("张", "财务"):
        yield Line("tables", f"  chips counted after {TYPED[text]}", "ms", tuple(found["count_ms"][text]))
    for key, runs in found["sort_ms"].items():
        yield Line("tables", f"sort {found['people']:,} people by {key}", "ms", tuple(runs), SORT_MS)
    yield Line("tables", "jump to a far row", "ms", tuple(found["jump_ms"]))
    yield Line("painting", "wheel notch on the roster, share of the viewport", "", (found["wheel"],), WHEEL)
    yield Line("painting", "mouse over 20 rows, paints", "", (found["mouse_paints"],), 0.0)


def idle(_rounds: int) -> Iterator[Line]:
    """A second in which nothing happens, on every page, with a running countdown on the dashboard."""
    found = _act("idle", crowd_home(200))
    if not found["countdown"]:
        raise RuntimeError("the countdown does not run in the home that is measured")
    pages = found["pages"]
    paints = tuple(float(one["paints"]) for one in pages.values())
    told = "; ".join(f"{name}: {one['what']}" for name, one in pages.items() if one["paints"])
    yield Line(
        "painting", f"idle for 1 s on each of {len(pages)} pages, paints", "", paints, 0.0, judged="max", note=told
    )
    blinks = tuple(float(one["blinks"]) for one in pages.values())
    yield Line("painting", "  caret of a focused field, paints", "", blinks)


def importing(_rounds: int) -> Iterator[Line]:
    """How late a timer of 10 ms comes on the window's thread while a child process imports."""
    book = BUILD / f"people-{BROUGHT}.xlsx"
    run_here("import sys, pathlib; from tests.benchmarks import workbooks; "
             "workbooks.make('sample', pathlib.Path(sys.argv[1]), int(sys.argv[2]))", book, BROUGHT)  # fmt: skip
    late: dict[str, list[float]] = {"p50": [], "p95": [], "max": [], "idle p95": []}
    seconds, rows = [], 0
    for _ in range(RUNS):
        with TemporaryDirectory() as scratch:
            found = _act("import", fresh_copy(practice_home(), Path(scratch)), book)
        part = statistics.quantiles(found["late"], n=100)
        late["p50"].append(part[49])
        late["p95"].append(part[94])
        late["max"].append(max(found["late"]))
        late["idle p95"].append(statistics.quantiles(found["idle"], n=100)[94])
        seconds.append(found["seconds"])
        rows = found["rows"]
    yield Line("import", f"import of {rows:,} rows in the child process", "s", tuple(seconds))
    yield Line("import", "  10 ms timer without an import, late by p95", "ms", tuple(late["idle p95"]))
    for name in ("p50", "p95", "max"):
        # Nothing may hold the window's thread so long; what other programs add differs from run to run.
        goal = BLOCK_MS if name == "max" else None
        line = f"  10 ms timer meanwhile, late by {name}"
        yield Line("import", line, "ms", tuple(late[name]), goal, judged="min")
