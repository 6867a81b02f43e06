"""Jobs for the child process in these tests."""

from __future__ import annotations

import os
import time
from pathlib import Path

from unitclient.desktop.tasks import JobContext
from unitclient.errors import UserError
from unitclient.texts import language


def add(context: JobContext, one: int, two: int) -> dict[str, object]:
    """Some signs of life, and an answer."""
    print("noise that must not reach the pipe")
    context.text("cli-cancelled", count=3)
    context.progress(1, 2)
    context.progress(2, 2)
    return {"sum": one + two, "language": language(), "pid": os.getpid()}


def refuse(_context: JobContext) -> None:
    """A refusal with a parameter."""
    raise UserError("unit-unknown", unit="七号")


def fail(_context: JobContext, secret: str) -> None:
    """A fault whose message holds what somebody typed."""
    raise ValueError(secret)


def die(_context: JobContext) -> None:
    """A crash."""
    os._exit(9)


def wait(context: JobContext, left: str) -> None:
    """Work until cancelled, and tidy up then."""
    try:
        while True:
            context.progress(0, 0)
            time.sleep(0.01)
    finally:
        Path(left).write_text("rolled back", "utf-8")


def deaf(_context: JobContext, started: str) -> None:
    """Work that never looks up."""
    Path(started).write_text(str(os.getpid()), "utf-8")
    time.sleep(120)
