"""`python -m tests.screenshots [--out FOLDER] [--pages a,b] [--scale 1.5] ...`: see --help."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from tests.screenshots.plan import LANGUAGES, SCALES, Plan, read_report, report_path, shots
from tests.screenshots.worlds import STATES, worlds

ROOT = Path(__file__).resolve().parents[2]


def main(arguments: list[str]) -> int:
    """Take the pictures; 0 when nothing was found wrong with them."""
    wanted = _arguments(arguments)
    began = time.monotonic()
    plan = Plan(
        tuple(wanted.pages.split(",")) if wanted.pages else (),
        tuple(wanted.states.split(",")),
        tuple(wanted.themes.split(",")),
        tuple(float(one) for one in wanted.scale.split(",")),
        tuple(wanted.languages.split(",")),
    )
    out = Path(wanted.out).resolve()
    out.mkdir(parents=True, exist_ok=True)
    for scale in plan.scales:
        report_path(out, scale).unlink(missing_ok=True)
    with tempfile.TemporaryDirectory(prefix="unitclient-") as folder, worlds(Path(folder), plan.states) as made:
        made.write(Path(folder) / "worlds.json")
        plan.write(Path(folder) / "plan.json")
        running = [_child(Path(folder), out, scale, wanted.quick) for scale in plan.scales]
        codes = [one.wait() for one in running]
    problems = [line for scale in plan.scales for line in read_report(out, scale)]
    taken = [one for one in shots(plan) if one.path(out).exists()]
    for line in problems:
        print(line)
    seconds = time.monotonic() - began
    print(f"{len(taken)} pictures, {len(problems)} problems, {seconds:.0f} s: {out}")
    return 1 if problems or any(codes) else 0


def _child(folder: Path, out: Path, scale: float, quick: bool) -> subprocess.Popen[bytes]:
    """Scales are a matter of the whole process: each has its own."""
    own = {"QT_SCALE_FACTOR": f"{scale:g}", "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)}
    arguments = [sys.executable, "-m", "tests.screenshots.child", str(folder), str(out), f"{scale:g}"]
    return subprocess.Popen(arguments + (["--quick"] if quick else []), env=os.environ | own, cwd=ROOT)


def _arguments(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.screenshots", description=__doc__)
    parser.add_argument("--out", default="build/screenshots", help="folder of the pictures")
    parser.add_argument("--pages", default="", help="pages and dialogs, by name (roster,pin)")
    parser.add_argument("--states", default=",".join(STATES))
    parser.add_argument("--themes", default="light,dark")
    parser.add_argument("--scale", default=",".join(f"{one:g}" for one in SCALES))
    parser.add_argument("--languages", default=",".join(LANGUAGES), help="zh,en; English at 100 % in light only")
    parser.add_argument("--quick", action="store_true", help="smaller effort on compressing")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
