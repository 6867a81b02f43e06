"""Homes to measure over: a practice unit with a finished month, crowds of 100,000, peers' own folders."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
BUILD = ROOT / "build" / "bench-desktop"
"""Everything that is made once: below a folder that no version control sees."""


def office_screen() -> str:
    """The offscreen platform with a screen of 1920 x 1080, in which the window has its usual size."""
    BUILD.mkdir(parents=True, exist_ok=True)
    screen = {"name": "office", "x": 0, "y": 0, "width": 1920, "height": 1080, "logicalDpi": 96, "logicalBaseDpi": 96,
              "dpr": 1}  # fmt: skip
    file = BUILD / "screen.json"
    file.write_text(json.dumps({"screens": [screen]}), "utf-8")
    return f"offscreen:configfile={file}"


def run_here(code: str, *arguments: object) -> None:
    """Run a line of Python in a process of its own: what it needs in memory is not ours."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-c", code, *map(str, arguments)]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)


def practice_home() -> Path:
    """An enrolled practice unit with 200 people and one month that went all the way to the bank slip."""
    home = BUILD / "practice"
    if not (home / "done").exists():
        shutil.rmtree(home, ignore_errors=True)
        run_here("import sys; from unitclient.cli.main import main; "
                 "code = main(['--home', sys.argv[1], 'practice', 'month']); "
                 "main(['--home', sys.argv[1], 'practice', 'stop']); sys.exit(code)", home)  # fmt: skip
        (home / "done").touch()
    return home


def fresh_copy(home: Path, folder: Path) -> Path:
    """The same home, as if its window had never been opened: no kept texts, no log, no place of the window."""
    copy = folder / "fresh"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(home, copy, ignore=shutil.ignore_patterns("cache", "logs", "desktop.json", "desktop.lock"))
    return copy


def crowd_home(count: int) -> Path:
    """A unit with so many confirmed people, in departments, some of them with changes."""
    return _made(f"crowd-{count}", "from tests.desktop.roster import crowd; crowd.crowded_home(path, count)", count)


def staged_home(count: int) -> Path:
    """A unit with so many enrolments that are not signed yet."""
    return _made(f"staged-{count}", "from tests.benchmarks.desktop import staged; staged.staged_home(path, count)",
                 count)  # fmt: skip


def _made(name: str, code: str, count: int) -> Path:
    home = BUILD / name
    if not (home / "done").exists():
        shutil.rmtree(home, ignore_errors=True)
        run_here(f"import pathlib, sys; path, count = pathlib.Path(sys.argv[1]), int(sys.argv[2]); {code}", home, count)
        (home / "done").touch()
    return home
