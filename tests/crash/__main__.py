"""`python -m tests.crash`: kill the programs at every point (or a sample), and say how many points were tried."""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Mapping
from itertools import chain, zip_longest
from pathlib import Path
from typing import Any

from tests.crash import programs
from tests.crash.stage import STEPS, build
from tests.crash.walk import VICTIMS, Result, Trial, Walk

SHORT = {"client": 100, "centre": 40, "both": 12, "both-centre": 12, "network": 40}
"""Trials of the short form, by who suffers: what fits into a test run."""


def main() -> int:
    """Walk; exit code 1 when anything was lost, doubled, torn or left over."""
    parser = argparse.ArgumentParser(prog="python -m tests.crash", description=__doc__)
    parser.add_argument("--short", action="store_true", help=f"a sample: {SHORT}")
    parser.add_argument("--victim", action="append", choices=VICTIMS, help="only these")
    parser.add_argument("--step", action="append", choices=STEPS, help="only these steps")
    parser.add_argument("--far", type=int, default=1, help="every so many trials are followed to the month's end")
    parser.add_argument("--seed", type=int, default=20261125)
    parser.add_argument("--report", type=Path, help="write the figures into this file")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="crash-") as folder:
        report = walk(Path(folder), chosen)
    if chosen.report:
        chosen.report.write_text(json.dumps(report, ensure_ascii=False, indent=1), "utf-8")
    return 1 if report["problems"] else 0


def walk(folder: Path, chosen: argparse.Namespace) -> dict[str, Any]:
    """Learn the month, run the trials, and give the figures."""
    started = time.monotonic()
    known = Walk(build(folder))
    programs.warm(folder)
    known.learn()
    print(f"learned in {time.monotonic() - started:.0f} s", flush=True)
    results: list[Result] = []
    for victim in chosen.victim or VICTIMS:
        wanted = [trial for trial in known.trials(victim) if not chosen.step or trial.step in chosen.step]
        picked = sample(wanted, SHORT[victim] if chosen.short else 0, chosen.seed)
        for number, trial in enumerate(picked):
            result = known.run(trial, last_step(trial, number % chosen.far == 0))
            results.append(result)
            for problem in result.problems:
                print(f"{trial}: {problem}", flush=True)
        print(f"{victim}: {len(picked)} of {len(wanted)} after {time.monotonic() - started:.0f} s", flush=True)
    told = figures(known, results)
    print(table(told), flush=True)
    return told


def last_step(trial: Trial, far: bool) -> str:
    """Up to where the clerk works on: to the month's end when it is `far`, else only the step itself."""
    return "sync" if far and STEPS.index(trial.step) < STEPS.index("sync") else trial.step


def sample(trials: list[Trial], most: int, seed: int) -> list[Trial]:
    """At most so many, from every step and kind of point in turn; the same ones for the same seed.

    A paper takes seconds to set, so a sample has one death or fault among the papers.
    """
    if not most or len(trials) <= most:
        return trials
    groups: dict[tuple[str, str], list[Trial]] = defaultdict(list)
    for trial in random.Random(seed).sample(trials, len(trials)):
        groups[(trial.step, "" if trial.step == "papers" else _kind(trial))].append(trial)
    groups = {key: found[:1] if key[0] == "papers" else found for key, found in groups.items()}
    in_turn = chain.from_iterable(zip_longest(*groups.values()))
    return [trial for trial in in_turn if trial is not None][:most]


def _kind(trial: Trial) -> str:
    """What a trial is a sample of. Commits are where most can go wrong: they have four turns."""
    if trial.victim == "network":
        return trial.side
    more = f" {trial.side} {trial.point.number % 2}" if trial.point.kind == "commit" else ""
    return trial.point.kind + more


def figures(known: Walk, results: list[Result]) -> dict[str, Any]:
    """What there was, what was tried, and what went wrong."""
    reached = [result for result in results if result.reached]
    points = {
        "client": Counter(point.kind for found in known.client.values() for point in found),
        "centre": Counter(point.kind for found in known.centre.values() for point in found),
        "network": Counter(point.kind for found in known.requests.values() for point in found),
    }
    tried: dict[str, Counter[str]] = defaultdict(Counter)
    for result in reached:
        trial = result.trial
        tried[trial.victim][trial.side if trial.victim == "network" else trial.point.kind] += 1
    return {
        "points": points,
        "steps": {step: len(found) for step, found in known.client.items()},
        "tried": tried,
        "distinct": len({(r.trial.step, r.trial.victim, r.trial.point.number) for r in reached}),
        "runs": len(results),
        "not_reached": len(results) - len(reached),
        "problems": [f"{result.trial}: {problem}" for result in results for problem in result.problems],
    }


def table(told: dict[str, Any]) -> str:
    """The figures for people: points by kind, and how many were tried."""
    lines = [f"points of a month: {sum(told['steps'].values())} of the client ({_listed(told['steps'])})"]
    lines += [f"  {who}: {_listed(counted)}" for who, counted in told["points"].items()]
    lines += [f"tried: {told['runs']} runs, {told['not_reached']} of them over before their point"]
    lines += [f"  {victim}: {sum(counted.values())} ({_listed(counted)})" for victim, counted in told["tried"].items()]
    return "\n".join([*lines, f"wrong: {len(told['problems'])}"])


def _listed(counted: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counted.items())


if __name__ == "__main__":
    sys.exit(main())
