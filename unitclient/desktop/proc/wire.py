"""What window and child process say to one another: JSON lines, one message a line.

Down: the order `{"function", "arguments", "language"}`, later perhaps `{"cancel": true}`; the end of the pipe counts
as cancel. Up: any number of `{"progress": [done, total]}` and `{"text": [key, params]}`, then one last line:
`{"answer": ...}`, `{"refused": [code, mendable, params]}`, `{"cancelled": true}` or `{"fault": [kind, frames]}`.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

FROZEN_ARGUMENT = "--worker"
"""In the installed program the child is the program itself with this argument; its entry point calls worker.main."""
LAST = ("answer", "refused", "cancelled", "fault")
"""The messages after which nothing more comes."""


def command() -> list[str]:
    """How the child is started: from the installed program, or from Python."""
    if getattr(sys, "frozen", False):
        return [sys.executable, FROZEN_ARGUMENT]
    return [sys.executable, "-P", "-m", "unitclient.desktop.proc.worker"]


def environment() -> dict[str, str]:
    """The child finds the package whatever folder the program was started in."""
    return {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[3]), "PYTHONIOENCODING": "utf-8"}


def put(pipe: IO[bytes], message: Mapping[str, Any]) -> None:
    """Write one message; OSError when nobody reads any more."""
    pipe.write(json.dumps(message, ensure_ascii=False).encode() + b"\n")
    pipe.flush()


def take(line: bytes) -> dict[str, Any] | None:
    """The message of a line, or None for the end of the pipe and for a line that was broken off."""
    if not line.endswith(b"\n"):
        return None
    told: dict[str, Any] = json.loads(line)
    return told
