"""The program and the centre as processes of their own, so that they can be killed without warning."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.e2e.office import TODAY, faults
from unitclient.central.database import CentreDatabase, set_meta
from unitclient.central.server import STATUS_FILE

START_S = 60.0
Json = dict[str, Any]


def start_cli(home: Path, *arguments: str, env: Mapping[str, str] | None = None) -> subprocess.Popen[bytes]:
    """`unitclient --home HOME --json ...`, running."""
    command = [sys.executable, "-m", "unitclient", "--home", str(home), "--json", *arguments]
    pipe = subprocess.PIPE
    return subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=pipe, stderr=pipe, env={**os.environ, **(env or {})}
    )


def run_cli(home: Path, *arguments: str, env: Mapping[str, str] | None = None) -> tuple[int, Json]:
    """(exit code, JSON object) of a command that runs to its end."""
    with start_cli(home, *arguments, env=env) as child:
        out, complaints = child.communicate(timeout=START_S)
    assert out, complaints.decode()
    told: Json = json.loads(out)
    return child.returncode, told


def kill(child: subprocess.Popen[bytes]) -> None:
    """End it as a power failure would: nothing is cleaned up."""
    child.kill()
    child.communicate()


def until(holds: Callable[[], bool], what: str, limit_s: float = START_S) -> None:
    """Wait for something."""
    ends = time.monotonic() + limit_s
    while not holds():
        assert time.monotonic() < ends, f"{what}: waited in vain"
        time.sleep(0.02)


class CentreProcess:
    """A practice centre in a process of its own; after a kill it starts again on the same home and port."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.port = 0
        self.url = ""
        self._child: subprocess.Popen[bytes] | None = None
        database = CentreDatabase(home)
        with database.write() as tx:
            set_meta(tx, "clock_offset_ms", str(round((TODAY - datetime.now(UTC)).total_seconds() * 1000)))
        database.close()

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        return self._child is not None and self._child.poll() is None

    def start(self) -> None:
        """Start it and wait until it listens."""
        command = [sys.executable, "-m", "unitclient.central", "--home", str(self.home), "--port", str(self.port)]
        child = self._child = subprocess.Popen(command)
        told: Json = {}

        def listens() -> bool:
            status = self.home / STATUS_FILE
            told.update(json.loads(status.read_text()) if status.exists() else {})
            assert child.poll() is None
            return told.get("pid") == child.pid

        until(listens, "the centre")
        self.url, self.port = told["url"], told["port"]

    def kill(self) -> None:
        """End it without warning."""
        assert self._child is not None
        self._child.kill()
        self._child.wait()

    def faults(self, **plan: Any) -> None:
        """What goes wrong next."""
        faults(self.url, **plan)


@contextmanager
def centre_process(home: Path) -> Iterator[CentreProcess]:
    """A centre process for the length of a block."""
    process = CentreProcess(home)
    process.start()
    try:
        yield process
    finally:
        if process.alive:
            process.kill()
