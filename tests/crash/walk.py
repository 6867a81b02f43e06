"""A walk: one month without a crash, then the same again and again, each with one death or one fault, all compared."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from tests.crash import network, programs
from tests.crash.clerk import DOES
from tests.crash.network import FAULTS, Network
from tests.crash.points import Place, Point, passed
from tests.crash.programs import Child, fork, start_centre
from tests.crash.stage import STEPS, Stage, free_port
from tests.crash.world import World, torn_files, world_of
from unitclient.sync import client as sync_client

ON_LINE = frozenset({"enrol", "sync", "papers"})
"""Steps that need the centre."""
VICTIMS = ("client", "centre", "both", "both-centre", "network")
"""Who is killed: one program, both at a point of the client's, both at a point of the centre's; or the network errs."""
_LONGEST_S = 90.0


@dataclass(frozen=True, slots=True)
class Trial:
    """One run that goes wrong once: at which step, who, and where."""

    step: str
    victim: str
    point: Point
    side: str
    """The side of the point; of a request the network's fault."""

    def __str__(self) -> str:
        return f"{self.step}/{self.victim}/{self.point.number}/{self.side} ({self.point.kind}: {self.point.what})"


@dataclass
class Result:
    """What became of a trial. Not `reached` when the run was over before it came to the point."""

    trial: Trial
    reached: bool
    problems: list[str]


