"""The child's side: `python -m unitclient.desktop.proc.worker` does one job and ends.

The job is a function of this program named by the order. It is told of a cancel by its context (`progress` raises
Cancelled), so that an open transaction is rolled back; a child that does not listen is killed by its parent.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import sys
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

from unitclient.desktop.proc import wire
from unitclient.errors import Cancelled, UserError
from unitclient.texts import use_language

_PACKAGE = Path(__file__).resolve().parents[2]
_PER_SECOND = 10
"""How often progress is told at most: a window shows no more, and each message wakes it up."""
_GRACE_S = 5.0
"""How long a cancelled job may go on before the child ends without it."""


class ChildContext:
    """The JobContext in the child: messages up the pipe, and cancel from it."""

    def __init__(self, up: IO[bytes]) -> None:
        self._up = up
        self._lock = threading.Lock()
        self._cancelled = threading.Event()
        self._told_at = 0.0

    def progress(self, done: int, total: int) -> None:
        """See JobContext."""
        if self._cancelled.is_set():
            raise Cancelled
        now = time.monotonic()
        if now - self._told_at >= 1 / _PER_SECOND or done == total:
            self._told_at = now
            self.send({"progress": [done, total]})

    def text(self, key: str, **params: object) -> None:
        """See JobContext."""
        self.send({"text": [key, {name: str(value) for name, value in params.items()}]})

    def cancelled(self) -> bool:
        """See JobContext."""
        return self._cancelled.is_set()

    def cancel(self) -> None:
        """Have the job stop at its next sign of life."""
        self._cancelled.set()

    def send(self, message: dict[str, Any]) -> None:
        """One message to the parent; a parent that is gone cancels the job."""
        with self._lock:
            try:
                wire.put(self._up, message)
            except OSError:
                self._cancelled.set()


def main() -> int:
    """Do the job that stands on standard input; always 0, the outcome is the last message."""
    down, up = _pipes()
    order = wire.take(down.readline())
    if order is None:
        return 0
    context = ChildContext(up)
    threading.Thread(target=_listen, args=(down, context), name="worker-cancel", daemon=True).start()
    use_language(order["language"])
    context.send(_outcome(order, context))
    return 0


def _outcome(order: dict[str, Any], context: ChildContext) -> dict[str, Any]:
    try:
        return {"answer": _function(order["function"])(context, **order["arguments"])}
    except Cancelled:
        return {"cancelled": True}
    except UserError as refusal:
        return {"refused": [refusal.code, refusal.mendable, refusal.params]}
    except Exception as fault:  # the last catch: the parent makes an error report of it
        return {"fault": [type(fault).__name__, _frames(fault)]}


def _frames(fault: BaseException) -> str:
    """Where it happened, a line a frame: no message (it may hold what somebody typed), no path of this computer."""
    lines = []
    for frame in traceback.extract_tb(fault.__traceback__):
        path = Path(frame.filename)
        name = path.relative_to(_PACKAGE.parent) if path.is_relative_to(_PACKAGE) else Path(path.name)
        lines.append(f"  {name.as_posix()}:{frame.lineno} {frame.name}")
    return "\n".join(lines)


def _function(name: str) -> Callable[..., Any]:
    module, _, function = name.partition(":")
    found: Callable[..., Any] = getattr(importlib.import_module(module), function)
    return found


def _pipes() -> tuple[IO[bytes], IO[bytes]]:
    """The two ends of the wire; whatever else prints goes nowhere."""
    up = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, sys.stdout.fileno())
    os.close(null)
    return sys.stdin.buffer, up


def _listen(down: IO[bytes], context: ChildContext) -> None:
    """Wait for cancel, or for the parent's end, which is the same. Ends the child when the job does not listen."""
    with contextlib.suppress(OSError, ValueError):
        down.readline()
    context.cancel()
    time.sleep(_GRACE_S)
    os._exit(1)


if __name__ == "__main__":
    sys.exit(main())
