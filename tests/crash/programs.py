"""The two programs as children of one process that has everything loaded: a start costs a fork, not a second.

The forked child runs the program's own commands on its own files; `sleep` and the computer's clock run fast in it, so
that waiting for the next try takes no time. Install once (`warm`), in a process without threads.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

from tests.crash import tracing
from tests.crash.points import Place, Recorder
from tests.crash.stage import Stage
from unitclient import app, clock, texts
from unitclient.central import server
from unitclient.central.core import open_core as open_central
from unitclient.central.rulebook import Rulebook
from unitclient.workflows import syncing

_NAP_S = 0.01
_jumped = [0.0]


def warm(stage_root: Path) -> None:
    """Load everything, wrap everything, and make time run fast."""
    for path in (Path(app.__file__).parent / "cli").glob("*.py"):
        import_module(f"unitclient.cli.{path.stem}")
    texts.catalogue()
    parts, rulebook = app.load_parts(), Rulebook()
    for name in ("catalog", "policies", "areas", "services"):
        getattr(rulebook, name)
    open_core: Any = open_central
    put(app, "load_parts", lambda _home=None: parts)
    put(server, "open_core", lambda home, _rulebook=None: open_core(home, rulebook))
    put(clock.SystemClock, "now", _fast_now(clock.SystemClock.now))
    # The loop that sends and fetches took `sleep` when it was defined.
    put(syncing.sync_until_settled, "__defaults__", (*(syncing.sync_until_settled.__defaults__ or ())[:-1], _nap))
    tracing.install(stage_root / "live")


def put(owner: Any, name: str, value: object) -> None:
    """Put something else in the place of a module's or a class's member."""
    setattr(owner, name, value)


def _nap(seconds: float) -> None:
    time.sleep(min(seconds, _NAP_S))
    _jumped[0] += max(0.0, seconds - _NAP_S)


def _fast_now(now: Callable[[Any], datetime]) -> Callable[[object], datetime]:
    return lambda clock: now(clock) + timedelta(seconds=_jumped[0])


@dataclass
class Child:
    """A forked process."""

    pid: int
    code: int | None = None

    def ended(self) -> bool:
        """Whether it has come to its end."""
        if self.code is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            self.code = os.waitstatus_to_exitcode(status) if pid else None
        return self.code is not None

    def wait(self) -> int:
        """Its exit code; a negative one is the signal that killed it."""
        if self.code is None:
            self.code = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        return self.code

    def kill(self) -> None:
        """End it without warning."""
        if self.code is None:
            os.kill(self.pid, signal.SIGKILL)
            self.wait()


def fork(work: Callable[[], None], said: Path, log: Path | None = None, death: Place | None = None) -> Child:
    """Run `work` in a child, its points written to `log`. Exit code 1 and a traceback in `said` when it raises."""
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if pid:
        return Child(pid)
    code = 1
    try:
        with said.open("a") as file:
            os.dup2(file.fileno(), 1)
            os.dup2(file.fileno(), 2)
        if log is not None:
            tracing.record(Recorder(log, death))
        work()
        code = 0
    except BaseException:
        traceback.print_exc()
        sys.stderr.flush()
    finally:
        os._exit(code)


def start_centre(stage: Stage, port: int, said: Path, log: Path | None = None, death: Place | None = None) -> Child:
    """The centre, listening; or dead, when its death came before that."""
    child = fork(partial(server.run, stage.centre, port), said, log, death)
    until_listening(port, child)
    return child


def until_listening(port: int, child: Child) -> None:
    """Wait until the child listens, or is dead."""
    ends = time.monotonic() + 30
    while not child.ended() and not _listens(port):
        assert time.monotonic() < ends, "nobody listens"
        nap()


def nap() -> None:
    """A moment of real time."""
    time.sleep(0.005)


def _listens(port: int) -> bool:
    with socket.socket() as trial:
        trial.settimeout(1)
        return trial.connect_ex(("127.0.0.1", port)) == 0
