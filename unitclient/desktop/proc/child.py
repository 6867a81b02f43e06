"""The parent's side: `run_child` starts a child for one job, passes its signs of life on, and gives its answer."""

from __future__ import annotations

import contextlib
import subprocess
import threading
from typing import TYPE_CHECKING, Any

from unitclient.desktop.proc import wire
from unitclient.errors import Cancelled, UserError
from unitclient.texts import language

if TYPE_CHECKING:
    from unitclient.desktop.tasks import JobContext, ProcJob

_TICK_S = 0.05
_GRACE_S = 2.0
"""How long a cancelled child may take to roll back and leave before it is killed."""


class ChildFaultError(RuntimeError):
    """A fault of the program in the child: kind of the exception and its frames, without any value."""

    def __init__(self, kind: str, frames: str) -> None:
        super().__init__(kind)
        self.kind = kind
        self.frames = frames


def run_child(job: ProcJob, context: JobContext) -> Any:
    """Do `job` in a child process and give its answer. Blocks: call it on a lane's thread.

    Raises what the job refused with (UserError), Cancelled when `context` was cancelled (the child is told first, and
    killed when it does not leave), UserError d-child-died when it ended by itself, ChildFaultError for its faults.
    """
    with _started() as child:
        ended = threading.Event()
        watch = threading.Thread(target=_watch, args=(child, context, ended), name="worker-watch", daemon=True)
        watch.start()
        try:
            last = _talk(child, job, context)
        finally:
            ended.set()
            watch.join()
            _end(child)
    return _answer(last, context, child.returncode)


def _started() -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - our own program
        wire.command(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=wire.environment(),
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )


def _talk(child: subprocess.Popen[bytes], job: ProcJob, context: JobContext) -> dict[str, Any] | None:
    """The child's last message, or None when it ended without one."""
    assert child.stdin is not None
    assert child.stdout is not None
    with contextlib.suppress(OSError):
        order = {"function": job.function, "arguments": dict(job.arguments), "language": language()}
        wire.put(child.stdin, order)
    while (message := wire.take(child.stdout.readline())) is not None:
        if any(kind in message for kind in wire.LAST):
            return message
        _pass_on(message, context)
    return None


def _pass_on(message: dict[str, Any], context: JobContext) -> None:
    if "progress" in message:
        # Cancel is the watcher's to notice: it lets the child roll back.
        with contextlib.suppress(Cancelled):
            context.progress(*message["progress"])
    elif "text" in message:
        key, params = message["text"]
        context.text(key, **params)


def _watch(child: subprocess.Popen[bytes], context: JobContext, ended: threading.Event) -> None:
    """Tell the child of a cancel; kill it when it stays."""
    while not ended.wait(_TICK_S):
        if context.cancelled():
            assert child.stdin is not None
            with contextlib.suppress(OSError, ValueError):
                wire.put(child.stdin, {"cancel": True})
            if not ended.wait(_GRACE_S):
                child.kill()
            return


def _end(child: subprocess.Popen[bytes]) -> None:
    assert child.stdin is not None
    with contextlib.suppress(OSError):
        child.stdin.close()
    try:
        child.wait(_GRACE_S)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def _answer(last: dict[str, Any] | None, context: JobContext, returncode: int) -> Any:
    if last is not None and "answer" in last:
        return last["answer"]
    if context.cancelled() or (last is not None and "cancelled" in last):
        raise Cancelled
    if last is None:
        raise UserError("d-child-died", mendable=False, code=returncode)
    if "refused" in last:
        code, mendable, params = last["refused"]
        raise UserError(code, mendable, **params)
    raise ChildFaultError(*last["fault"])
