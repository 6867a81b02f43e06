"""The embedded central service as a process of its own: start it, find it again, stop it.

It runs apart from the client, as a real centre would: the client only ever talks to it over HTTP. Its home is
`practice/` under the client's home; it writes `centre.json` there once it listens.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import requests

from unitclient.errors import UserError
from unitclient.sync.protocol import SignedDocument

START_LIMIT_S = 60.0
STOP_LIMIT_S = 15.0


@dataclass(frozen=True, slots=True)
class CentreProcess:
    """A running practice centre."""

    url: str
    pid: int
    service: str

    def to_json(self) -> dict[str, object]:
        """For machines."""
        return {"url": self.url, "pid": self.pid, "service": self.service}


def practice_home(home: Path) -> Path:
    """Folder of the practice centre: its database, its keys, the practice unit's token."""
    return home / "practice"


def pin_file(home: Path) -> Path:
    """Where the practice token's PIN lies. It guards nothing but a rehearsal; a real unit's PIN is never stored."""
    return practice_home(home) / "practice-pin.txt"


def running(home: Path) -> CentreProcess | None:
    """The practice centre of this home, when it answers."""
    try:
        told = json.loads((practice_home(home) / "centre.json").read_text("utf-8"))
        found = CentreProcess(str(told["url"]), int(told["pid"]), str(told["service"]))
    except (OSError, ValueError, KeyError):
        return None
    return found if _answers(found) else None


def start(home: Path, port: int = 0) -> CentreProcess:
    """Start it, or return the one that runs already. UserError practice-not-started when it does not come up."""
    present = running(home)
    if present is not None:
        return present
    folder = practice_home(home)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    (folder / "centre.json").unlink(missing_ok=True)
    with (folder / "centre.log").open("ab") as log:
        child = subprocess.Popen(  # noqa: S603 - our own program with our own arguments
            _command(home, port), stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
        )
    limit = time.monotonic() + START_LIMIT_S
    while time.monotonic() < limit and child.poll() is None:
        found = running(home)
        if found is not None:
            # The child outlives this process on purpose; forget it so that nobody waits for it.
            child.returncode = 0
            return found
        time.sleep(0.05)
    if child.poll() is None:
        child.kill()
        child.wait()
    raise UserError("practice-not-started", mendable=False, log=folder / "centre.log", port=port)


def stop(home: Path) -> bool:
    """Stop it; False when it did not run."""
    present = running(home)
    if present is None:
        return False
    os.kill(present.pid, signal.SIGTERM)
    limit = time.monotonic() + STOP_LIMIT_S
    while time.monotonic() < limit:
        if running(home) is None:
            return True
        time.sleep(0.05)
    raise UserError("practice-not-stopped", mendable=False, pid=present.pid)


def _command(home: Path, port: int) -> list[str]:
    program = [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", "unitclient"]
    return [*program, "--home", str(home), "central", "serve", "--port", str(port)]


def _answers(found: CentreProcess) -> bool:
    try:
        with requests.Session() as session:
            session.trust_env = False
            answer = session.get(f"{found.url}/v1/service", timeout=2)
            told = SignedDocument.from_wire(answer.json()).content()
    except (requests.RequestException, ValueError, KeyError, TypeError):
        return False
    # Another home's centre may have the port that ours had before the computer was switched off.
    return bool(answer.ok and told.get("service") == found.service)