@dataclass
class Walk:
    """The stage, and what a month without a crash left after each step."""

    stage: Stage
    centre_port: int = field(default_factory=free_port)
    worlds: dict[str, World] = field(default_factory=dict)
    client: dict[str, list[Point]] = field(default_factory=dict)
    centre: dict[str, list[Point]] = field(default_factory=dict)
    requests: dict[str, list[Point]] = field(default_factory=dict)

    def _file(self, name: str) -> Path:
        return self.stage.root / name

    def learn(self) -> None:
        """The month without a crash: its points, and the world after each of its steps."""
        os.environ["SOFTHSM2_CONF"] = str(self.stage.tokens / "softhsm2.conf")
        for step in STEPS:
            self.client[step], self.centre[step] = self._faithful(step)
            self.worlds[step] = world_of(self.stage)
            assert not self.worlds[step].faults, self.worlds[step].faults
            following = STEPS.index(step) + 1
            if following < len(STEPS):
                self.stage.keep(STEPS[following])
        for step in sorted(ON_LINE):
            self.stage.go_back(step)
            with self._others(Trial(step, "network", Point(0, "request", ""), "")):
                assert self._client(DOES[step], None).wait() == 0, self._file("said").read_text()
            lines = self._file("requests").read_text().splitlines()
            self.requests[step] = [Point(n, "request", line) for n, line in enumerate(lines, 1)]

    def _faithful(self, step: str) -> tuple[list[Point], list[Point]]:
        logs = self._fresh("points-client"), self._fresh("points-centre")
        centre = start_centre(self.stage, self.stage.port, self._fresh("said"), logs[1]) if step in ON_LINE else None
        try:
            code = fork(partial(DOES[step], self.stage), self._file("said"), logs[0]).wait()
        finally:
            if centre:
                centre.kill()
        assert code == 0, self._file("said").read_text()
        return passed(logs[0]), passed(logs[1])

    def _fresh(self, name: str) -> Path:
        self._file(name).unlink(missing_ok=True)
        return self._file(name)

    def trials(self, victim: str) -> list[Trial]:
        """Every trial there is for a victim."""
        if victim == "network":
            return [
                Trial(step, victim, point, fault)
                for step, points in self.requests.items()
                for point in points
                for fault in FAULTS
            ]
        known = self.centre if victim in ("centre", "both-centre") else self.client
        steps = STEPS if victim == "client" else sorted(ON_LINE)
        return [Trial(step, victim, point, side) for step in steps for point in known[step] for side in point.sides()]

    # -- one trial

    def run(self, trial: Trial, last: str) -> Result:
        """Go wrong once, let the clerk finish up to and with the step `last`, and compare the world."""
        self.stage.go_back(trial.step)
        place = Place(trial.point.number, trial.side)
        death = place if trial.victim in ("client", "both") else None
        work = partial(_impatiently, DOES[trial.step]) if trial.side == "late" else DOES[trial.step]
        with self._others(trial) as others:
            done, reached = self._run_client(trial, self._client(work, death), others)
            problems = torn_files(self.stage) or self._finish(trial.step, last, done, others)
        problems = problems or world_of(self.stage).differences(self.worlds[last])
        return Result(trial, reached, problems)

    def _client(self, work: Callable[[Stage], None], death: Place | None) -> Child:
        return fork(partial(work, self.stage), self._fresh("said"), self._fresh("points-client"), death)

    def _run_client(self, trial: Trial, client: Child, others: list[Child]) -> tuple[bool, bool]:
        """(whether the step was finished in spite of everything, whether the point was reached).

        A centre that is not a victim works on when the client is dead; a network is mended.
        """
        try:
            reached = self._watch(trial, client, others)
        finally:
            client.kill()
        if trial.victim not in ("client", "centre"):
            end(others)
        if trial.victim == "network":
            reached = len(self._file("requests").read_text().splitlines()) >= trial.point.number
        return client.wait() == 0, reached

    @contextmanager
    def _others(self, trial: Trial) -> Iterator[list[Child]]:
        """The centre, and where the network errs the proxy before it. They are dead at the end."""
        others: list[Child] = []
        try:
            if trial.step in ON_LINE:
                self._start_others(trial, others)
            yield others
        finally:
            end(others)

    def _start_others(self, trial: Trial, others: list[Child]) -> None:
        said = self._fresh("said-centre")
        if trial.victim == "network":
            others.append(start_centre(self.stage, self.centre_port, said))
            between = Network(self.centre_port, self._fresh("requests"), trial.point.number, trial.side)
            others.append(fork(partial(network.serve, between, self.stage.port), self._fresh("said-proxy")))
            programs.until_listening(self.stage.port, others[-1])
            return
        death = Place(trial.point.number, trial.side) if trial.victim in ("centre", "both-centre") else None
        others.append(start_centre(self.stage, self.stage.port, said, self._fresh("points-centre"), death))

    def _watch(self, trial: Trial, client: Child, others: list[Child]) -> bool:
        """Wait for the client's end; bring the centre up again when it died. Whether anybody was killed."""
        ends = time.monotonic() + _LONGEST_S
        died = False
        while not client.ended():
            assert time.monotonic() < ends, f"{trial}: does not come to an end"
            if others and others[0].ended():
                died = True
                if trial.victim == "both-centre":
                    client.kill()
                    break
                others[0] = start_centre(self.stage, self.stage.port, self._file("said-centre"))
            programs.nap()
        if trial.victim == "centre" and others and others[0].ended():
            died = True
        return died or client.code == -9

    def _finish(self, step: str, last: str, done: bool, others: list[Child]) -> list[str]:
        """What the clerk cannot finish; the centre is started again where it does not run."""
        rest = STEPS[STEPS.index(step) + done : STEPS.index(last) + 1]
        if ON_LINE & set(rest) and (not others or others[0].ended()):
            others[:] = [start_centre(self.stage, self.stage.port, self._file("said-centre"))]
        code = fork(partial(_do_all, self.stage, rest), self._file("said")).wait()
        return [f"the clerk cannot finish: {self._file('said').read_text()[-1500:]}"] if code else []


def end(children: list[Child]) -> None:
    """End them without warning, and forget them."""
    for child in children:
        child.kill()
    children.clear()


def _impatiently(work: Callable[[Stage], None], stage: Stage) -> None:
    """With a client that does not wait long for an answer."""
    programs.put(sync_client, "READ_TIMEOUT", network.READ_TIMEOUT_S)
    work(stage)


def _do_all(stage: Stage, steps: Sequence[str]) -> None:
    for step in steps:
        DOES[step](stage)
