"""Start-up: this program, a bare window and the peers, started in turn, each timed by the same instrument."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks.desktop.figures import Line, faster_than
from tests.benchmarks.desktop.homes import fresh_copy, practice_home
from tests.benchmarks.desktop.peers import Peer, peers

INSTRUMENT = Path(__file__).with_name("first_paint.py")
GIVE_UP_S = 60
GOAL = 1.5
Marks = dict[str, dict[str, float]]
Runs = dict[str, list[float]]


def start(python: str | Path, program: str, arguments: tuple[str, ...] = (),
          environment: Mapping[str, str] | None = None) -> Marks:  # fmt: skip
    """One start in a process of its own: mark -> {wall_ms, cpu_ms}; RuntimeError with what it said when it failed."""
    command = [str(python), str(INSTRUMENT), program, *arguments]
    told = {**os.environ, **(environment or {}), "BENCH_STARTED": repr(time.monotonic())}
    # As installed: modules are compiled once, not at every start.
    told.pop("PYTHONDONTWRITEBYTECODE", None)
    try:
        done = subprocess.run(command, env=told, capture_output=True, text=True, check=True, timeout=GIVE_UP_S)
        found: Marks = json.loads(done.stdout.strip().splitlines()[-1])
    except subprocess.TimeoutExpired as fault:
        raise RuntimeError(f"{program} painted nothing in {GIVE_UP_S} s") from fault
    except subprocess.CalledProcessError as fault:
        raise RuntimeError(f"{program}: {(fault.stderr.strip().splitlines() or ['it failed'])[-1]}") from fault
    return found


def starting(rounds: int) -> Iterator[Line]:
    """All lines of the start: A B C D A B C D ..., then the start of a window that was never open."""
    home, compared = practice_home(), peers()
    runs: dict[str, Runs] = defaultdict(lambda: defaultdict(list))
    lacking = {peer.name: peer.lacking for peer in compared if peer.python is None}
    close_once(home)
    with TemporaryDirectory() as scratch:
        for _ in range(rounds):
            _note(runs, "bare", start(sys.executable, "bare"))
            _note(runs, "second", start(sys.executable, "unitclient", ("--home", str(home))))
            _note(runs, "first", start(sys.executable, "unitclient", ("--home", str(fresh_copy(home, Path(scratch))))))
            for peer in compared:
                _start_peer(peer, runs, lacking)
    yield from _lines("start-up", runs, lacking)


def close_once(home: Path) -> None:
    """Open the window and close it as a person does: what it keeps for the next start is there afterwards."""
    start(sys.executable, "close", ("--home", str(home)))


def _start_peer(peer: Peer, runs: dict[str, Runs], lacking: dict[str, str]) -> None:
    if peer.python is None or peer.name in lacking:
        return
    try:
        _note(runs, peer.name, start(peer.python, peer.name, peer.arguments, peer.environment))
    except RuntimeError as fault:
        lacking[peer.name] = str(fault)


def _note(runs: dict[str, Runs], program: str, marks: Marks) -> None:
    for mark, figures in marks.items():
        for clock, figure in figures.items():
            runs[program][f"{mark} {clock}"].append(figure)


_MARKS = (
    ("first", "dashboard painted with its figures (kept picture)", GOAL),
    ("live", "dashboard read anew and answering", None),
    ("charts", "charts of the months before", None),
)


def _lines(group: str, runs: dict[str, Runs], lacking: dict[str, str]) -> Iterator[Line]:
    for clock, word in (("wall_ms", "wall"), ("cpu_ms", "CPU")):
        bare = tuple(runs["bare"][f"window {clock}"])
        yield Line(group, f"bare PyQt6 window with a label, {word}", "ms", bare)
        for mark, name, goal in _MARKS:
            mine = tuple(runs["second"][f"{mark} {clock}"])
            # Judged by CPU: on a machine that others use too, wall time says who else was at work.
            yield Line(group, f"{name}, {word}", "ms", mine, goal if clock == "cpu_ms" else None, bare)
        for mark, name in (("frame", "frame"), ("live", "dashboard with figures"), ("charts", "charts")):
            mine = tuple(runs["first"][f"{mark} {clock}"])
            yield Line(group, f"  very first start (nothing kept): {name}, {word}", "ms", mine, None, bare)
    live = Line(group, "", "ms", tuple(runs["second"]["first wall_ms"]))
    again = Line(group, "", "ms", tuple(runs["second"]["live wall_ms"]))
    for peer in ("anki", "vorta"):
        if peer in lacking:
            yield Line(group, f"{peer}: first paint of its main window", "ms", (), lacking=lacking[peer])
            continue
        theirs = tuple(runs[peer]["window wall_ms"])
        yield Line(group, f"{peer}: first paint of its main window, wall", "ms", theirs)
        yield faster_than(live, theirs, f"our dashboard with figures against {peer}")
        yield faster_than(again, theirs, f"our dashboard read anew against {peer}")
